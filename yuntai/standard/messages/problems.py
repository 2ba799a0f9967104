"""Says in Chinese what is wrong with a received body: field, rule, value."""

from collections.abc import Mapping
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
    "bool_parsing": "须为 true 或 false",
    "int_type": "须为整数",
    "int_parsing": "须为整数",
    "int_from_float": "须为整数",
    "float_type": "须为数字",
    "float_parsing": "须为数字",
    "bytes_type": "须为文本",
    "string_unicode": "须为 UTF-8 文本",
    "date_type": "须为日期，如 2026-03-23",
    "date_parsing": "须为日期，如 2026-03-23",
    "date_from_datetime_parsing": "须为日期，如 2026-03-23",
    "datetime_type": "须为时刻，如 2026-03-23T09:30:00+08:00",
    "datetime_parsing": "须为时刻，如 2026-03-23T09:30:00+08:00",
    "datetime_from_date_parsing": "须为时刻，如 2026-03-23T09:30:00+08:00",
    "datetime_object_invalid": "须为时刻，如 2026-03-23T09:30:00+08:00",
    "less_than": "须小于 {lt}",
    "list_type": "须为列表",
    "enum": "只能取 {expected}",
    "none_required": "须为 null",
    "json_invalid": "须为 JSON",
    "model_attributes_type": "须为对象",
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
    "list_type": "须为列表",
    "bytes_type": "须为文本",
    "datetime_type": "须为时刻",
    "datetime_from_date_parsing": "须为带时区的时刻",
    "datetime_parsing": "须为带时区的时刻",
    "bool_parsing": "须为 true 或 false",
    "int_parsing": "须为整数",
    "model_attributes_type": "须为对象",
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
    return tuple(
        problem for detail in error.errors(include_url=False) for problem in _problems(cast("Any", detail))
    )


def _problems(detail: dict[str, Any]) -> tuple[Problem, ...]:
    context = detail.get("ctx", {})
    if isinstance(told := context.get("error"), ManyProblems):
        return told.problems
    return (
        Problem(
            field=".".join(str(step) for step in detail["loc"]),
            rule=rule_in_words(detail["type"], detail["msg"], context),
            value="" if detail["type"] == "missing" else repr(detail["input"])[:VALUE_SHOWN_CHARACTERS],
        ),
    )


def rule_in_words(kind: str, message: str, context: Mapping[str, Any]) -> str:
    """Return in Chinese, without a full stop, the rule that a value broke.

    kind, message, context: as pydantic gives them; a validator of ours has worded its message itself.
    """
    if kind == "value_error":
        return message.removeprefix("Value error, ").rstrip("。")
    if kind in _RULES:
        return _RULES[kind].format_map(context)
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in message)
    return message.rstrip("。") if is_chinese else f"不符合接口标准（{kind}）"
