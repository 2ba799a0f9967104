"""The released evaluation rules.  None is ever changed or removed: archives must verify for decades."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from yuntai.evaluation.mean_baseline import MeanBaseline
from yuntai.evaluation.results import EvaluationError, Result, ScoreLine

__all__ = ["RULES", "EvaluationError", "EvaluationRule", "MeanBaseline", "Result", "ScoreLine", "rule"]


class EvaluationRule(Protocol):
    """A way to rank prices.  name, version: together they mean one arithmetic, for ever."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def parameters(self) -> dict[str, str]:
        """Return what `rule` needs to rebuild it."""
        ...

    def explanation(self) -> str:
        """Say the rule in Chinese, as the tender documents do."""
        ...

    def score(self, prices: Mapping[str, Decimal], ceiling: Decimal | None) -> Result:
        """Evaluate one lot.  prices: yuan by bidder code.  ceiling: highest price not rejected."""
        ...


RULES = {(released.name, released.version): released for released in (MeanBaseline,)}


def rule(name: str, version: str, parameters: Mapping[str, str]) -> EvaluationRule:
    """Rebuild a released rule, as CandidatesPublished or a stored tender names it.

    :raises EvaluationError: no such rule was released, or the parameters do not fit it.
    """
    released = RULES.get((name, version))
    if released is None:
        known = "、".join(f"{known_name} {known_version}" for known_name, known_version in RULES)
        raise EvaluationError(f"没有名为 {name} {version} 的评标办法，已发布的有：{known}。")
    return released.from_parameters(parameters)
