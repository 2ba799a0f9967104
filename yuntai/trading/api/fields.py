"""Types of what the interface takes: each refusal is Chinese and names the field and its limit."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from yuntai.trading.tenders.text_rules import LEAST_YEAR, MOST_YEAR, problem_of_line, problem_of_text


@dataclass(frozen=True)
class OneLine:
    """One line of text.  name: the field's, in Chinese.  longest, least: characters."""

    name: str
    longest: int
    least: int = 1

    def problem(self, text: str) -> str:
        """Return what is wrong with `text`, "" when it will do."""
        return problem_of_line(self.name, text, self.longest, least=self.least)

    def check(self, value: Any) -> str:
        """Return `value` when it will do."""
        problem = self.problem(value) if isinstance(value, str) else f"{self.name}须为文本。"
        if problem:
            raise PydanticCustomError("text", problem)
        return str(value)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "minLength": self.least, "maxLength": self.longest}


@dataclass(frozen=True)
class SeveralLines(OneLine):
    """A text that may have line ends."""

    def problem(self, text: str) -> str:
        """Return what is wrong with `text`, "" when it will do."""
        return problem_of_text(self.name, text, self.longest, least=self.least)


@dataclass(frozen=True)
class Matching:
    """A code.  pattern: the whole text matches it.  limit: the pattern in Chinese."""

    name: str
    pattern: str
    limit: str

    def check(self, value: Any) -> str:
        """Return `value` when it matches."""
        if isinstance(value, str) and re.fullmatch(self.pattern, value, re.ASCII):
            return value
        raise PydanticCustomError("code", f"{self.name}须为{self.limit}。请核对后重新提交。")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": f"^{self.pattern}$"}


def _near(instant: datetime) -> datetime:
    if LEAST_YEAR <= instant.year <= MOST_YEAR:
        return instant
    raise PydanticCustomError("year", f"年份须在 {LEAST_YEAR} 至 {MOST_YEAR} 之间。请核对后重新提交。")


def _text(value: Any) -> Any:
    # A number would be read as seconds since 1970, which no document of ours says.
    if not isinstance(value, str | datetime):
        raise PydanticCustomError("instant", "须为文本，如 2026-03-23T09:30:00+08:00。请核对后重新提交。")
    return value


NearInstant = Annotated[AwareDatetime, BeforeValidator(_text), AfterValidator(_near)]
"""An aware instant of a year in which dates can be worked out; text in JSON."""
