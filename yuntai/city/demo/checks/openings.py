"""Openings: with the keys of the record every bid opens again offline, and shows what was published."""

from collections.abc import Iterator, Mapping

from yuntai.city.demo.evidence import OpenedBid
from yuntai.city.demo.played import HandedIn, PlayedTender
from yuntai.standard.bidfile import unpack
from yuntai.standard.messages import OpenedBidFacts, OpeningRecorded
from yuntai.standard.money import to_text
from yuntai.trust.derivation import Derivation
from yuntai.trust.sealing import SealError, open_sealed

OPENED, BIDDER_FAULT = "opened", "bidder-fault"


def opening_faults(
    tender: PlayedTender,
    stored: Mapping[str, OpenedBid],
    published: OpeningRecorded,
    holder_keys: Mapping[str, bytes],
) -> Iterator[str]:
    """Yield a sentence for each bid whose opening can't be repeated, or was published otherwise.

    stored: the opening record by envelope, with the content keys.  published: as the platform shows it.
    """
    facts = {each.envelope_id: each for each in published.bids}
    if set(facts) != {bid.bid.envelope_id for bid in tender.bids}:
        yield f"{tender.lot_code} 公布开标 {len(facts)} 份，与递交的 {len(tender.bids)} 份不是一一对应"
        return
    for bid in tender.bids:
        envelope_id = bid.bid.envelope_id
        yield from _bid_faults(bid, stored.get(envelope_id), facts[envelope_id], holder_keys)


def _bid_faults(
    bid: HandedIn, stored: OpenedBid | None, published: OpenedBidFacts, holder_keys: Mapping[str, bytes]
) -> Iterator[str]:
    name = f"{bid.bidder.organization.name} 的投标文件"
    if stored is None:
        yield f"{name}不在开标记录中"
    elif bid.is_sealed_wrongly:
        if (stored.outcome, published.outcome) != (BIDDER_FAULT, BIDDER_FAULT):
            yield f"{name}有意未按规定密封，应记为投标人原因未解密，记录却是 {stored.outcome}"
    elif (stored.outcome, published.outcome) != (OPENED, OPENED):
        yield f"{name}未能打开：{stored.outcome}"
    elif published.header_sha256 != bid.bid.header.digest():
        yield f"{name}公布的密封信息摘要与投标人所持不同"
    else:
        yield from _content_faults(bid, name, stored.key, published, holder_keys)


def _content_faults(
    bid: HandedIn, name: str, key: str, published: OpenedBidFacts, holder_keys: Mapping[str, bytes]
) -> Iterator[str]:
    header = bid.bid.header
    coins = Derivation(header.algorithms, bytes.fromhex(key), header.binding())
    try:
        opened = open_sealed(header, bid.bid.body, shares=coins.shares(), holder_keys=holder_keys)
    except SealError as error:
        yield f"{name}用开标记录中的密钥离线打不开：{error}"
        return
    form = unpack(opened.content, header.context).form
    found = (form.price_yuan, form.bidder_code, form.bidder_name, form.duration_days)
    shown = (published.price_yuan, published.bidder_code, published.bidder_name, published.duration_days)
    if found != shown or form.price_yuan != bid.price:
        yield f"{name}离线打开的报价 {to_text(form.price_yuan)} 元与公布的不同"
