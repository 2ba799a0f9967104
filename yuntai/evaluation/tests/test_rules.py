"""The registry of released rules."""

from decimal import Decimal

import pytest

from yuntai.evaluation.rules import RULES, EvaluationError, MeanBaseline, rule

RULE = MeanBaseline(k=Decimal("0.975"), deduction_above=Decimal("0.9"), deduction_below=Decimal("0.6"))


def test_rebuilds_a_rule_from_what_was_published() -> None:
    assert rule(RULE.name, RULE.version, RULE.parameters()) == RULE


@pytest.mark.parametrize("key", sorted(RULES))
def test_every_released_rule_is_registered_under_its_own_name(key: tuple[str, str]) -> None:
    assert (RULES[key].name, RULES[key].version) == key


def test_a_released_rule_stays_released() -> None:
    assert set(RULES) >= {("mean-baseline", "1")}


@pytest.mark.parametrize(("name", "version"), [("mean-baseline", "2"), ("mean", "1")])
def test_refuses_a_rule_never_released(name: str, version: str) -> None:
    with pytest.raises(EvaluationError, match="mean-baseline 1"):
        rule(name, version, RULE.parameters())


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        RULE.parameters() | {"k": "x"},
        RULE.parameters() | {"trim_from": "5.5"},
        RULE.parameters() | {"k": "NaN"},
    ],
    ids=str,
)
def test_refuses_parameters_that_do_not_fit(parameters: dict[str, str]) -> None:
    with pytest.raises(EvaluationError):
        rule(RULE.name, RULE.version, parameters)


def test_explains_itself_with_its_own_numbers() -> None:
    explanation = RULE.explanation()

    for number in RULE.parameters().values():
        assert number in explanation
