"""Handing a sealed bid in and taking it back, over a logged-in session."""

from typing import Any

from yuntai.bidtool.receipts import check_receipt
from yuntai.bidtool.refusals import UnexpectedAnswer
from yuntai.bidtool.sealed_bid import SealedBid
from yuntai.bidtool.session import Session


def upload(session: Session, bid: SealedBid) -> None:
    """Upload the ciphertext; it becomes a bid only by `submit`.  Repeating it does no harm."""
    session.put(f"/api/v1/bodies/{bid.header.body_sha256}", bid.body)


def submit(session: Session, bid: SealedBid, *, system_key: bytes | None = None) -> dict[str, Any]:
    """Hand in the uploaded bid and return the checked receipt: {"statement", "signature"}.

    :raises Refused: by the trading system, with its sentence: too late, one bid stands already, …
    :raises ReceiptNotGenuine: the answer is no receipt for this bid.
    """
    receipt = session.post(f"/api/v1/lots/{bid.header.context.lot}/bids", bid.submission())
    if not isinstance(receipt, dict):
        raise UnexpectedAnswer("交易系统的答复不是回执。请保留密封文件夹并联系运营机构。")
    check_receipt(receipt, bid.header, system_key=system_key)
    return receipt


def withdraw(session: Session, bid: SealedBid) -> None:
    """Take the bid back before the deadline; afterwards nobody can open it.

    :raises Refused: by the trading system: the deadline has passed, no such bid stands, …
    """
    session.post(f"/api/v1/lots/{bid.header.context.lot}/withdrawals", bid.withdrawal())
