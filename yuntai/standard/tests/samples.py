"""One valid message of each type, dull on purpose; a test changes what it is about."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from yuntai.standard import envelope
from yuntai.standard import messages as m
from yuntai.standard.datasets.samples import sample, sample_key, sample_object
from yuntai.standard.envelope import Position, SignedMessage
from yuntai.standard.identifiers import credit_code
from yuntai.standard.identifiers.unified_code import UnifiedCode
from yuntai.standard.system_entry import EntryStatement
from yuntai.trust import signing
from yuntai.trust.base64url import base64url

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TENDER = "E3207000001000042001"
LOT = TENDER + "001"
INITIATOR = credit_code.make("320700", 1)
BIDDER = credit_code.make("320700", 2)
SENDER_KEY = bytes(range(32))
SENDER_PUBLIC_KEY = signing.public_key(SENDER_KEY)
MESSAGE_ID = UUID("00000000-0000-4000-8000-000000000001")


def suspended(reason: str = "收到异议，答复前暂停") -> m.TenderSuspended:
    return m.TenderSuspended(occurred_at=NOW, tender_code=TENDER, reason=reason, suspended_at=NOW)


def signed(message: m.Message, position: Position | None = None) -> SignedMessage:
    payload = envelope.payload_for(
        position or Position("trading-construction", "publicservice", "main"),
        body=message.body(),
        subject=message.subject,
        msg_id=MESSAGE_ID,
        now=NOW,
    )
    return envelope.sign(payload, SENDER_KEY)


def stream_forked() -> m.StreamForked:
    return m.StreamForked(
        occurred_at=NOW,
        system_code="trading-construction",
        kept=signed(suspended()),
        contradicting=signed(suspended("另一理由")),
        seen_at=NOW,
    )


def opened_bid() -> m.OpenedBidFacts:
    return m.OpenedBidFacts(
        bidder_code=BIDDER,
        bidder_name="王投标建设有限公司",
        price_yuan=Decimal("980000.00"),
        duration_days=180,
        outcome="opened",
        envelope_id="ab" * 16,
        header_sha256="cd" * 32,
    )


def _registering() -> list[m.Message]:
    return [
        m.TenderRegistered(
            occurred_at=NOW,
            tender_code=TENDER,
            project_code=TENDER[:-3],
            industry="construction",
            procedure="construction.open-tender",
            procedure_edition=date(2026, 1, 1),
            title="蔷薇河治理工程",
            region_code="320706",
            place="海州区",
            initiator_code=INITIATOR,
            initiator_name="李招标单位",
            must_tender=True,
            lots=(
                m.LotFacts(
                    lot_code=LOT,
                    title="一标段",
                    estimated_yuan=Decimal(5_000_000),
                    ceiling_price_yuan=Decimal("4800000.00"),
                ),
            ),
            demonstration=True,
        ),
        m.TenderNoticePublished(
            occurred_at=NOW,
            tender_code=TENDER,
            procedure="construction.open-tender",
            title="蔷薇河治理工程招标公告",
            text="一、招标条件\n略。",
            documents_open_at=NOW,
            bids_due_at=datetime(2026, 3, 22, 1, 0, tzinfo=UTC),
            must_tender=True,
            estimated_yuan=Decimal(5_000_000),
            ceiling_price_yuan=Decimal("4800000.00"),
            documents_sha256="ef" * 32,
            url="http://localhost:8010/tenders/1",
            holders=(m.HolderFacts(lot_code=LOT, letter="P", name="交易系统", public_key="BA" * 43),),
        ),
    ]


def _opening() -> list[m.Message]:
    return [
        m.OpeningRecorded(
            occurred_at=NOW,
            lot_code=LOT,
            tender_code=TENDER,
            opened_at=NOW,
            set_root="12" * 32,
            bids=(opened_bid(),),
        ),
    ]


def _awarding() -> list[m.Message]:
    candidate = m.CandidateFacts(
        rank=1,
        bidder_code=BIDDER,
        bidder_name="王投标建设有限公司",
        price_yuan=Decimal("980000.00"),
        score=Decimal("97.25"),
    )
    return [
        m.CandidatesPublished(
            occurred_at=NOW,
            lot_code=LOT,
            tender_code=TENDER,
            candidates=(candidate,),
            standstill_opens_at=NOW,
            standstill_closes_at=datetime(2026, 3, 5, 1, 0, tzinfo=UTC),
            rule="mean-baseline",
            rule_version="1",
            rule_parameters={"k": "0.98"},
            url="http://localhost:8010/tenders/1/candidates",
        ),
        m.AwardPublished(
            occurred_at=NOW,
            lot_code=LOT,
            tender_code=TENDER,
            supplier_code=BIDDER,
            supplier_name="王投标建设有限公司",
            price_yuan=Decimal("980000.00"),
            awarded_at=NOW,
            url="",
        ),
    ]


def _contracting() -> list[m.Message]:
    return [
        m.ContractSigned(
            occurred_at=NOW,
            lot_code=LOT,
            tender_code=TENDER,
            contract_code="HT-2026-0001",
            initiator_code=INITIATOR,
            initiator_name="李招标单位",
            supplier_code=BIDDER,
            supplier_name="王投标建设有限公司",
            price_yuan=Decimal("980000.00"),
            signed_at=NOW,
            contract_sha256="34" * 32,
        ),
    ]


def _turns_and_ends() -> list[m.Message]:
    return [
        suspended(),
        m.TenderResumed(
            occurred_at=NOW, tender_code=TENDER, reason="异议已答复", resumed_at=NOW, bids_due_at=NOW
        ),
        m.LotEnded(
            occurred_at=NOW,
            lot_code=LOT,
            tender_code=TENDER,
            final_status="unsuccessful",
            reason="投标人少于 3 个",
            clause="tendering/28",
        ),
        m.TenderEnded(
            occurred_at=NOW,
            tender_code=TENDER,
            final_status="unsuccessful",
            reason="投标人少于 3 个",
            clause="tendering/28",
        ),
        m.TenderHistoryRecorded(
            occurred_at=NOW,
            source_id="A3311011160013399",
            title="青田县瓯南街道南湾至黄山公路新建工程",
            kind="transport",
            region_code="331121",
            place="青田县",
            method="open",
            ceiling_price_yuan=Decimal("10867113.22"),
            bidder_count=83,
            opened_on=date(2023, 8, 30),
            origin="丽水市公共资源交易网",
            url="http://lssggzy.lishui.gov.cn/art/2023/8/30/art_1229661956_227241.html",
        ),
    ]


def participant() -> dict[str, Any]:
    return {
        "occurred_at": NOW,
        "organization_code": BIDDER,
        "name": "王投标建设有限公司",
        "roles": ("bidder",),
        "region_code": "320700",
        "contact_name": "王投标",
        "registered_at": NOW,
    }


def _supervision_and_publicservice() -> list[m.Message]:
    directive = {
        "occurred_at": NOW,
        "directive_id": "ZL-2026-0001",
        "tender_code": TENDER,
        "target_system": "trading-construction",
        "authority_code": INITIATOR,
        "authority_name": "市建设局",
        "clause": "etendering/52",
        "reason": "投标期限不足二十日",
        "directed_by": "孙监督",
        "directed_at": NOW,
    }
    return [
        m.WarningRaised(
            occurred_at=NOW,
            warning_id="YJ-2026-0001",
            tender_code=TENDER,
            rule="short-bid-period",
            rule_version="1",
            level="serious",
            clause="tendering/24",
            evidence="自招标文件发出至投标截止仅 12 日，少于 20 日",
            raised_at=NOW,
        ),
        m.SuspensionDirected.model_validate(directive),
        m.ResumptionDirected.model_validate(
            {**directive, "directive_id": "ZL-2026-0002", "lifted_directive_id": "ZL-2026-0001"}
        ),
        m.ParticipantRegistered(**participant()),
        m.ParticipantChanged(**participant(), version=2),
        m.ParticipantVerified(**participant(), version=2, verified_roles=("bidder",), verified_at=NOW),
        m.TrustListPublished.model_validate(trust_list()),
        m.MessageForwarded(occurred_at=NOW, origin=signed(suspended())),
        stream_forked(),
    ]


def trust_list() -> dict[str, Any]:
    """Return what is told of a version; its form is that of the list, its signatures are made up."""
    document = {
        "format": "yuntai-trust-list-v1",
        "scheme": "连云港市公共资源交易数字证书互认名单（演示）",
        "seq": 2,
        "issued": "2026-03-02T01:00:00Z",
        "next_update": "2026-09-02T01:00:00Z",
        "entries": [],
    }
    signatures = tuple(
        {"officer": officer, "signature": letter * 86}
        for officer, letter in (("名单管理员甲", "A"), ("名单管理员乙", "B"))
    )
    return {"occurred_at": NOW, "seq": 2, "document": document, "signatures": signatures}


def record(no: int = 501, **changes: object) -> m.RecordSubmitted:
    """Return an added record of set `no`; give data_set, fields and so on to change it."""
    facts = {
        "occurred_at": NOW,
        "data_set": no,
        "action": "add",
        "data_key": sample_key(no),
        "object_code": sample_object(no),
        "fields": sample(no),
        "attachments": (
            {
                "name": "招标方案核准意见.pdf",
                "media_type": "application/pdf",
                "sha256": "56" * 32,
                "size_bytes": 102_400,
                "url": "",
            },
        ),
    }
    return m.RecordSubmitted.model_validate(facts | changes)


def corrected() -> m.RecordCorrected:
    wrong = record()
    return m.RecordCorrected(
        **wrong.model_dump(exclude={"type"}),
        corrects=str(MESSAGE_ID),
        reason="招标项目名称漏写标段",
    )


def entry(**changes: object) -> EntryStatement:
    """Return what the operator of a system declares; give the fields to change."""
    facts: dict[str, object] = {
        "platform": "publicservice",
        "code": "trading-harbour",
        "kind": "trading",
        "industry": "construction",
        "region_code": "320703",
        "url": "https://harbour.example/",
        "operator_code": BIDDER,
        "key_number": 1,
        "public_key": base64url(SENDER_PUBLIC_KEY),
    }
    return EntryStatement.model_validate(facts | changes)


def _listed() -> m.SystemListed:
    statement, nonce = entry(), "0f" * 16
    key = m.SystemKeyFacts(
        number=1,
        public_key=statement.public_key,
        valid_from=NOW,
        certificate="MAA=",
        signature=base64url(bytes(64)),
        nonce=nonce,
        possession=base64url(signing.sign(SENDER_KEY, statement.challenge(nonce))),
    )
    return m.SystemListed(
        occurred_at=NOW,
        system_code=statement.code,
        version=1,
        title="港区工程建设电子交易系统",
        kind=statement.kind,
        industry=statement.industry,
        region_code=statement.region_code,
        url=statement.url,
        operator_code=statement.operator_code,
        operator_name="王投标建设有限公司",
        responsible=(m.ResponsibleFacts(name="王投标", duty="主要负责人"),),
        state="connected",
        keys=(key,),
    )


def _systems() -> list[m.Message]:
    return [
        _listed(),
        m.TrialOffered(occurred_at=NOW, system_code=entry().code, text="对接测试报文，不含业务内容"),
        m.UnifiedCodeRequested(
            occurred_at=NOW,
            tender_code=TENDER,
            object_codes=(LOT,),
            category="A02",
            region_code="320703",
        ),
        m.UnifiedCodesIssued(
            occurred_at=NOW,
            tender_code=TENDER,
            codes=(
                m.IssuedCodeFacts(
                    object_code=LOT, unified_code=str(UnifiedCode("A02", INITIATOR, date(2026, 3, 2), 1))
                ),
            ),
        ),
    ]


SAMPLES = (
    *_registering(),
    *_opening(),
    *_awarding(),
    *_contracting(),
    *_turns_and_ends(),
    *_supervision_and_publicservice(),
    record(),
    corrected(),
    *_systems(),
)
