"""Supervision down, a disk nearly full, a handler that crashes to the end: said in Chinese, nothing lost."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from yuntai.kernel.inbox.apply import TRIES, apply_messages
from yuntai.kernel.inbox.heartbeats import processed_of
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.inbox.stuck import release_messages
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.outbox.sender import Sender
from yuntai.kernel.outbox.sequencer import number_messages
from yuntai.kernel.tests.operators import write_roots
from yuntai.publicservice import handlers
from yuntai.publicservice.pages.systems import counted
from yuntai.publicservice.portal.models import PublicTender
from yuntai.publicservice.systems.filling import take_over_list
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.counterpart import Counterpart
from yuntai.publicservice.tests.factories import KEYS, NOW, TENDER, stream
from yuntai.standard import receipts
from yuntai.standard.envelope import payload_digest
from yuntai.standard.messages import TenderNoticePublished
from yuntai.standard.receipts import Batch, Receipt
from yuntai.trust import clock

pytestmark = pytest.mark.django_db(transaction=True)
TRADING, AUTHORITY = "trading-construction", "supervision-construction"
FULL = [0.0]


def disk() -> float:
    return FULL[0]


@pytest.fixture(autouse=True)
def _listed(settings: Any, tmp_path: Path) -> None:
    settings.TRUST_ROOTS_FILE = str(write_roots(tmp_path))
    take_over_list(now=NOW)


def authority(request: httpx.Request) -> httpx.Response:
    """Answer as supervision does when it is there."""
    batch = Batch.model_validate_json(request.content)
    taken = [
        Receipt(
            **{name: getattr(each.payload, name) for name in ("iss", "stream", "seq")},
            digest=payload_digest(each.payload),
            state="received",
            received_at=NOW,
        )
        for each in batch.messages
    ]
    answer = receipts.sign(
        receiver=AUTHORITY, receipts=taken, expected_seq=taken[-1].seq + 1, private_key=KEYS[AUTHORITY]
    )
    return httpx.Response(200, text=answer.model_dump_json())


def down(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("Connection refused")


def unsent() -> list[int | None]:
    rows = OutboxMessage.objects.filter(destination=AUTHORITY, delivered_at=None)
    return list(rows.order_by("seq").values_list("seq", flat=True))


def test_supervision_is_down_and_gets_everything_in_order_when_it_is_back(
    tmp_path: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Counterpart(TRADING, NOW).send(tmp_path, factories.registered(), factories.noticed(), now=NOW)
    apply_messages(now=NOW)
    number_messages(now=NOW)
    answers = [down]

    def answer(request: httpx.Request) -> httpx.Response:
        return answers[-1](request)

    sender = Sender(http=httpx.Client(transport=httpx.MockTransport(answer)), chance=lambda: 0.0)

    for second in range(120):
        sender.send_due(now=NOW + timedelta(seconds=second))

    assert unsent() == [1, 2]
    assert PublicTender.objects.filter(code=TENDER).exists(), "the public is not kept waiting"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=120))
    counted.cache_clear()
    page = client.get(f"/systems/{AUTHORITY}").content.decode()
    assert "住建监管系统 的报文超过 60 秒未送达" in page
    assert "报文均已保留，恢复后按编号自动补发" in page

    answers.append(authority)
    sender.send_due(now=NOW + timedelta(minutes=3))

    assert unsent() == []


def test_the_disk_is_nearly_full_and_a_small_message_still_passes(
    tmp_path: Path, client: Client, settings: Any
) -> None:
    settings.DISK_USE = "yuntai.publicservice.tests.test_hard_times.disk"
    FULL[0] = 0.86
    numbering = stream(TRADING, tmp_path)
    registered = numbering.next(factories.registered(), now=NOW)
    long_notice = numbering.next(factories.noticed(text="长" * 8000), now=NOW)

    def post(*messages: Any) -> Any:
        content = Batch(messages=messages).model_dump_json()
        return client.post("/exchange/v1/messages", content, content_type="application/json")

    refused = post(registered, long_notice)
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert refused.json()["detail"] == (
        "接收方磁盘已用超过 85%，只收 16 KiB 以内的请求。请以较小的批次重发，或稍后再试，报文不要丢弃。"
    )
    assert post(registered).status_code == 200
    FULL[0] = 0.5
    assert post(registered, long_notice).status_code == 200
    assert list(InboxMessage.objects.order_by("id").values_list("seq", flat=True)) == [1, 2]


def test_a_handler_that_crashes_five_times_holds_up_one_tender_and_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyError("planted")

    faulty = dict(handlers.HANDLERS) | {TenderNoticePublished: crash}
    monkeypatch.setattr(handlers, "HANDLERS", faulty)
    other = factories.registered(
        tender_code=TENDER.replace("001001", "002001"), project_code="E3207001234000002"
    )
    Counterpart(TRADING, NOW).send(tmp_path, factories.registered(), factories.noticed(), other, now=NOW)

    for hour in range(TRIES + 1):
        apply_messages(now=NOW + timedelta(hours=hour))

    stuck = InboxMessage.objects.get(seq=2)
    assert (stuck.attempts, stuck.applied_at) == (5, None)
    assert processed_of(stuck).outcome == "quarantined"
    assert processed_of(stuck).reason.startswith("多次办理均未成功，已停办")
    assert InboxMessage.objects.get(seq=3).applied_at is not None
    monkeypatch.undo()
    release_messages([], by="周运营", now=NOW)
    apply_messages(now=NOW + timedelta(days=1))
    assert InboxMessage.objects.filter(applied_at=None).count() == 0
