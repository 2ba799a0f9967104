"""The JSON Schema (2020-12) of each data set, for publication.

It says all that a schema can say; check characters, dates that exist and control characters are the
validator's business alone, and each description says so where it matters.
"""

import re
from typing import Any

from yuntai.standard.code_lists import REGIONS, code_list
from yuntai.standard.datasets.definitions import DataSet, Field, data_set
from yuntai.standard.datasets.rules import Rule, rules_of

BASE = "https://yuntai.example/standard/v1/datasets/"
"""Begins each schema's $id: a name, not an address anybody need reach."""

_FORMATS = {
    "unified": r"^[A-Z][0-9A-Z]{2}-[0-9A-Z]{18}-[0-9]{8}-[0-9]{6}-[0-9A-Z*]$",
    "credit": r"^[0-9A-HJ-NP-RTUW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}$",
    "invest": r"^[12][0-9]{3}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}$",
    "url": r"^https?://[^\s/][^\s]*$",
}


def json_schema(no: int) -> dict[str, Any]:
    """Return the schema of the fields of a record of set `no`.

    :raises UnknownDataSet: there is no such set.
    """
    known = data_set(no)
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE}{no}.json",
        "title": f"{no} {known.name} {known.chinese}",
        "type": "object",
        "properties": {field.name: _property(known, field) for field in known.fields},
        "required": [field.name for field in known.fields if field.required],
        "additionalProperties": False,
    }
    conditions = [condition for rule in rules_of(no) for condition in _conditions(rule)]
    return schema | ({"allOf": conditions} if conditions else {})


def _property(known: DataSet, field: Field) -> dict[str, Any]:
    note = "；多个值以半角分号隔开" if field.many else ""
    described = {
        "title": field.chinese,
        "description": f"{field.field_type.chinese}{note}；公开方式：{known.openness_of(field)}",
    }
    return {"type": "string", **described, **_typed(field), **({} if field.many else _meant(field))}


def _typed(field: Field) -> dict[str, Any]:
    form = field.field_type
    match form.kind:
        case "fixed" if field.many:
            each = f"[^;]{{{form.length}}}"
            return {"pattern": f"^{each}(;{each})*$"}
        case "fixed":
            return {"minLength": form.length, "maxLength": form.length, "pattern": r"\S"}
        case "number":
            return {"pattern": f"^{_number(field)}$"}
        case "instant" | "day":
            return {"pattern": f"^[0-9]{{{form.length}}}$"}
    return {"maxLength": form.length, "pattern": r"\S"}


def _number(field: Field) -> str:
    form = field.field_type
    whole = f"[0-9]{{1,{form.length}}}" if field.codes else f"(0|[1-9][0-9]{{0,{form.length - 1}}})"
    fraction = rf"(\.[0-9]{{1,{form.decimals}}})?" if form.decimals else ""
    return f"{'-?' if field.negative else ''}{whole}{fraction}"


def _meant(field: Field) -> dict[str, Any]:
    if field.codes == REGIONS:
        return {"pattern": "^[0-9]{6}$"}
    if field.codes and (known := code_list(field.codes)).closed:
        return {"enum": [code.code for code in known.codes]}
    return {"pattern": _FORMATS[field.format]} if field.format in _FORMATS else {}


def _conditions(rule: Rule) -> list[dict[str, Any]]:
    """Return a rule in schema words; the order of two times cannot be said in them."""
    if rule.any:
        return [{"$comment": rule.sentence, "anyOf": [{"required": [name]} for name in rule.any]}]
    if rule.when is None:
        return []
    asked = {"properties": {rule.when.field: {"const": rule.when.value}}, "required": [rule.when.field]}
    differs = {
        "properties": {rule.when.field: {"not": {"const": rule.when.value}}},
        "required": [rule.when.field],
    }
    pairs = ((asked, rule.then), (differs, rule.otherwise))
    return [
        {"$comment": rule.sentence, "if": condition, "then": {"required": list(names)}}
        for condition, names in pairs
        if names
    ]


def patterns(no: int) -> dict[str, re.Pattern[str]]:
    """Return the compiled pattern of each property that has one, to hold schema and validator together."""
    properties = json_schema(no)["properties"]
    return {name: re.compile(each["pattern"]) for name, each in properties.items() if "pattern" in each}
