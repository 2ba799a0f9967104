"""Whether what is stored is still the set that was closed: looked at before anything is opened."""

from collections.abc import Iterable, Mapping
from typing import Any

from yuntai.kernel.peers import own_key
from yuntai.standard.canonical import canonical
from yuntai.trading.opening.models import BidSetClose
from yuntai.trust import merkle, signing
from yuntai.trust.base64url import from_base64url
from yuntai.trust.sealing import Header, MalformedHeader

KEPT_SEALED = "为防止投标文件被增减或调换，停止开标，全部投标文件仍处于密封状态；请运营机构和监督部门核查。"


def why_changed(close: BidSetClose, headers: Iterable[Mapping[str, Any]], bids: int) -> str:
    """Return the Chinese sentence that says how the stored set differs from `close`, "" when it does not.

    headers: of all stored envelopes and sealed acts of the lot.  bids: how many of them are bids.
    """
    if not _is_signed(close):
        return f"封标记录与其签名不一致。{KEPT_SEALED}"
    try:
        leaves = merkle.bid_set_leaves([Header.from_json(dict(header)) for header in headers])
    except (MalformedHeader, ValueError):
        return f"封标后有密封头被改动，已不合格式。{KEPT_SEALED}"
    stored = (merkle.root(leaves).hex(), len(leaves), bids)
    if stored != (close.root, close.statement["count"], close.count):
        return f"封标后密封包集合被改动：默克尔树根或份数与封标时签名的不一致。{KEPT_SEALED}"
    return ""


def _is_signed(close: BidSetClose) -> bool:
    """Return whether this system signed the statement, and whether the row says the same as the statement."""
    said = close.statement
    told = (said.get("lot"), said.get("root"), said.get("bids"))
    if told != (close.lot.code, close.root, close.count):
        return False
    key = signing.public_key(own_key())
    try:
        return signing.is_valid(key, canonical(said), from_base64url(close.signature))
    except ValueError:
        return False
