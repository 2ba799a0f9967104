"""The interface for operators that connect a system: entry, tests, status.  Translation only."""

import base64
import binascii
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.accounts.middleware import address_of
from yuntai.kernel.errors import Problem
from yuntai.publicservice.codes.queries import codes_of
from yuntai.publicservice.session_auth import SessionCaller
from yuntai.publicservice.systems import services, trying
from yuntai.publicservice.systems.entering import Entry, Responsible
from yuntai.publicservice.systems.queries import SystemView, system_view, system_views
from yuntai.standard.envelope import SignedMessage
from yuntai.standard.fields import Instant
from yuntai.standard.receipts import Batch, ReceiptBatch
from yuntai.trust import clock
from yuntai.trust.base64url import from_base64url

router = Router(tags=["connecting"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class ResponsibleItem(Schema):
    """name, duty: published by law."""

    name: str = Field(max_length=60)
    duty: str = Field(max_length=60)


class SystemEntry(Schema):
    """What an operator enters.

    industry: "" for kind "connected".  url: without /exchange/v1/messages, "" when the system only sends.
    public_key: Ed25519, 32 bytes, base64url without padding.
    certificate: DER in base64.  signature: of the entry statement, base64url, raw r||s.
    """

    code: str = Field(max_length=60)
    title: str = Field(max_length=200)
    kind: str = Field(max_length=20)
    industry: str = Field(default="", max_length=50)
    region_code: str = Field(max_length=6)
    url: str = Field(default="", max_length=300)
    public_key: str = Field(max_length=60)
    responsible: list[ResponsibleItem] = Field(max_length=10)
    certificate: str = Field(max_length=8000)
    signature: str = Field(max_length=200)


class ChallengeAnswer(Schema):
    """signature: Ed25519 over the UTF-8 bytes of the challenge, base64url."""

    signature: str = Field(max_length=200)


class TrialReceipt(Schema):
    """signature: Ed25519 over the bytes yuntai-trial-receipt-v1|<digest of the true message>, base64url."""

    signature: str = Field(max_length=200)


class TestItem(Schema):
    """A technical test.  how: what to do for it.  passed_at: null while it is open."""

    __test__ = False  # no test class of pytest's

    test: str
    title: str
    how: str
    passed_at: Instant | None


class SystemItem(Schema):
    """How a system stands.  state: trial, connected, suspended or refused.

    challenge: the text that the newest key must sign, "" when none is open.
    delay_p50_seconds, delay_p99_seconds: from the event to its arrival here, today; null when nothing came.
    """

    code: str
    title: str
    kind: str
    industry: str
    region_code: str
    operator_code: str
    operator_name: str
    responsible: list[ResponsibleItem]
    state: str
    reason: str
    clause: str
    key_id: str
    challenge: str
    tests: list[TestItem]
    received_today: int
    rejected_today: int
    waiting: int
    delay_p50_seconds: float | None
    delay_p99_seconds: float | None


@router.get(
    "/systems", response=list[SystemItem], operation_id="listSystems", summary="全部对接系统及运行状况"
)
def list_systems(request: HttpRequest) -> list[SystemItem]:
    """Answer every system that is or was connected, or is on trial."""
    return [_item(view) for view in system_views(now=clock.now())]


@router.get(
    "/systems/{code}",
    response={200: SystemItem, 404: Problem},
    operation_id="readSystem",
    summary="一个对接系统的运行状况和对接测试进展",
)
def read_system(request: HttpRequest, code: str) -> SystemItem:
    """Answer one system."""
    return _item(system_view(code, now=clock.now()))


@router.get(
    "/systems/{code}/unified-codes/{tender_code}",
    response={200: dict[str, str], 404: Problem},
    operation_id="readUnifiedCodes",
    summary="一个项目各标段的统一交易标识码",
)
def read_unified_codes(request: HttpRequest, code: str, tender_code: str) -> dict[str, str]:
    """Answer the codes issued for the lots of a tender of a system, by lot; {} when none is."""
    return codes_of(tender_code, system_view(code, now=clock.now()).code)


@router.post(
    "/systems",
    auth=SessionCaller(),
    response={201: SystemItem} | REFUSALS,
    operation_id="enterSystem",
    summary="登记本机构的系统并签署，开始对接测试；不设许可，不限数量",
)
def enter_system(request: HttpRequest, payload: SystemEntry) -> Status[SystemItem]:
    """Enter a system of the caller's organization and sign for it."""
    caller: Caller = request.auth  # type: ignore[attr-defined]  # set by SessionCaller
    now = clock.now()
    facts = payload.dict(exclude={"responsible", "certificate", "signature"})
    entry = Entry(**facts, responsible=tuple(Responsible(**each.dict()) for each in payload.responsible))
    services.enter_and_sign(
        entry=entry,
        certificate=bytes_of(payload.certificate),
        signature=raw(payload.signature),
        caller=caller,
        now=now,
    )
    return Status(201, _item(system_view(payload.code.strip(), now=now)))


@router.post(
    "/systems/{code}/trial/challenge",
    response={200: SystemItem} | REFUSALS,
    operation_id="answerChallenge",
    summary="提交系统密钥对挑战文本的签名",
)
def answer_challenge(request: HttpRequest, code: str, payload: ChallengeAnswer) -> SystemItem:
    """Take the key's signature; it is believed for itself."""
    services.answer_challenge(code=code, signature=payload.signature, now=clock.now())
    return _item(system_view(code, now=clock.now()))


@router.post(
    "/systems/{code}/trial/messages",
    response={200: ReceiptBatch, 400: Problem} | REFUSALS,
    operation_id="sendTrialMessages",
    summary="递交测试报文；答复同正式地址，报文不入库、不办理、不转发",
)
def send_trial_messages(request: HttpRequest, code: str, batch: Batch) -> ReceiptBatch:
    """Judge trial messages as the exchange does."""
    return trying.receive_trial(code=code, batch=batch, address=address_of(request), now=clock.now())


@router.get(
    "/systems/{code}/trial/messages",
    response={200: list[SignedMessage]} | REFUSALS,
    operation_id="fetchTrialMessages",
    summary="取走平台的两条测试报文，其中一条签名不符（只发送的系统用）",
)
def fetch_trial_messages(request: HttpRequest, code: str) -> list[SignedMessage]:
    """Answer the forged message and the true one."""
    return list(trying.offered_messages(code=code))


@router.post(
    "/systems/{code}/trial/receipts",
    response={200: SystemItem} | REFUSALS,
    operation_id="receiptTrialMessage",
    summary="签收平台的测试报文（只发送的系统用）",
)
def receipt_trial_message(request: HttpRequest, code: str, payload: TrialReceipt) -> SystemItem:
    """Take the system's receipt of the true message."""
    trying.take_receipt(code=code, signature=payload.signature, address=address_of(request), now=clock.now())
    return _item(system_view(code, now=clock.now()))


@router.post(
    "/systems/{code}/trial/kept-receipts",
    response={200: SystemItem} | REFUSALS,
    operation_id="handBackReceipts",
    summary="交回保存的、含退回回执的平台答复",
)
def hand_back_receipts(request: HttpRequest, code: str, answer: ReceiptBatch) -> SystemItem:
    """Take back an answer of ours, verbatim."""
    trying.hand_back(code=code, answer=answer, address=address_of(request), now=clock.now())
    return _item(system_view(code, now=clock.now()))


def _item(view: SystemView) -> SystemItem:
    values: dict[str, Any] = {
        name: getattr(view, name) for name in SystemItem.model_fields if name not in {"tests", "responsible"}
    }
    values["tests"] = [
        TestItem(test=each.test.code, title=each.test.title, how=each.test.how, passed_at=each.passed_at)
        for each in view.tests
    ]
    values["responsible"] = [ResponsibleItem(name=each.name, duty=each.duty) for each in view.responsible]
    return SystemItem.model_validate(values)


def bytes_of(text: str) -> bytes:
    """Read a certificate in base64; what is none is refused as a certificate that cannot be read."""
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return b""


def raw(text: str) -> bytes:
    """Read a signature in base64url; what is none is refused as a signature that does not hold."""
    try:
        return from_base64url(text)
    except ValueError:
        return b""
