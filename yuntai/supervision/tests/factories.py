"""Ready-made messages and people.  The defaults are valid and dull; a test states what it is about."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.accounts.models import Account
from yuntai.kernel.audit.services import record
from yuntai.kernel.inbox.apply import Delivery
from yuntai.standard.envelope import Position, SignedMessage, payload_for, sign
from yuntai.standard.identifiers import credit_code
from yuntai.standard.messages import (
    AwardPublished,
    CandidateFacts,
    CandidatesPublished,
    ContractSigned,
    LotEnded,
    LotFacts,
    Message,
    MessageForwarded,
    OpenedBidFacts,
    OpeningRecorded,
    TenderEnded,
    TenderNoticePublished,
    TenderRegistered,
    TenderResumed,
    TenderSuspended,
)
from yuntai.standard.receipts import Batch
from yuntai.supervision.handlers import HANDLERS
from yuntai.supervision.intake.models import WatchedTender
from yuntai.supervision.monitoring.models import TenderWarning

REGISTERED = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
OPENED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in China
DUE_LAWFULLY = datetime(2026, 3, 22, 1, 0, tzinfo=UTC)  # day 20
DUE_TOO_SOON = datetime(2026, 3, 21, 1, 0, tzinfo=UTC)  # day 19
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TRADING = "trading-construction"
FOREIGN = "trading-foreign"
PLATFORM = "publicservice"
OWN = "supervision-construction"
SYSTEMS = (
    (PLATFORM, "publicservice", ""),
    (TRADING, "trading", "construction"),
    (FOREIGN, "trading", "water"),
)
KEYS = {code: hashlib.sha256(code.encode()).digest() for code, _, _ in SYSTEMS}  # Ed25519, of tests only
INITIATOR = credit_code.make("320700", 1)
BIDDERS = tuple(credit_code.make("320700", number) for number in (11, 12, 13))
_numbers = count(1)


def tender_registered(**changes: object) -> TenderRegistered:
    number = next(_numbers)
    tender_code = f"E3207000001{number:06d}001"
    facts: dict[str, object] = {
        "occurred_at": REGISTERED,
        "tender_code": tender_code,
        "project_code": tender_code[:-3],
        "industry": "construction",
        "procedure": "construction.open-tender",
        "procedure_edition": date(2026, 1, 1),
        "title": "蔷薇河路改造工程施工",
        "region_code": "320706",
        "place": "海州区",
        "initiator_code": INITIATOR,
        "initiator_name": "演示建设投资有限公司",
        "must_tender": True,
        "lots": (
            LotFacts(lot_code=f"{tender_code}001", title="施工一标段", estimated_yuan=Decimal("5000000.00")),
        ),
        "demonstration": True,
    }
    return TenderRegistered.model_validate(facts | changes)


def notice_published(tender_code: str = "E3207000001000001001", **changes: object) -> TenderNoticePublished:
    """Return a lawful notice: must tender, due on day 20."""
    facts: dict[str, object] = {
        "occurred_at": OPENED,
        "tender_code": tender_code,
        "procedure": "construction.open-tender",
        "title": "蔷薇河路改造工程施工招标公告",
        "text": "公告正文",
        "documents_open_at": OPENED,
        "bids_due_at": DUE_LAWFULLY,
        "must_tender": True,
        "estimated_yuan": Decimal("5000000.00"),
        "documents_sha256": "ab" * 32,
        "url": "http://localhost:8010/tenders/1",
    }
    return TenderNoticePublished.model_validate(facts | changes)


def opening_recorded(tender_code: str, lot_code: str, **changes: object) -> OpeningRecorded:
    """Return an opening record with two opened bids and one that its bidder's fault kept closed."""
    opened = [
        OpenedBidFacts(
            bidder_code=code,
            bidder_name=f"演示施工企业{place}",
            price_yuan=Decimal("4800000.00") + place,
            duration_days=180,
            outcome="opened",
            envelope_id=f"{place:032x}",
            header_sha256="cd" * 32,
        )
        for place, code in enumerate(BIDDERS[:2])
    ]
    closed = OpenedBidFacts(
        bidder_code="",
        bidder_name="",
        price_yuan=None,
        duration_days=None,
        outcome="bidder-fault",
        envelope_id="f" * 32,
        header_sha256="cd" * 32,
    )
    facts: dict[str, object] = {
        "occurred_at": DUE_LAWFULLY,
        "lot_code": lot_code,
        "tender_code": tender_code,
        "opened_at": DUE_LAWFULLY,
        "set_root": "ef" * 32,
        "bids": (*opened, closed),
    }
    return OpeningRecorded.model_validate(facts | changes)


def candidates_published(tender_code: str, lot_code: str, **changes: object) -> CandidatesPublished:
    """Return the candidates of a lot, in standstill for three days from the day after the opening."""
    ranked = tuple(
        CandidateFacts(
            rank=place + 1,
            bidder_code=code,
            bidder_name=f"演示施工企业{place}",
            price_yuan=Decimal("4800000.00") + place,
            score=Decimal("97.25") - place,
        )
        for place, code in enumerate(BIDDERS[:2])
    )
    facts: dict[str, object] = {
        "occurred_at": DUE_LAWFULLY + timedelta(days=1),
        "lot_code": lot_code,
        "tender_code": tender_code,
        "candidates": ranked,
        "standstill_opens_at": DUE_LAWFULLY + timedelta(days=1),
        "standstill_closes_at": DUE_LAWFULLY + timedelta(days=5),
        "rule": "mean-baseline",
        "rule_version": "1",
        "rule_parameters": {"k": "0.95"},
        "url": "http://localhost:8010/tenders/1",
    }
    return CandidatesPublished.model_validate(facts | changes)


def award_published(tender_code: str, lot_code: str) -> AwardPublished:
    return AwardPublished(
        occurred_at=DUE_LAWFULLY + timedelta(days=6),
        lot_code=lot_code,
        tender_code=tender_code,
        supplier_code=BIDDERS[0],
        supplier_name="演示施工企业0",
        price_yuan=Decimal("4800000.00"),
        awarded_at=DUE_LAWFULLY + timedelta(days=6),
        url="http://localhost:8010/tenders/1",
    )


def contract_signed(tender_code: str, lot_code: str) -> ContractSigned:
    return ContractSigned(
        occurred_at=DUE_LAWFULLY + timedelta(days=10),
        lot_code=lot_code,
        tender_code=tender_code,
        contract_code="HT-1",
        initiator_code=INITIATOR,
        initiator_name="演示建设投资有限公司",
        supplier_code=BIDDERS[0],
        supplier_name="演示施工企业0",
        price_yuan=Decimal("4800000.00"),
        signed_at=DUE_LAWFULLY + timedelta(days=10),
        contract_sha256="12" * 32,
    )


def tender_suspended(tender_code: str, directive_id: str, at: datetime = NOW) -> TenderSuspended:
    return TenderSuspended(
        occurred_at=at,
        tender_code=tender_code,
        reason="执行监督指令",
        directive_id=directive_id,
        suspended_at=at,
    )


def tender_resumed(
    tender_code: str, directive_id: str, at: datetime = NOW, bids_due_at: datetime = NOW + timedelta(days=30)
) -> TenderResumed:
    return TenderResumed(
        occurred_at=at,
        tender_code=tender_code,
        reason="执行监督指令",
        directive_id=directive_id,
        resumed_at=at,
        bids_due_at=bids_due_at,
    )


def lot_ended(tender_code: str, lot_code: str, final_status: str = "unsuccessful") -> LotEnded:
    failed = final_status != "complete"
    return LotEnded.model_validate(
        {
            "occurred_at": DUE_LAWFULLY,
            "tender_code": tender_code,
            "lot_code": lot_code,
            "final_status": final_status,
            "reason": "投标人少于三个" if failed else "",
            "clause": "tendering/28" if failed else "",
        }
    )


def two_lots() -> tuple[str, str, str]:
    """Have a tender of two lots registered and its notice published; return its code and theirs."""
    code = tender_registered().tender_code
    lots = tuple(
        LotFacts(lot_code=f"{code}00{n}", title=f"{n}标段", estimated_yuan=Decimal("1.00")) for n in (1, 2)
    )
    tell(tender_registered(tender_code=code, project_code=code[:-3], lots=lots))
    tell(notice_published(code))
    return code, lots[0].lot_code, lots[1].lot_code


def tender_ended(tender_code: str, final_status: str = "cancelled") -> TenderEnded:
    return TenderEnded.model_validate(
        {"occurred_at": NOW, "tender_code": tender_code, "final_status": final_status, "reason": "不再实施"}
    )


def delivery(origin: str = TRADING) -> Delivery:
    return Delivery(origin=origin, message_id=str(uuid4()), received_at=NOW)


def forwarded(messages: list[Message], *, origin: str = TRADING) -> Batch:
    """Return a batch in which the platform forwards `messages`, each signed by `origin` and by it."""
    inner = Position(origin, PLATFORM, PLATFORM)
    outer = Position(PLATFORM, OWN, OWN)
    signed = []
    for message in messages:
        written = _signed(inner, message)
        passed_on = _signed(outer, MessageForwarded(occurred_at=NOW, origin=written))
        inner, outer = inner.after(written.payload), outer.after(passed_on.payload)
        signed.append(passed_on)
    return Batch(messages=tuple(signed))


def _signed(position: Position, message: Message) -> SignedMessage:
    payload = payload_for(position, body=message.body(), subject=message.subject, msg_id=uuid4(), now=NOW)
    return sign(payload, KEYS[position.iss])


def tell(message: Message, *, origin: str = TRADING, now: datetime = NOW) -> None:
    """Apply `message` as the inbox does: in one transaction."""
    with transaction.atomic():
        HANDLERS[type(message)](message, delivery(origin), now)


def watched_tender(**changes: object) -> WatchedTender:
    """Have a tender registered and return it."""
    message = tender_registered(**changes)
    tell(message)
    return WatchedTender.objects.get(tender_code=message.tender_code)


def open_warning(**changes: object) -> TenderWarning:
    """Have a tender warned of for its short bid period and return the warning."""
    tender = watched_tender(**changes)
    tell(notice_published(tender.tender_code, bids_due_at=DUE_TOO_SOON))
    return TenderWarning.objects.get(tender=tender)


def supervisor(**changes: object) -> Caller:
    """Return 孙监督 of the authority."""
    facts: dict[str, object] = {
        "person_id": "P-SUN",
        "person_name": "孙监督",
        "organization_code": settings.AUTHORITY_CODE,
        "organization_name": settings.AUTHORITY_NAME,
        "roles": frozenset({"supervisor"}),
    }
    return Caller(**(facts | changes))  # type: ignore[arg-type]


def account(caller: Caller) -> Account:
    """Save the account by which `caller` is logged in."""
    made = Account(
        person_id=caller.person_id,
        person_name=caller.person_name,
        organization_code=caller.organization_code,
        organization_name=caller.organization_name,
        roles=sorted(caller.roles),
        certificate_serial="1",
        created_at=NOW,
        key=f"{caller.organization_code}:{caller.person_id}",
    )
    with transaction.atomic():
        made.save()
        record(caller=caller, act="log-in", subject=made, before="", now=NOW)
    return made
