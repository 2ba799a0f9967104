"""Validates the fields of a record against its data set, compiled once a set.

A record is a mapping of wire names to text.  Rules that need the records already held are not here:
rules.toml lists them as state_rule.
"""

from collections.abc import Callable, Mapping
from functools import cache

from yuntai.standard.datasets.definitions import DataSet, Field, data_set
from yuntai.standard.datasets.errors import Fault, Finding, fault, shown
from yuntai.standard.datasets.rules import rule_checks
from yuntai.standard.datasets.value_checks import Check, value_check

HIDDEN = "内容不公开，不回显"
NAME_SHOWN_CHARACTERS = 100
MOST_FAULTS = 50
"""A record so broken is told the first fifty faults."""

Validator = Callable[[Mapping[str, object]], tuple[Fault, ...]]


def validate(no: int, fields: Mapping[str, object]) -> tuple[Fault, ...]:
    """Return what is wrong with a record of set `no`, in the order of its fields; () when nothing is.

    fields: wire name to text, the common fields among them.

    :raises UnknownDataSet: there is no such set.
    """
    return validator(no)(fields)


@cache
def validator(no: int) -> Validator:
    """Compile the check of a data set.

    :raises UnknownDataSet: there is no such set.
    """
    definition = data_set(no)
    checks = {field.name: value_check(field) for field in definition.fields}
    required = tuple(field.name for field in definition.fields if field.required)
    across = rule_checks(no)
    missing = Finding("missing")

    def check(fields: Mapping[str, object]) -> tuple[Fault, ...]:
        findings = [(name, missing) for name in required if name not in fields]
        for name, value in fields.items():
            finding = _finding(checks.get(name), value)
            if finding is not None:
                findings.append((name, finding))
        # A rule says nothing about fields that are wrong in themselves.
        at_fault = {name for name, _ in findings}
        findings += [
            found for rule in across if at_fault.isdisjoint(rule.fields) for found in rule.check(fields)
        ]
        return _worded(definition, fields, findings) if findings else ()

    return check


def _finding(check: Check | None, value: object) -> Finding | None:
    if check is None:
        return Finding("unknown-field")
    return check(value) if type(value) is str else Finding("not-text")


def _worded(
    definition: DataSet, fields: Mapping[str, object], findings: list[tuple[str, Finding]]
) -> tuple[Fault, ...]:
    places = {field.name: place for place, field in enumerate(definition.fields)}
    findings.sort(key=lambda each: places.get(each[0], len(places)))
    return tuple(
        fault(definition.no, name[:NAME_SHOWN_CHARACTERS], finding, _shown(definition, name, fields))
        for name, finding in findings[:MOST_FAULTS]
    )


def _shown(definition: DataSet, name: str, fields: Mapping[str, object]) -> str:
    if name not in fields:
        return ""
    field: Field | None = definition.field(name)
    if field is not None and definition.openness_of(field) == "不公开":
        return HIDDEN
    return shown(fields[name])
