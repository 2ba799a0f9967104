"""The rules between fields (rules.toml), compiled a set at a time."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from yuntai.standard.datasets.errors import Finding

Findings = Iterator[tuple[str, Finding]]
"""Each field at fault, with what was found."""


@dataclass(frozen=True)
class RuleCheck:
    """A compiled rule.  fields: all it names.  check: takes the fields of a record."""

    fields: tuple[str, ...]
    check: Callable[[Mapping[str, object]], Findings]


class When(BaseModel):
    """The condition of a rule: the field has this value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    value: str = Field(alias="is")


class Rule(BaseModel):
    """A rule between fields of one record; rules.toml explains its three forms."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    sets: tuple[int, ...]
    sentence: str
    source: str
    when: When | None = None
    then: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Return every field the rule names."""
        asked = (self.when.field,) if self.when else ()
        return (*asked, *self.then, *self.otherwise, *self.any, *self.order)


class StateRule(BaseModel):
    """A rule that only the holder of the earlier records can check."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    sentence: str
    source: str


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(Rule(**row) for row in _table()["rule"])


@cache
def state_rules() -> tuple[StateRule, ...]:
    return tuple(StateRule(**row) for row in _table()["state_rule"])


def rules_of(no: int) -> tuple[Rule, ...]:
    """Return the rules between fields of a data set."""
    return tuple(rule for rule in rules() if no in rule.sets)


def rule_checks(no: int) -> tuple[RuleCheck, ...]:
    """Compile the rules of a data set."""
    return tuple(RuleCheck(rule.fields, _compiled(rule)) for rule in rules_of(no))


def _compiled(rule: Rule) -> Callable[[Mapping[str, object]], Findings]:
    broken = Finding("rule-broken", rule.sentence)
    if rule.when:
        return _conditional(rule, rule.when, broken)
    return _one_of(rule.any, broken) if rule.any else _ordered(rule.order, broken)


def _conditional(rule: Rule, when: When, broken: Finding) -> Callable[[Mapping[str, object]], Findings]:
    def check(fields: Mapping[str, object]) -> Findings:
        if when.field not in fields:
            return
        needed = rule.then if fields[when.field] == when.value else rule.otherwise
        for name in needed:
            if name not in fields:
                yield name, broken

    return check


def _one_of(names: tuple[str, ...], broken: Finding) -> Callable[[Mapping[str, object]], Findings]:
    def check(fields: Mapping[str, object]) -> Findings:
        if not any(name in fields for name in names):
            yield names[0], broken

    return check


def _ordered(order: tuple[str, ...], broken: Finding) -> Callable[[Mapping[str, object]], Findings]:
    earlier, later = order

    def check(fields: Mapping[str, object]) -> Findings:
        first, last = fields.get(earlier), fields.get(later)
        # Dates are digits of one length, so text compares like time.
        if isinstance(first, str) and isinstance(last, str) and first > last:
            yield later, broken

    return check


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "rules.toml").read_text(encoding="utf-8"))
