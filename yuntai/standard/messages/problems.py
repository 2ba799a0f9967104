"""Says in Chinese what is wrong with a received body: field, rule, value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

VALUE_SHOWN_CHARACTERS = 60

_RULES = {
    "missing": "缺少必填项",
    "extra_forbidden": "标准中没有此项",
    "string_type": "须为文本",
    "string_pattern_mismatch": "须符合格式 {pattern}",
    "string_too_short": "不得少于 {min_length} 个字符",
    "string_too_long": "不得超过 {max_length} 个字符",
    "bool_type": "须为 true 或 false",
    "int_type": "须为整数",
    "greater_than": "须大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "literal_error": "只能取 {expected}",
    "tuple_type": "须为列表",
    "dict_type": "须为对象",
    "model_type": "须为对象",
    "too_short": "至少须有 {min_length} 项",
    "too_long": "至多可有 {max_length} 项",
    "timezone_aware": "时刻须带时区",
    "model_attributes_type": "须为对象",
    "list_type": "须为列表",
    "bool_parsing": "须为 true 或 false",
    "int_parsing": "须为整数",
    "int_from_float": "须为整数",
    "less_than": "须小于 {lt}",
    "datetime_type": "须为时刻，如 2026-03-02T01:00:00Z",
    "datetime_parsing": "须为时刻，如 2026-03-02T01:00:00Z",
    "datetime_from_date_parsing": "须为时刻，如 2026-03-02T01:00:00Z",
    "decimal_type": "须为数额",
    "decimal_parsing": "须为数额",
    "decimal_max_digits": "至多 {max_digits} 位数字",
    "decimal_max_places": "至多 {decimal_places} 位小数",
    "decimal_whole_digits": "小数点前至多 {whole_digits} 位",
    "finite_number": "须为有限的数",
}


@dataclass(frozen=True)
class Problem:
    """field: path in the body, "bids.0.price_yuan"; "" for the whole.  value: what stood there, shortened."""

    field: str
    rule: str
    value: str

    def __str__(self) -> str:
        where = f"{self.field} " if self.field else ""
        return f"{where}{self.rule}" + (f"（收到 {self.value}）" if self.value else "")


class ManyProblems(ValueError):
    """Raised by a validator of ours that found several problems and words them itself."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("；".join(map(str, problems)))


def problems_of(error: ValidationError) -> tuple[Problem, ...]:
    """Turn pydantic's errors into problems, in the order of the fields."""
    return problems_in(cast("Any", error.errors(include_url=False)))


def problems_in(details: Iterable[Mapping[str, Any]]) -> tuple[Problem, ...]:
    """Turn details of the form of `ValidationError.errors()` into problems; `input` may be left out."""
    return tuple(problem for detail in details for problem in _problems(detail))


def _problems(detail: Mapping[str, Any]) -> tuple[Problem, ...]:
    context = detail.get("ctx", {})
    if isinstance(told := context.get("error"), ManyProblems):
        return told.problems
    return (
        Problem(
            field=".".join(str(step) for step in detail["loc"]),
            rule=_rule(detail["type"], detail["msg"], context),
            value="" if detail["type"] == "missing" or "input" not in detail else _shown(detail["input"]),
        ),
    )


def _shown(value: object) -> str:
    return repr(value)[:VALUE_SHOWN_CHARACTERS]


def _rule(kind: str, message: str, context: Mapping[str, Any]) -> str:
    if kind == "value_error":  # raised by a validator of ours, whose sentence is Chinese already
        return str(context["error"]).rstrip("。")
    if kind in _RULES:
        return _RULES[kind].format_map(context)
    # An error type of our own brings its sentence, in Chinese; pydantic's other ones are English.
    return message.rstrip("。") if not message.isascii() else f"不符合规定（{kind}）"
