"""receive_batch and apply_messages …"""

from dataclasses import replace
from datetime import datetime

import pytest
from pytest_django import Settings

from yuntai.kernel.inbox.apply import TRIES, Delivery, apply_messages
from yuntai.kernel.inbox.door import Forked, NotAuthentic
from yuntai.kernel.inbox.models import InboxMessage, InboxStream
from yuntai.kernel.inbox.services import receive_batch
from yuntai.kernel.peers import own_key
from yuntai.kernel.tests.exchange import HUB_KEY, NOW, STRANGER_KEY, HubStream, registered
from yuntai.standard import receipts
from yuntai.standard.envelope import SignedMessage, sign
from yuntai.standard.identifiers import credit_code
from yuntai.standard.messages import Message, ParticipantRegistered
from yuntai.standard.receipts import Batch, ReceiptBatch
from yuntai.trust import signing

pytestmark = pytest.mark.django_db(transaction=True)
US = "trading-construction"
APPLIED: list[str] = []


def receive(*messages: SignedMessage) -> ReceiptBatch:
    return receive_batch(batch=Batch(messages=messages), address="192.0.2.1", now=NOW)


def remember(message: ParticipantRegistered, delivery: Delivery, now: datetime) -> None:
    APPLIED.append(message.name)


def fail(message: Message, delivery: Delivery, now: datetime) -> None:
    raise RuntimeError("planted")


HANDLERS = {ParticipantRegistered: remember}
BROKEN = {ParticipantRegistered: fail}


def test_stores_in_order_and_answers_a_signed_receipt() -> None:
    answer = receive(*HubStream(US).batch(3).messages)

    assert [receipt.state for receipt in answer.receipts] == ["received"] * 3
    assert answer.expected_seq == 4
    assert receipts.verify(answer, signing.public_key(own_key()))
    assert list(InboxMessage.objects.order_by("id").values_list("seq", flat=True)) == [1, 2, 3]


def test_answers_a_repetition_and_stores_it_once() -> None:
    batch = HubStream(US).batch(2)
    receive(*batch.messages)

    answer = receive(*batch.messages)

    assert [receipt.state for receipt in answer.receipts] == ["duplicate"] * 2
    assert InboxMessage.objects.count() == 2


def test_waits_for_the_number_that_is_missing() -> None:
    first, _, third = HubStream(US).batch(3).messages
    receive(first)

    answer = receive(third)

    assert (answer.receipts, answer.expected_seq) == ((), 2)
    assert InboxMessage.objects.count() == 1


def test_refuses_one_number_with_two_contents() -> None:
    receive(HubStream(US).next(registered(name="甲")))

    with pytest.raises(Forked):
        receive(HubStream(US).next(registered(name="乙")))

    assert InboxMessage.objects.get().signed["payload"]["body"]["name"] == "甲"


def test_refuses_a_message_that_denies_its_predecessor() -> None:
    stream = HubStream(US)
    receive(stream.next(registered()))
    stream.position = replace(stream.position, prev="ab" * 32)

    with pytest.raises(Forked):
        receive(stream.next(registered()))

    assert InboxStream.objects.get().last_seq == 1


def test_refuses_a_forged_signature_and_stores_nothing() -> None:
    genuine = HubStream(US).next(registered())
    forged = SignedMessage(
        payload=genuine.payload,
        signature=sign(genuine.payload, STRANGER_KEY).signature,
        key_id=genuine.key_id,
    )

    with pytest.raises(NotAuthentic):
        receive(forged)

    assert not InboxMessage.objects.exists()
    assert not InboxStream.objects.exists()


def test_refuses_a_message_for_another_system() -> None:
    with pytest.raises(NotAuthentic):
        receive(HubStream("supervision-construction").next(registered()))

    assert not InboxStream.objects.exists()


def test_keeps_what_came_before_a_forged_one() -> None:
    stream = HubStream(US)
    good, second = stream.next(registered()), stream.next(registered())
    forged = SignedMessage(payload=second.payload, signature=good.signature, key_id=good.key_id)

    answer = receive(good, forged)

    assert ([receipt.seq for receipt in answer.receipts], answer.expected_seq) == ([1], 2)


def test_a_body_that_breaks_the_standard_is_numbered_refused_and_never_applied(settings: Settings) -> None:
    stream = HubStream(US)
    spoilt = registered()
    body = spoilt.body() | {"roles": []}
    message = stream.next(spoilt)
    payload = message.payload.model_copy(update={"body": body})
    settings.INBOX_HANDLERS = "yuntai.kernel.tests.test_receive_messages.HANDLERS"
    APPLIED.clear()

    answer = receive(sign(payload, HUB_KEY))
    apply_messages(now=NOW)

    assert answer.receipts[0].state == "rejected"
    assert "roles" in answer.receipts[0].reason
    assert answer.expected_seq == 2
    assert APPLIED == []


def test_applies_each_message_once(settings: Settings) -> None:
    settings.INBOX_HANDLERS = "yuntai.kernel.tests.test_receive_messages.HANDLERS"
    APPLIED.clear()
    receive(*HubStream(US).batch(3).messages)

    while apply_messages(now=NOW):
        pass

    assert APPLIED == ["单位0", "单位1", "单位2"]
    assert not InboxMessage.objects.filter(applied_at=None).exists()


def test_a_failing_handler_blocks_only_its_own_object(settings: Settings) -> None:
    stream = HubStream(US)
    other = credit_code.make("320700", 40)
    settings.INBOX_HANDLERS = "yuntai.kernel.tests.test_receive_messages.BROKEN"
    receive(stream.next(registered()))
    for _ in range(TRIES + 1):
        apply_messages(now=NOW)
    settings.INBOX_HANDLERS = "yuntai.kernel.tests.test_receive_messages.HANDLERS"
    APPLIED.clear()

    receive(stream.next(registered(name="同一单位")), stream.next(registered(code=other, name="别的单位")))
    apply_messages(now=NOW)

    assert APPLIED == ["别的单位"]
    assert InboxMessage.objects.get(seq=1).attempts == TRIES
    assert "planted" in InboxMessage.objects.get(seq=1).fault
