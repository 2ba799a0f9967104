"""The rule "mean-baseline" (方法一 A×K): the nearer a price is to K times the mean of all prices, the better.

Leaves out drawing K: it stands in the tender documents.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import ClassVar, Self

from yuntai.evaluation.results import EvaluationError, Result, ScoreLine
from yuntai.law.rounding import half_up

PLACES = 2


@dataclass(frozen=True, kw_only=True)
class MeanBaseline:
    """Version 1.

    A bid above the ceiling is rejected and takes no part.  A = mean of the remaining prices, without one
    lowest and one highest when there are at least `trim_from`.  Baseline = A×k.  Score = full_score less
    `deduction_above` points for each percent above the baseline, or `deduction_below` for each percent
    below, in proportion, not under 0.  All of it exact; baseline, deviation and score are then rounded half
    up to two decimals, and only these published figures rank: score, then lower price, then bidder code.

    Worked by hand: prices 90, 100, 110 yuan, k 0.98, above 1, below 0.5, trim_from 5.
    A = 100, baseline 98.  90: -8/98 = -8.1633 %, 100 - 0.5×8.1633 = 95.92.  100: 2/98 = 2.0408 %, 97.96.
    110: 12/98 = 12.2449 %, 87.76.  Ranks: 100, 90, 110.

    k: factor, e.g. 0.98.  deduction_above, deduction_below: points per percent.
    full_score: points at the baseline.  trim_from: 3 or more.
    """

    name: ClassVar[str] = "mean-baseline"
    version: ClassVar[str] = "1"

    k: Decimal
    deduction_above: Decimal
    deduction_below: Decimal
    full_score: Decimal = Decimal(100)
    trim_from: int = 5

    def __post_init__(self) -> None:
        if not self.k > 0 or not self.full_score > 0:
            raise EvaluationError(f"系数 K 与满分须大于 0：K={self.k}，满分={self.full_score}。")
        if self.deduction_above < 0 or self.deduction_below < 0:
            raise EvaluationError("每偏离 1% 的扣分不得小于 0。")
        if self.trim_from < 3:
            raise EvaluationError("少于 3 家时去掉最高价和最低价后没有报价可平均，trim_from 至少为 3。")

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, str]) -> Self:
        """Rebuild the rule from what `parameters` gave.

        :raises EvaluationError: a parameter is missing, unknown or no number.
        """
        try:
            return cls(
                k=Decimal(parameters["k"]),
                deduction_above=Decimal(parameters["deduction_above"]),
                deduction_below=Decimal(parameters["deduction_below"]),
                full_score=Decimal(parameters["full_score"]),
                trim_from=int(parameters["trim_from"]),
            )
        except (KeyError, ValueError, InvalidOperation) as error:
            raise EvaluationError(
                f"评标办法 mean-baseline 1 的参数不完整或有误：{dict(parameters)}。"
            ) from error

    def parameters(self) -> dict[str, str]:
        """Return the parameters as text, for the notice and for anyone who works the result out again."""
        return {
            "k": f"{self.k:f}",
            "deduction_above": f"{self.deduction_above:f}",
            "deduction_below": f"{self.deduction_below:f}",
            "full_score": f"{self.full_score:f}",
            "trim_from": str(self.trim_from),
        }

    def explanation(self) -> str:
        """Say the rule in Chinese, as the tender documents do."""
        return (
            f"评标基准价＝A×K，K＝{self.k:f}。A 为未超过最高投标限价的各投标报价的算术平均值；"
            f"有效报价不少于 {self.trim_from} 家时，去掉一个最高价和一个最低价后再平均。"
            f"报价等于基准价得满分 {self.full_score:f} 分；每高于基准价 1% 扣 {self.deduction_above:f} 分，"
            f"每低于 1% 扣 {self.deduction_below:f} 分，按比例内插，扣完为止。"
            "基准价、偏差率和得分均由精确值一次四舍五入保留两位小数；按得分从高到低排序，"
            "得分相同的报价低者在前，报价也相同的按投标人统一社会信用代码从小到大排列。"
        )

    def score(self, prices: Mapping[str, Decimal], ceiling: Decimal | None) -> Result:
        """Evaluate one lot.

        prices: yuan by bidder code, every bid that was opened.  ceiling: a price equal to it is not rejected.

        :raises EvaluationError: a price is not above 0.
        """
        if any(price <= 0 for price in prices.values()):
            raise EvaluationError("投标报价须大于 0，请先核对开标记录。")
        rejected = {code: price for code, price in prices.items() if ceiling is not None and price > ceiling}
        valid = {code: price for code, price in prices.items() if code not in rejected}
        refused = tuple(_rejected_line(code, rejected[code], ceiling) for code in sorted(rejected))
        if not valid:
            return Result(None, (), refused)
        counted, left_out = self._trimmed(sorted(valid.values()))
        baseline = sum(map(Fraction, counted), Fraction()) / len(counted) * Fraction(self.k)
        scored = [self._line(code, price, baseline) for code, price in valid.items()]
        return Result(half_up(baseline, PLACES), left_out, _ranked(scored) + refused)

    def _trimmed(self, ascending: list[Decimal]) -> tuple[list[Decimal], tuple[Decimal, ...]]:
        if len(ascending) < self.trim_from:
            return ascending, ()
        return ascending[1:-1], (ascending[0], ascending[-1])

    def _line(self, bidder: str, price: Decimal, baseline: Fraction) -> ScoreLine:
        percent = (Fraction(price) - baseline) / baseline * 100
        rate = self.deduction_above if percent > 0 else self.deduction_below
        points = max(Fraction(self.full_score) - Fraction(rate) * abs(percent), Fraction())
        return ScoreLine(bidder, price, half_up(percent, PLACES), half_up(points, PLACES), None)


def _ranked(lines: list[ScoreLine]) -> tuple[ScoreLine, ...]:
    ordered = sorted(lines, key=lambda line: (-(line.score or 0), line.price, line.bidder))
    return tuple(
        ScoreLine(line.bidder, line.price, line.deviation_percent, line.score, rank)
        for rank, line in enumerate(ordered, start=1)
    )


def _rejected_line(bidder: str, price: Decimal, ceiling: Decimal | None) -> ScoreLine:
    reason = f"投标报价 {price:.2f} 元高于最高投标限价 {ceiling:.2f} 元，予以否决。"
    return ScoreLine(bidder, price, None, None, None, reason, "tendering-rules/51")
