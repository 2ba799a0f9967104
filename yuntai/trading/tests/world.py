"""Brings a tender to a stage through the real services; the defaults are lawful and dull."""

import base64
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.documents import store
from yuntai.standard.bidfile import BidForm, pack
from yuntai.standard.canonical import canonical
from yuntai.standard.messages import ParticipantRegistered
from yuntai.trading.awards.services import award, publish_candidates
from yuntai.trading.bids.models import Envelope
from yuntai.trading.bids.services import submit_bid
from yuntai.trading.evaluating.services import submit_evaluation
from yuntai.trading.opening.models import Opening
from yuntai.trading.opening.queries import closed_headers
from yuntai.trading.opening.services import close_bidding, open_bids, take_release
from yuntai.trading.parties.services import note_participant
from yuntai.trading.tenders.drafting import KeyStatement, LotDraft, ProjectDraft, TenderDraft
from yuntai.trading.tenders.drafts import add_document
from yuntai.trading.tenders.models import Lot, Project, Tender
from yuntai.trading.tenders.running import suspend_tender
from yuntai.trading.tenders.services import (
    draft_tender,
    note_holder_key,
    publish_notice,
    register_project,
)
from yuntai.trading.tests.people import Person, bidder, expert, initiator
from yuntai.trust import signing
from yuntai.trust.sealing import HOLDERS, Context, Header, seal, unwrap_share
from yuntai.trust.suites import SUITES

OPENED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in China
DUE = OPENED + timedelta(days=20)
CLOSED = DUE + timedelta(seconds=5)
EVALUATED = DUE + timedelta(hours=4)
STANDSTILL_CLOSES = EVALUATED + timedelta(days=4)
OWNER = signing.new_private_key()
SHA_OF_DOCUMENT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"  # of b"test"


@dataclass
class World:
    """A published tender with one lot, and the holders' private keys to it."""

    tender: Tender
    lot: Lot
    holder_keys: dict[str, bytes] = field(default_factory=dict)

    def fresh_lot(self) -> Lot:
        """Return the lot as it is stored now."""
        return Lot.objects.select_related("tender__project").get(pk=self.lot.pk)


def notice(text: str = "") -> str:
    """Return words that are long enough for a notice, led by `text`."""
    return (
        f"{text}演示小学教学楼施工已具备招标条件，现公开招标；招标文件自公告发布起在本系统免费下载，"
        "投标截止和开标时间见招标文件。"
    )


def register(person: Person) -> None:
    """Let the platform have told of the person's organization, if it is registered as anything."""
    if not person.roles:
        return
    told = ParticipantRegistered(
        occurred_at=OPENED,
        organization_code=person.subject.organization_code,
        name=person.subject.organization_name,
        roles=tuple(sorted(person.roles)),
        region_code="320700",
        contact_name=person.subject.person_name,
        registered_at=OPENED,
    )
    note_participant(told=told, caller=Caller.system("publicservice"), now=OPENED)


def make_draft(
    *,
    must_tender: bool = True,
    bids_due_at: datetime = DUE,
    ceiling_yuan: Decimal | None = Decimal("10000000.00"),
    project: Project | None = None,
    suite: str = "",
    now: datetime = OPENED - timedelta(days=1),
) -> Tender:
    """Draft a tender with one lot and one document; no holder has answered yet.  project: None: a new one."""
    register(initiator())
    caller = initiator().caller
    project = project or register_project(
        draft=ProjectDraft(name="演示小学教学楼", region_code="320706", place="连云港市海州区"),
        caller=caller,
        now=now,
    )
    draft = TenderDraft(
        project_code=project.code,
        title="演示小学教学楼施工",
        procedure_code="construction.open-tender",
        must_tender=must_tender,
        bids_due_at=bids_due_at,
        contact="李招标 0518-80000000",
        lots=(LotDraft("施工一标段", Decimal("9500000.00"), ceiling_yuan),),
        suite=suite,
        demonstration=True,
    )
    tender = draft_tender(draft=draft, caller=caller, now=now)
    store.put([b"test"], announced_sha256=SHA_OF_DOCUMENT)
    add_document(
        tender_code=tender.code, name="招标文件.pdf", sha256=SHA_OF_DOCUMENT, size=4, caller=caller, now=now
    )
    return tender


def give_keys(tender: Tender, letters: Sequence[str] = HOLDERS, now: datetime = OPENED) -> dict[str, bytes]:
    """Let the holders hand in their public keys; return their private ones."""
    private_keys = {}
    for letter in letters:
        private, public = SUITES[tender.suite].new_holder_key()
        private_keys[letter] = private
        told = KeyStatement(
            lot_code=tender.lots.get().code,
            letter=letter,
            holder_name=f"保管方 {letter}",
            public_key=public,
            opens_at=tender.bids_due_at,
            statement={"statement": {}, "signature": ""},
        )
        note_holder_key(told=told, now=now)
    return private_keys


def publish(now: datetime = OPENED, text: str = "公告正文", **draft: object) -> World:
    """Publish a tender; bidding is open from `now`.  text: of the notice, {code} stands for the tender's."""
    tender = make_draft(**draft)  # type: ignore[arg-type]
    keys = give_keys(tender)
    text = text.replace("{code}", tender.code)
    tender = publish_notice(tender_code=tender.code, text=text, caller=initiator().caller, now=now)
    return World(tender, tender.lots.get(), keys)


def seal_bid(
    world: World,
    person: Person,
    price: str = "9000000.00",
    *,
    sign: Callable[[bytes], bytes] | None = None,
    **changes: object,
) -> tuple[Header, bytes]:
    """Seal a bid as the bidder's device does; return header and ciphertext.

    sign: in place of the person's own signing.
    """
    lot = world.fresh_lot()
    context = Context(lot.tender.code, lot.code, "bid", lot.tender.documents_sha256, secrets.token_hex(16))
    facts = {
        "tender_code": lot.tender.code,
        "lot_code": lot.code,
        "bidder_code": person.subject.organization_code,
        "bidder_name": person.subject.organization_name,
        "price_yuan": price,
        "duration_days": 180,
        "project_lead": "演示项目负责人",
        "quality": "合格",
        "made_at": OPENED,
    }
    form = BidForm.model_validate(facts | changes)
    content = pack(form, {}, context=context, certificates=[person.certificate], sign=sign or person.sign)
    keys = {key.letter: bytes(key.public_key) for key in lot.holder_keys.all()}
    return seal(context, content, holder_keys=keys, owner_public_key=signing.public_key(OWNER))


def close_lot(bidders: int = 3) -> World:
    """Publish a tender, hand in that many bids, and close the set."""
    world = publish()
    for number in range(bidders):
        hand_in(world, bidder(number), f"{9_000_000 + number}.00")
    close_bidding(lot_code=world.lot.code, now=CLOSED)
    return world


def owner_signature(header: Header, purpose: str = "yuntai-submit-v1") -> bytes:
    """Sign for a header with the device's owner key."""
    return signing.sign(OWNER, f"{purpose}|{header.digest()}".encode())


def hand_in(
    world: World, person: Person, price: str = "9000000.00", *, now: datetime = OPENED + timedelta(days=1)
) -> Envelope:
    """Seal, upload and submit a bid."""
    register(person)
    header, body = seal_bid(world, person, price)
    return submit_sealed(world, person, header, body, now=now)


def submit_sealed(
    world: World, person: Person, header: Header, body: bytes, *, now: datetime = OPENED + timedelta(days=1)
) -> Envelope:
    """Upload and submit what `seal_bid` gave."""
    store.put([body], announced_sha256=header.body_sha256)
    return submit_bid(
        lot_code=world.lot.code,
        header=header.to_json(),
        signature=owner_signature(header),
        caller=person.caller,
        now=now,
    )


def release(world: World, letter: str, *, now: datetime = CLOSED, garbage: str = "") -> None:
    """Let one holder release its shares of the closed set; `garbage` in place of each share when given."""
    lot = world.fresh_lot()
    headers = [Header.from_json(header) for header in closed_headers(lot)]
    shares = {
        f"{header.context.envelope_id}:{header.context.part}": garbage
        or _share(header, letter, world.holder_keys[letter])
        for header in headers
    }
    statement = {"holder": letter, "lot": lot.code, "root": lot.bid_set_close.root, "shares": shares}
    canonical(statement)
    take_release(lot_code=lot.code, letter=letter, statement=statement, signature="", now=now)


def open_lot(
    prices: Sequence[str] = ("8800000.00", "9000000.00", "9200000.00"), letters: str = "TPC", **draft: object
) -> World:
    """Publish a tender, hand in one bid a price, close and open it."""
    world = publish(**draft)  # type: ignore[arg-type]
    for number, price in enumerate(prices):
        hand_in(world, bidder(number), price)
    close_bidding(lot_code=world.lot.code, now=CLOSED)
    for letter in letters:
        release(world, letter)
    open_bids(lot_code=world.lot.code, now=CLOSED)
    return world


def evaluate(**draft: object) -> World:
    """Open a lot of three bids and evaluate it."""
    world = open_lot(**draft)  # type: ignore[arg-type]
    submit_evaluation(lot_code=world.lot.code, opinion="同意", caller=expert().caller, now=EVALUATED)
    return world


def stand_still() -> World:
    """Publish the candidates of an evaluated lot."""
    world = evaluate()
    publish_candidates(
        lot_code=world.lot.code, closes_at=STANDSTILL_CLOSES, caller=initiator().caller, now=EVALUATED
    )
    return world


def award_lot() -> World:
    """Award a lot after its standstill."""
    world = stand_still()
    award(lot_code=world.lot.code, caller=initiator().caller, now=STANDSTILL_CLOSES)
    return world


@contextmanager
def tampering() -> Iterator[None]:
    """Let rows be changed behind the system's back; the database's guard is content with any audit row."""
    with transaction.atomic():
        yield
        write_entry(
            caller=Caller.system("tampering"), act="tamper", object_type="row", object_id="row", now=CLOSED
        )


def opening(world: World) -> Opening:
    """Return the stored opening."""
    return Opening.objects.get(lot=world.lot)


def _share(header: Header, letter: str, private_key: bytes) -> str:
    return base64.urlsafe_b64encode(unwrap_share(header, letter, private_key)).rstrip(b"=").decode()


def suspend(world: World, *, now: datetime = OPENED + timedelta(days=2), directive_id: str = "d-1") -> None:
    """Let the authority's directive suspend the tender."""
    suspend_tender(
        tender_code=world.tender.code,
        reason="投标期限不足",
        directive_id=directive_id,
        directed_by="测试监督部门 孙监督",
        caller=Caller.system("supervision-construction"),
        now=now,
    )
