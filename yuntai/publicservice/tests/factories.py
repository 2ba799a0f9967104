"""Ready-made systems, messages, callers.  The defaults are valid and dull; a test states its subject."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.accounts.models import Account
from yuntai.kernel.audit.services import record, write_entry
from yuntai.kernel.inbox.apply import Delivery
from yuntai.kernel.peers import Peer
from yuntai.publicservice.portal.services import show
from yuntai.standard import envelope
from yuntai.standard.envelope import Position, SignedMessage
from yuntai.standard.identifiers import credit_code
from yuntai.standard.messages import (
    AwardPublished,
    CandidateFacts,
    CandidatesPublished,
    ContractSigned,
    HolderFacts,
    LotEnded,
    LotFacts,
    Message,
    OpenedBidFacts,
    OpeningRecorded,
    SuspensionDirected,
    TenderEnded,
    TenderHistoryRecorded,
    TenderNoticePublished,
    TenderRegistered,
    TenderResumed,
    TenderSuspended,
    WarningRaised,
)
from yuntai.standard.stream import Stream
from yuntai.trust import signing

NOW = datetime(2026, 3, 22, 1, 0, tzinfo=UTC)  # a Sunday, 09:00 in China
DAY = timedelta(days=1)
TENDER = "E3207001234000001001"
LOT = f"{TENDER}001"
OTHER_LOT = f"{TENDER}002"
PLATFORM_OPERATOR = credit_code.make("320700", 8)
INITIATOR = credit_code.make("320703", 1)
AUTHORITY = credit_code.make("320700", 9)
BIDDERS = tuple(credit_code.make("320700", 100 + number) for number in range(120))

SYSTEMS: list[dict[str, Any]] = [
    {"code": code, "title": title, "kind": kind, "industry": industry, "url": url}
    | {"platform_number": {"trading-construction": "1234", "trading-water": "0002"}.get(code, "")}
    for code, title, kind, industry, url in (
        ("publicservice", "公共服务平台", "publicservice", "", "http://localhost:8000"),
        ("trading-construction", "工程建设交易系统", "trading", "construction", "http://localhost:8010"),
        ("trading-water", "水利交易系统", "trading", "water", "http://localhost:8011"),
        ("supervision-construction", "住建监管系统", "supervision", "construction", "http://localhost:8020"),
        ("supervision-water", "水利监管系统", "supervision", "water", "http://localhost:8021"),
        ("history-archive", "历史项目档案", "connected", "", ""),
    )
]
KEYS = {system["code"]: signing.new_private_key() for system in SYSTEMS}
PEERS = {
    system["code"]: Peer(**system, public_key=signing.public_key(KEYS[system["code"]])) for system in SYSTEMS
}
_serials = count(1)


def registered(**changes: Any) -> TenderRegistered:
    """A construction tender with one lot."""
    facts: dict[str, Any] = {
        "occurred_at": NOW - 25 * DAY,
        "tender_code": TENDER,
        "project_code": "E3207001234000001",
        "industry": "construction",
        "procedure": "construction.open-tender",
        "procedure_edition": date(2026, 1, 1),
        "title": "连云新城道路提升工程施工",
        "region_code": "320703",
        "place": "连云港市连云区",
        "initiator_code": INITIATOR,
        "initiator_name": "连云区城市建设管理处",
        "must_tender": True,
        "lots": (LotFacts(lot_code=LOT, title="第一标段", estimated_yuan=Decimal("12000000.00")),),
        "demonstration": True,
    }
    return TenderRegistered(**facts | changes)


def noticed(**changes: Any) -> TenderNoticePublished:
    """Its notice; bids are due a day from NOW."""
    facts: dict[str, Any] = {
        "occurred_at": NOW - 20 * DAY,
        "tender_code": TENDER,
        "procedure": "construction.open-tender",
        "title": "连云新城道路提升工程施工招标公告",
        "text": "道路全长 3.2 公里。\n\n投标人须具备市政公用工程施工总承包二级资质。",
        "documents_open_at": NOW - 20 * DAY,
        "bids_due_at": NOW + DAY,
        "must_tender": True,
        "estimated_yuan": Decimal("12000000.00"),
        "ceiling_price_yuan": Decimal("11880000.00"),
        "documents_sha256": "ab" * 32,
        "url": f"http://localhost:8010/tenders/{TENDER}",
        "holders": (HolderFacts(lot_code=LOT, letter="C", name="公共资源交易中心", public_key="QUJD"),),
    }
    return TenderNoticePublished(**facts | changes)


def opened_bid(number: int, **changes: Any) -> OpenedBidFacts:
    """One opened bid."""
    facts: dict[str, Any] = {
        "bidder_code": BIDDERS[number],
        "bidder_name": f"投标单位{number:03d}",
        "price_yuan": Decimal("11000000.00") + number,
        "duration_days": 300,
        "outcome": "opened",
        "envelope_id": f"{number:032x}",
        "header_sha256": "cd" * 32,
    }
    return OpenedBidFacts(**facts | changes)


def opened(bidders: int = 3, **changes: Any) -> OpeningRecorded:
    """The opening record of the lot."""
    facts: dict[str, Any] = {
        "occurred_at": NOW + DAY,
        "lot_code": LOT,
        "tender_code": TENDER,
        "opened_at": NOW + DAY,
        "set_root": "ef" * 32,
        "bids": tuple(opened_bid(number) for number in range(bidders)),
    }
    return OpeningRecorded(**facts | changes)


def candidates(**changes: Any) -> CandidatesPublished:
    """Two award candidates; the standstill lasts three days."""
    ranked = tuple(
        CandidateFacts(
            rank=rank,
            bidder_code=BIDDERS[rank],
            bidder_name=f"投标单位{rank:03d}",
            price_yuan=Decimal("11000000.00") + rank,
            score=Decimal("98.50") - rank,
        )
        for rank in (1, 2)
    )
    facts: dict[str, Any] = {
        "occurred_at": NOW + 2 * DAY,
        "lot_code": LOT,
        "tender_code": TENDER,
        "candidates": ranked,
        "standstill_opens_at": NOW + 2 * DAY,
        "standstill_closes_at": NOW + 5 * DAY,
        "rule": "mean-baseline",
        "rule_version": "1",
        "rule_parameters": {"k": "0.95"},
        "url": f"http://localhost:8010/tenders/{TENDER}#candidates",
    }
    return CandidatesPublished(**facts | changes)


def awarded(**changes: Any) -> AwardPublished:
    """The award of the lot."""
    facts: dict[str, Any] = {
        "occurred_at": NOW + 6 * DAY,
        "lot_code": LOT,
        "tender_code": TENDER,
        "supplier_code": BIDDERS[1],
        "supplier_name": "投标单位001",
        "price_yuan": Decimal("11000001.00"),
        "awarded_at": NOW + 6 * DAY,
        "url": f"http://localhost:8010/tenders/{TENDER}#award",
    }
    return AwardPublished(**facts | changes)


def contracted(**changes: Any) -> ContractSigned:
    """The contract of the lot."""
    facts: dict[str, Any] = {
        "occurred_at": NOW + 10 * DAY,
        "lot_code": LOT,
        "tender_code": TENDER,
        "contract_code": "HT-2026-001",
        "initiator_code": INITIATOR,
        "initiator_name": "连云区城市建设管理处",
        "supplier_code": BIDDERS[1],
        "supplier_name": "投标单位001",
        "price_yuan": Decimal("11000001.00"),
        "signed_at": NOW + 10 * DAY,
        "contract_sha256": "01" * 32,
    }
    return ContractSigned(**facts | changes)


def suspended(**changes: Any) -> TenderSuspended:
    """A suspension on an authority's directive."""
    facts: dict[str, Any] = {
        "occurred_at": NOW - DAY,
        "tender_code": TENDER,
        "reason": "招标文件设置了不合理的业绩条件",
        "directive_id": "ZL-2026-7",
        "suspended_at": NOW - DAY,
    }
    return TenderSuspended(**facts | changes)


def resumed(**changes: Any) -> TenderResumed:
    """The end of that suspension; the deadline stays where the notice put it."""
    facts: dict[str, Any] = {
        "occurred_at": NOW,
        "tender_code": TENDER,
        "reason": "招标文件已改正",
        "directive_id": "ZL-2026-8",
        "resumed_at": NOW,
        "bids_due_at": NOW + DAY,
    }
    return TenderResumed(**facts | changes)


def lot_ended(**changes: Any) -> LotEnded:
    """The lot failed for want of bids."""
    facts: dict[str, Any] = {
        "occurred_at": NOW + DAY,
        "lot_code": LOT,
        "tender_code": TENDER,
        "final_status": "unsuccessful",
        "reason": "投标人少于三个",
        "clause": "tendering/28",
    }
    return LotEnded(**facts | changes)


def two_lots() -> list[Message]:
    """A tender of two lots: the first fails for want of bids, the second comes to its contract."""
    lots = tuple(
        LotFacts(lot_code=code, title=title, estimated_yuan=Decimal("6000000.00"))
        for code, title in ((LOT, "第一标段"), (OTHER_LOT, "第二标段"))
    )
    return [
        registered(lots=lots),
        noticed(),
        lot_ended(),
        opened(lot_code=OTHER_LOT),
        candidates(lot_code=OTHER_LOT),
        awarded(lot_code=OTHER_LOT),
        contracted(lot_code=OTHER_LOT),
        lot_ended(
            lot_code=OTHER_LOT, final_status="complete", reason="", clause="", occurred_at=NOW + 10 * DAY
        ),
        ended(final_status="complete", reason="", clause="", occurred_at=NOW + 10 * DAY),
    ]


def ended(**changes: Any) -> TenderEnded:
    """A tender that failed for want of bids."""
    facts: dict[str, Any] = {
        "occurred_at": NOW + DAY,
        "tender_code": TENDER,
        "final_status": "unsuccessful",
        "reason": "投标人少于三个",
        "clause": "tendering/28",
    }
    return TenderEnded(**facts | changes)


def history(**changes: Any) -> TenderHistoryRecorded:
    """A tender of the past."""
    facts: dict[str, Any] = {
        "occurred_at": NOW - DAY,
        "source_id": f"A{next(_serials):08d}",
        "title": "青田县瓯南街道公路新建工程",
        "kind": "transport",
        "region_code": "331121",
        "place": "青田县",
        "method": "open-tender",
        "ceiling_price_yuan": Decimal("10867113.22"),
        "bidder_count": 83,
        "opened_on": date(2023, 8, 30),
        "origin": "丽水市公共资源交易网",
        "url": "http://lssggzy.lishui.gov.cn/art/1.html",
    }
    return TenderHistoryRecorded(**facts | changes)


def directive(**changes: Any) -> SuspensionDirected:
    """A directive of the housing authority to the construction system."""
    facts: dict[str, Any] = {
        "occurred_at": NOW,
        "directive_id": "ZL-2026-7",
        "tender_code": TENDER,
        "target_system": "trading-construction",
        "authority_code": AUTHORITY,
        "authority_name": "住房和城乡建设局",
        "clause": "tendering/7",
        "reason": "招标文件设置了不合理的业绩条件",
        "directed_by": "孙监督",
        "directed_at": NOW,
    }
    return SuspensionDirected(**facts | changes)


def warning(**changes: Any) -> WarningRaised:
    """A warning of the housing authority's program."""
    facts: dict[str, Any] = {
        "occurred_at": NOW,
        "warning_id": "YJ-1",
        "tender_code": TENDER,
        "rule": "short-bid-period",
        "rule_version": "1",
        "level": "warning",
        "clause": "tendering/24",
        "evidence": "自招标文件发出至投标截止仅 18 日，少于 20 日",
        "raised_at": NOW,
    }
    return WarningRaised(**facts | changes)


def stream(sender: str, folder: Path) -> Stream:
    """The stream of a connected system to the platform."""
    return Stream(
        iss=sender,
        aud="publicservice",
        stream="publicservice",
        private_key=KEYS[sender],
        file=folder / f"{sender}.stream",
    )


def signed(message: Message, sender: str) -> SignedMessage:
    """A first message of `sender` to the platform."""
    payload = envelope.payload_for(
        Position(sender, "publicservice", "publicservice"),
        body=message.body(),
        subject=message.subject,
        msg_id=uuid4(),
        now=NOW,
    )
    return envelope.sign(payload, KEYS[sender])


def shown(*messages: Message, origin: str = "trading-construction", now: datetime = NOW) -> None:
    """Let the portal take in `messages`, each as a message of its own."""
    for message in messages:
        if isinstance(message, TenderHistoryRecorded):
            origin = "history-archive"
        show(message, delivery(origin), now)


def delivery(origin: str = "trading-construction", message_id: UUID | None = None) -> Delivery:
    """Where a message came from."""
    return Delivery(origin, str(message_id or uuid4()), NOW)


def caller(**changes: Any) -> Caller:
    """赵投标 of a construction company, logged in by certificate."""
    facts: dict[str, Any] = {
        "person_id": "P-0001",
        "person_name": "赵投标",
        "organization_code": BIDDERS[0],
        "organization_name": "江苏云台建设（集团）有限公司",
        "roles": frozenset({"participant"}),
        "address": "127.0.0.1",
    }
    return Caller(**facts | changes)


def account(who: Caller) -> Account:
    """The account of `who`, with the audit row that a login writes."""
    with transaction.atomic():
        made = Account.objects.create(
            person_id=who.person_id,
            person_name=who.person_name,
            organization_code=who.organization_code,
            organization_name=who.organization_name,
            roles=sorted(who.roles),
            certificate_serial="1",
            created_at=NOW,
            key=f"{who.organization_code}:{who.person_id}",
        )
        record(caller=who, act="log-in", subject=made, before="", now=NOW)
    return made


def by_hand(change: Callable[[], object]) -> None:
    """Change rows outside any act of ours, with the audit row without which they do not commit."""
    with transaction.atomic():
        change()
        write_entry(caller=caller(role="test"), act="by-hand", object_type="", object_id="", now=NOW)
