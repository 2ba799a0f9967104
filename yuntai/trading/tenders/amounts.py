"""Which amounts the lots of a tender may have, drafted or corrected."""

from collections.abc import Sequence
from decimal import Decimal

from yuntai.standard.money import MOST_YUAN
from yuntai.trading.tenders import refusals
from yuntai.trading.tenders.drafting import LotDraft


def require_amounts(lots: Sequence[LotDraft]) -> None:
    """Check the amounts of all lots of a tender.

    :raises AmountNotPositive: a lot's estimate or ceiling is nothing.
    :raises AmountTooLarge: together the lots' estimates or ceilings are no amount of the standard.
    """
    for number, lot in enumerate(lots, start=1):
        if lot.estimated_yuan <= 0:
            raise refusals.AmountNotPositive(f"标段 {number} 的合同估算价须大于 0 元。请填写估算价。")
        if lot.ceiling_price_yuan is not None and lot.ceiling_price_yuan <= 0:
            raise refusals.AmountNotPositive(f"标段 {number} 的最高投标限价须大于 0 元；不设限价则不填。")
    _require_sum("合同估算价", [lot.estimated_yuan for lot in lots])
    _require_sum("最高投标限价", [lot.ceiling_price_yuan or Decimal(0) for lot in lots])


def _require_sum(name: str, amounts: Sequence[Decimal]) -> None:
    if sum(amounts) > MOST_YUAN:
        raise refusals.AmountTooLarge(
            f"各标段的{name}合计 {sum(amounts):,.2f} 元，不得超过 {MOST_YUAN:,.2f} 元。请核对各标段的金额。"
        )
