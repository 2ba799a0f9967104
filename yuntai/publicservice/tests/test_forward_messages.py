"""Forwarding through the hub: once, verbatim, in order, and only what its sender may send."""

from pathlib import Path

import pytest

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.inbox.apply import apply_messages
from yuntai.kernel.inbox.door import Forked
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.inbox.services import receive_batch
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.publicservice.portal.models import PublicTender
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.factories import KEYS, NOW, stream
from yuntai.standard.envelope import SignedMessage, verify
from yuntai.standard.messages import (
    Message,
    MessageForwarded,
    ParticipantRegistered,
    StreamForked,
    parse,
    type_of,
)
from yuntai.standard.receipts import Batch, ReceiptBatch
from yuntai.standard.receipts import verify as verify_receipts
from yuntai.trust import signing

pytestmark = pytest.mark.django_db(transaction=True)


def deliver(folder: Path, sender: str, *messages: Message) -> tuple[Batch, ReceiptBatch]:
    numbering = stream(sender, folder)
    batch = Batch(messages=tuple(numbering.next(message, now=NOW) for message in messages))
    return batch, receive_batch(batch=batch, address="127.0.0.1", now=NOW)


def queued(destination: str) -> list[SignedMessage]:
    rows = OutboxMessage.objects.filter(destination=destination).order_by("id")
    return [SignedMessage.model_validate(row.body["origin"]) for row in rows]


def test_forwards_a_trading_message_to_its_supervision_verbatim(tmp_path: Path) -> None:
    batch, _ = deliver(tmp_path, "trading-construction", factories.registered(), factories.noticed())

    assert queued("supervision-construction") == list(batch.messages)
    assert all(
        verify(message, signing.public_key(KEYS["trading-construction"]))
        for message in queued("supervision-construction")
    )
    assert set(OutboxMessage.objects.values_list("destination", flat=True)) == {"supervision-construction"}
    assert set(OutboxMessage.objects.values_list("type", flat=True)) == {"exchange.message.forwarded.v1"}


def test_forwards_once_however_often_it_is_delivered(tmp_path: Path) -> None:
    batch, _ = deliver(tmp_path, "trading-construction", factories.registered(), factories.noticed())

    again = receive_batch(batch=batch, address="127.0.0.1", now=NOW)

    assert [receipt.state for receipt in again.receipts] == ["received", "received"]
    assert InboxMessage.objects.count() == 2
    assert len(queued("supervision-construction")) == 2


def test_sends_a_directive_to_the_system_it_names(tmp_path: Path) -> None:
    batch, _ = deliver(tmp_path, "supervision-construction", factories.directive())

    assert queued("trading-construction") == list(batch.messages)
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("sender", "message"),
    [("history-archive", factories.history()), ("supervision-construction", factories.warning())],
)
def test_passes_on_nothing_that_concerns_nobody(tmp_path: Path, sender: str, message: Message) -> None:
    deliver(tmp_path, sender, message)

    assert InboxMessage.objects.count() == 1
    assert not OutboxMessage.objects.exists()


def participant() -> ParticipantRegistered:
    return ParticipantRegistered(
        occurred_at=NOW,
        organization_code=factories.BIDDERS[0],
        name="江苏云台建设有限公司",
        roles=("bidder",),
        region_code="320700",
        contact_name="赵投标",
        registered_at=NOW,
    )


@pytest.mark.parametrize(
    ("sender", "message"),
    [
        ("supervision-construction", factories.registered()),
        ("history-archive", factories.registered()),
        ("trading-construction", factories.directive()),
        ("history-archive", factories.directive()),
        ("trading-construction", factories.warning()),
        ("trading-construction", participant()),
        ("supervision-construction", factories.history()),
        (
            "trading-water",
            MessageForwarded(
                occurred_at=NOW, origin=factories.signed(factories.noticed(), "trading-construction")
            ),
        ),
    ],
)
def test_a_system_may_not_speak_for_another_kind(tmp_path: Path, sender: str, message: Message) -> None:
    _, answer = deliver(tmp_path, sender, message)
    apply_messages(now=NOW)

    assert [receipt.state for receipt in answer.receipts] == ["rejected"]
    assert answer.receipts[0].reason == (
        f"{sender} 不是可以发送“{type_of(message)}”的系统。请核对报文类型与对接登记的系统类别。"
    )
    assert not OutboxMessage.objects.exists()
    assert not PublicTender.objects.exists()


@pytest.mark.parametrize(
    ("sender", "message", "reason"),
    [
        ("supervision-water", factories.directive(), "只能向本行业（water）的交易系统发指令"),
        ("supervision-construction", factories.directive(target_system="t-x"), "没有代码为 t-x 的交易系统"),
        ("trading-water", factories.registered(), "不能登记 construction 行业的招标项目"),
    ],
)
def test_the_hub_s_own_rules_are_answered_with_a_signed_rejection(
    tmp_path: Path, sender: str, message: Message, reason: str
) -> None:
    _, answer = deliver(tmp_path, sender, message)

    assert answer.receipts[0].state == "rejected"
    assert reason in answer.receipts[0].reason
    assert verify_receipts(answer, signing.public_key(KEYS["publicservice"]))
    assert not OutboxMessage.objects.exists()


def test_rejects_what_its_sender_may_not_send_and_goes_on(tmp_path: Path) -> None:
    batch, answer = deliver(tmp_path, "trading-construction", factories.directive(), factories.registered())

    assert [receipt.state for receipt in answer.receipts] == ["rejected", "received"]
    assert queued("supervision-construction") == [batch.messages[1]]
    assert not queued("trading-construction")


def fork(folder: Path, sender: str) -> None:
    """Sign two first messages, as two programs with one key would, and send both."""
    deliver(folder / "one", sender, factories.directive(reason="甲"))
    with pytest.raises(Forked):
        deliver(folder / "other", sender, factories.directive(reason="乙"))


@pytest.mark.parametrize(
    ("sender", "told"),
    [
        ("trading-construction", {"supervision-construction"}),
        ("supervision-water", {"supervision-water"}),
        ("history-archive", {"supervision-construction", "supervision-water"}),
    ],
)
def test_tells_the_supervision_concerned_of_a_fork(tmp_path: Path, sender: str, told: set[str]) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()

    fork(tmp_path, sender)

    alarms = list(OutboxMessage.objects.filter(type="exchange.stream.forked.v1"))
    assert {each.destination for each in alarms} == told
    alarm = parse(alarms[0].body)
    assert isinstance(alarm, StreamForked)
    assert alarm.system_code == alarm.subject == sender
    assert all(verify(each, signing.public_key(KEYS[sender])) for each in (alarm.kept, alarm.contradicting))
    assert [each.payload.body["reason"] for each in (alarm.kept, alarm.contradicting)] == ["甲", "乙"]


def test_writes_an_audit_row_for_what_came_in(tmp_path: Path) -> None:
    deliver(tmp_path, "trading-construction", factories.registered())

    entry = AuditEntry.objects.get(act="receive-messages")
    assert entry.person_id == "trading-construction"
    assert entry.address == "127.0.0.1"
    assert entry.detail == {"count": 1, "to": 1}
