"""receive_batch and apply_messages …"""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import Settings

from yuntai.kernel.inbox.acceptance import NotAuthentic
from yuntai.kernel.inbox.apply import apply_messages
from yuntai.kernel.inbox.door import Forked
from yuntai.kernel.inbox.models import InboxMessage, InboxStream
from yuntai.kernel.peers import own_key
from yuntai.kernel.tests.exchange import (
    HUB_KEY,
    NOW,
    STRANGER_KEY,
    US,
    HubStream,
    directed,
    outcome,
    receive,
    registered,
)
from yuntai.standard import receipts
from yuntai.standard.envelope import SignedMessage, sign
from yuntai.trust import signing

pytestmark = pytest.mark.django_db(transaction=True)
NONE: dict[type, object] = {}


def test_stores_in_order_and_answers_a_signed_receipt() -> None:
    answer = receive(*HubStream(US).batch(3).messages)

    assert [receipt.state for receipt in answer.receipts] == ["received"] * 3
    assert answer.expected_seq == 4
    assert receipts.verify(answer, signing.public_key(own_key()))
    assert list(InboxMessage.objects.order_by("id").values_list("seq", flat=True)) == [1, 2, 3]


def test_answers_a_repetition_and_stores_it_once() -> None:
    batch = HubStream(US).batch(2)
    first = receive(*batch.messages)

    answer = receive(*batch.messages, now=NOW + timedelta(hours=1))

    assert answer.receipts == first.receipts
    assert InboxMessage.objects.count() == 2


def test_a_lost_rejection_is_told_again() -> None:
    spoilt = HubStream(US).next(directed())
    first = receive(spoilt)

    assert receive(spoilt).receipts == first.receipts
    assert first.receipts[0].state == "rejected"


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
    payload = stream.next(spoilt).payload.model_copy(update={"body": body})
    settings.INBOX_HANDLERS = "yuntai.kernel.tests.test_receive_messages.NONE"

    answer = receive(sign(payload, HUB_KEY))

    assert answer.receipts[0].state == "rejected"
    assert "roles" in answer.receipts[0].reason
    assert answer.expected_seq == 2
    assert apply_messages(now=NOW) == 0


def test_tells_the_reason_in_one_line_whatever_the_sender_wrote() -> None:
    body = registered().body() | {"多余\n的": 1, "type": "registry.participant.registered.v1"}
    payload = HubStream(US).next(registered()).payload.model_copy(update={"body": body})

    state, reason = outcome(sign(payload, HUB_KEY))

    assert (state, "\n" in reason, "多余 的 标准中没有此项" in reason) == ("rejected", False, True)


def test_keeps_a_message_of_the_longest_type_and_subject() -> None:
    long = "x" * 100
    body = {"type": long}
    payload = (
        HubStream(US).next(registered()).payload.model_copy(update={"body": body, "type": long, "obj": long})
    )

    state, reason = outcome(sign(payload, HUB_KEY))

    assert (state, "没有" in reason) == ("rejected", True)
    assert InboxMessage.objects.get().subject == long
