"""The certified share of the trading systems, by class, beside the plan's line of 80 %.  Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TARGET_PERCENT = 80
"""The city's plan 三（一）5: construction tendering and government procurement together."""
COUNTED = ("construction", "procurement")


@dataclass(frozen=True)
class Share:
    """certified, total: systems of the class.  industry: "" for those that the plan counts together."""

    industry: str
    certified: int
    total: int

    @property
    def percent(self) -> Decimal | None:
        """With one decimal, half up; None when there is no system."""
        if not self.total:
            return None
        exact = Decimal(100 * self.certified) / self.total
        return exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    @property
    def length(self) -> str:
        """Of the bar, 0-100."""
        return f"{self.percent or 0}"

    @property
    def reaches_target(self) -> bool:
        """Whether the exact share, unrounded, is on the line or above."""
        return bool(self.total) and 100 * self.certified >= TARGET_PERCENT * self.total


def shares(systems: Mapping[str, str], certified: Iterable[str]) -> list[Share]:
    """Return the share that the plan counts, then each class by name.

    systems: industry of each connected trading system, by code.  certified: codes.
    """
    good = set(certified)
    by_class: dict[str, list[bool]] = {industry: [] for industry in COUNTED}
    for code, industry in systems.items():
        by_class.setdefault(industry, []).append(code in good)
    counted = [each for industry in COUNTED for each in by_class[industry]]
    classes = [Share(industry, sum(found), len(found)) for industry, found in by_class.items()]
    return [Share("", sum(counted), len(counted)), *classes]
