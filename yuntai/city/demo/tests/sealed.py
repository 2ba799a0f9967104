"""A small play made up in memory: holders with their keys, sealed bids, receipts, a closed set."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from yuntai.bidtool import KeyBundle, PublishedLot, SealedBid, seal_bid
from yuntai.bidtool.tests.bundles import Issuer
from yuntai.city.demo.bidding import spoilt
from yuntai.city.demo.evidence import ClosedSet, OpenedBid
from yuntai.city.demo.played import HandedIn, PlayedTender
from yuntai.city.demo.scenes import PastTender, Scene
from yuntai.city.sandbox.people import Person
from yuntai.city.topology import Organization
from yuntai.standard.bidfile import BidForm
from yuntai.standard.canonical import canonical
from yuntai.standard.messages import OpenedBidFacts, OpeningRecorded
from yuntai.trust import merkle, signing
from yuntai.trust.base64url import base64url
from yuntai.trust.sealing import HOLDERS, INTERNATIONAL, open_sealed, unwrap_share

NOW = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
TENDER, LOT = "E3207000001000001001", "E3207000001000001001001"
SYSTEM_KEY = signing.new_private_key()
SYSTEM_PUBLIC_KEY = signing.public_key(SYSTEM_KEY)
HOLDER_PAIRS = {letter: INTERNATIONAL.new_holder_key() for letter in HOLDERS}
HOLDER_KEYS = {letter: public for letter, (_, public) in HOLDER_PAIRS.items()}
CEILING = Decimal("10000000.00")
NAMES = ("王", "赵", "孙", "冯", "陈")


@cache
def issuer() -> Issuer:
    return Issuer()


@cache
def bidder(number: int) -> tuple[Person, KeyBundle]:
    name = f"{NAMES[number]}投标"
    company = f"演示{NAMES[number]}氏建设工程有限公司"
    bundle = KeyBundle.from_json(issuer().bundle(name, company, serial=201 + number))
    organization = Organization(bundle.organization_code, company)
    return Person(f"bidder-{number}", name, organization, "bidder"), bundle


def lot() -> PublishedLot:
    return PublishedLot(
        tender_code=TENDER,
        code=LOT,
        title="演示道路工程",
        documents_sha256="5e" * 32,
        bids_due_at=NOW,
        ceiling_price_yuan=CEILING,
        stage="bidding",
        final_status="",
        milestones={},
        holder_keys=HOLDER_KEYS,
        document={},
    )


def handed_in(number: int, price: str, *, is_sealed_wrongly: bool = False) -> HandedIn:
    """Return an acknowledged bid of bidder `number`."""
    person, bundle = bidder(number)
    form = BidForm(
        tender_code=TENDER,
        lot_code=LOT,
        bidder_code=person.organization.code,
        bidder_name=person.organization.name,
        price_yuan=Decimal(price),
        duration_days=200,
        project_lead="王工",
        quality="合格",
        made_at=NOW,
    )
    bid = seal_bid(form, {}, lot=lot(), bundle=bundle)
    if is_sealed_wrongly:
        bid = spoilt(bid)
    return HandedIn(person, Decimal(price), bid, receipt(bid), is_sealed_wrongly)


def receipt(bid: SealedBid) -> dict[str, Any]:
    header = bid.header
    statement = {
        "system": "trading-construction",
        "lot": header.context.lot,
        "envelope_id": header.context.envelope_id,
        "header_sha256": header.digest(),
        "body_sha256": header.body_sha256,
        "body_length": header.body_length,
        "received_at": "2026-03-10T03:00:00Z",
    }
    return {"statement": statement, "signature": base64url(signing.sign(SYSTEM_KEY, canonical(statement)))}


@dataclass
class SmallPlay:
    """One opened lot.  tender: as played; closed, opened, published: as the systems keep and show it."""

    tender: PlayedTender
    closed: ClosedSet
    opened: dict[str, OpenedBid] = field(default_factory=dict)

    @property
    def published(self) -> OpeningRecorded:
        """Return the opening record as an honest system publishes it."""
        return OpeningRecorded(
            occurred_at=NOW,
            lot_code=LOT,
            tender_code=TENDER,
            opened_at=NOW,
            set_root=self.closed.root,
            bids=tuple(self._facts(bid) for bid in self.tender.bids),
        )

    def _facts(self, bid: HandedIn) -> OpenedBidFacts:
        is_open = not bid.is_sealed_wrongly
        return OpenedBidFacts(
            bidder_code=bid.bidder.organization.code if is_open else "",
            bidder_name=bid.bidder.organization.name if is_open else "",
            price_yuan=bid.price if is_open else None,
            duration_days=200 if is_open else None,
            outcome="opened" if is_open else "bidder-fault",
            envelope_id=bid.bid.envelope_id,
            header_sha256=bid.bid.header.digest(),
        )


def small_play(bids: list[HandedIn]) -> SmallPlay:
    """Return the play of one lot with `bids`, everything in order."""
    tender = PlayedTender(scene(), TENDER, LOT, NOW, bids=bids)
    headers = [bid.bid.header for bid in bids]
    root = merkle.root(merkle.bid_set_leaves(headers)).hex()
    statement = {"lot": LOT, "tender": TENDER, "count": len(bids), "bids": len(bids), "root": root}
    signature = base64url(signing.sign(SYSTEM_KEY, canonical(statement)))
    closed = ClosedSet(len(bids), root, statement, signature, ())
    opened = {bid.bid.envelope_id: opened_by_holders(bid) for bid in bids}
    return SmallPlay(tender, closed, opened)


def opened_by_holders(bid: HandedIn) -> OpenedBid:
    if bid.is_sealed_wrongly:
        return OpenedBid("bidder-fault", "")
    header = bid.bid.header
    shares = {letter: unwrap_share(header, letter, HOLDER_PAIRS[letter][0]) for letter in "TPC"}
    opened = open_sealed(header, bid.bid.body, shares=shares, holder_keys=HOLDER_KEYS)
    return OpenedBid("opened", opened.key.hex())


def scene() -> Scene:
    past = PastTender(
        source_id="A1",
        title="演示道路工程",
        kind="municipal",
        region_code="320700",
        place="江苏省连云港市",
        method="open",
        ceiling_price_yuan=CEILING,
        bidder_count=5,
        opened_on="2023-01-01",
        origin="演示来源",
        url="",
    )
    return Scene("few-bidders", past, 3)
