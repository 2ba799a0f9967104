"""The bidder's tool: prepare, sign, seal and hand in a bid; the sealing needs no network.

Pure Python without Django.  Another vendor's tool can use `Session`, `seal_bid`, `upload` and `submit`.
Before sealing it must check the lot: `PublishedLot.check_holders`, with keys from elsewhere, and
`check_notice`.
"""

from yuntai.bidtool.holders import read_holders
from yuntai.bidtool.key_bundle import KeyBundle
from yuntai.bidtool.lots import PublishedLot, published_lot
from yuntai.bidtool.notices import check_deadline, check_notice, shown_notice
from yuntai.bidtool.receipts import check_receipt
from yuntai.bidtool.refusals import BidToolError, Refused, Unreachable
from yuntai.bidtool.sealed_bid import SealedBid, seal_bid
from yuntai.bidtool.session import Session
from yuntai.bidtool.submitting import submit, upload, withdraw

__all__ = [
    "BidToolError",
    "KeyBundle",
    "PublishedLot",
    "Refused",
    "SealedBid",
    "Session",
    "Unreachable",
    "check_deadline",
    "check_notice",
    "check_receipt",
    "published_lot",
    "read_holders",
    "seal_bid",
    "shown_notice",
    "submit",
    "upload",
    "withdraw",
]
