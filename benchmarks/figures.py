"""A measured figure with its baseline: medians over runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """name: what was counted, Chinese.  runs, baseline_runs: rates in `unit`, one per run.

    cost_ms: processor time that the systems' own processes spent on one.
    conditions, limit: one Chinese line each: how it was measured, and what the disk allows.
    """

    name: str
    unit: str
    runs: Sequence[float]
    baseline_name: str
    baseline_runs: Sequence[float]
    cost_ms: float
    conditions: str
    limit: str

    @property
    def rate(self) -> float:
        return median(self.runs)

    @property
    def baseline(self) -> float:
        return median(self.baseline_runs)

    @property
    def ratio(self) -> float:
        """Return how many times the baseline is quicker."""
        return self.baseline / self.rate

    def lines(self) -> list[str]:
        """Return the figure as Chinese lines."""
        spread = _spread(self.baseline_runs)
        return [
            f"{self.name}：{self.rate:,.0f} {self.unit}（{_spread(self.runs)}）",
            f"  基线：{self.baseline:,.0f} {self.unit}（{spread}）：{self.baseline_name}",
            f"  基线为其 {self.ratio:.1f} 倍。{self.conditions}",
            f"  每件共用处理器 {self.cost_ms:.1f} 毫秒，与本机别的负载大体无关。{self.limit}",
        ]


def _spread(runs: Sequence[float]) -> str:
    return f"{len(runs)} 轮的中位数，最低 {min(runs):,.0f}，最高 {max(runs):,.0f}"
