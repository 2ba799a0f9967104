"""Bids: every acknowledged one is in the closed set exactly once, and every receipt verifies."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from yuntai.bidtool import check_receipt
from yuntai.bidtool.refusals import ReceiptNotGenuine
from yuntai.city.demo.evidence import ClosedSet, Envelope
from yuntai.city.demo.played import HandedIn, PlayedTender
from yuntai.standard.canonical import canonical
from yuntai.trust import merkle, signing
from yuntai.trust.base64url import from_base64url
from yuntai.trust.sealing import Header


def receipt_faults(bids: Iterable[HandedIn], system_key: bytes) -> Iterator[str]:
    """Yield a sentence for each receipt that is not the system's word on that bid."""
    for bid in bids:
        try:
            check_receipt(bid.receipt, bid.bid.header, system_key=system_key)
        except ReceiptNotGenuine as error:
            yield f"{bid.bidder.organization.name} 的回执：{error}"


def envelope_faults(
    acknowledged: Iterable[tuple[str, str, bool]], stored: Sequence[Envelope]
) -> Iterator[str]:
    """Yield a sentence for each acknowledged envelope that is not stored exactly once as it was handed in.

    acknowledged: envelope id, header digest, and whether it was withdrawn.
    """
    times = Counter(envelope.envelope_id for envelope in stored)
    by_id = {envelope.envelope_id: envelope for envelope in stored}
    for envelope_id, header_sha256, is_withdrawn in acknowledged:
        if times[envelope_id] != 1:
            yield f"已出具回执的投标文件 {envelope_id} 在数据库中有 {times[envelope_id]} 份，应为 1 份"
        elif by_id[envelope_id].header_sha256 != header_sha256:
            yield f"投标文件 {envelope_id} 的密封信息与递交时不同"
        elif by_id[envelope_id].is_withdrawn != is_withdrawn:
            yield f"投标文件 {envelope_id} 的撤回状态与投标人所为不同"


def acknowledged_of(tender: PlayedTender) -> Iterator[tuple[str, str, bool]]:
    """Yield what `envelope_faults` holds against the database."""
    for bid in tender.bids:
        yield bid.bid.envelope_id, bid.bid.header.digest(), False
    for bid in tender.withdrawn:
        yield bid.bid.envelope_id, bid.bid.header.digest(), True


def closed_set_faults(tender: PlayedTender, closed: ClosedSet, system_key: bytes) -> Iterator[str]:
    """Yield a sentence for each way in which the closed set is not exactly the standing bids.

    The root is computed again from the bidders' own headers and the sealed acts.
    """
    own = {bid.bid.envelope_id: bid.bid.header for bid in tender.bids}
    acts = [Header.from_json(header) for header in closed.act_headers]
    root = merkle.root(merkle.bid_set_leaves([*own.values(), *acts])).hex()
    if root != closed.root or closed.statement.get("root") != closed.root:
        yield f"{tender.lot_code} 由投标人所持密封信息重算的默克尔树根与封标时的不同"
    if closed.statement.get("count") != len(own) + len(acts) or closed.count != len(own):
        yield f"{tender.lot_code} 封标时计 {closed.count} 份投标文件，应为 {len(own)} 份"
    if not signing.is_valid(system_key, canonical(closed.statement), from_base64url(closed.signature)):
        yield f"{tender.lot_code} 封标声明的签名不是交易系统的"
