"""What is rejected at the door although it is authentic: who may speak, what came before."""

import pytest
from pytest_django import Settings

from yuntai.kernel.inbox.apply import apply_messages
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.peers import Peer
from yuntai.kernel.tests.exchange import (
    AUTHORITY,
    HUB,
    NEIGHBOUR,
    STRANGER_KEY,
    US,
    HubStream,
    SystemStream,
    directed,
    outcome,
    receive,
    registered,
)
from yuntai.standard.envelope import SignedMessage
from yuntai.standard.messages import Message, MessageForwarded

pytestmark = pytest.mark.django_db(transaction=True)


def refuse_all(message: Message, author: Peer) -> str:
    return f"{author.code} 关于 {message.subject} 的报文不收。"


@pytest.fixture
def hub() -> HubStream:
    return HubStream(US)


@pytest.fixture
def authority() -> SystemStream:
    """The authority's stream to the platform."""
    return SystemStream(AUTHORITY, HUB)


def test_a_rejected_message_is_numbered_and_the_stream_goes_on(hub: HubStream) -> None:
    answer = receive(hub.next(directed()), hub.next(registered()))

    assert [receipt.state for receipt in answer.receipts] == ["rejected", "received"]
    assert answer.receipts[0].reason == (
        "publicservice 不是可以发送“supervision.directive.suspend.v1”的系统。"
        "请核对报文类型与对接登记的系统类别。"
    )
    assert answer.expected_seq == 3
    assert apply_messages(now=answer.receipts[0].received_at) == 1


def test_only_the_platform_writes_to_a_trading_system_directly() -> None:
    state, reason = outcome(SystemStream(AUTHORITY, US).next(directed()))

    assert state == "rejected"
    assert reason == "trading-construction 只接收公共服务平台的报文。请把报文发给公共服务平台，由它转发。"


def test_a_header_about_another_object_is_rejected(hub: HubStream) -> None:
    state, reason = outcome(hub.next(registered(), obj="E1"))

    assert (state, "报文头的对象 E1" in reason) == ("rejected", True)


def test_the_system_s_own_rules_are_asked(hub: HubStream, settings: Settings) -> None:
    settings.INBOX_REFUSAL = "yuntai.kernel.tests.test_accept_messages.refuse_all"

    state, reason = outcome(hub.next(registered()))

    assert (state, reason) == ("rejected", f"publicservice 关于 {registered().subject} 的报文不收。")


@pytest.mark.parametrize("length", [2000, 2001])
def test_a_long_reason_is_told(
    hub: HubStream, settings: Settings, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    settings.INBOX_REFUSAL = "yuntai.kernel.tests.test_accept_messages.refuse_all"
    monkeypatch.setattr(f"{__name__}.refuse_all", lambda *_: "长" * length)

    assert outcome(hub.next(registered())) == ("rejected", "长" * 2000)


def test_a_repeated_msg_id_is_rejected_under_a_new_number(hub: HubStream) -> None:
    first = hub.next(registered(name="甲"))
    receive(first)

    state, reason = outcome(hub.next(registered(name="乙"), msg_id=first.payload.msg_id))

    assert (state, "已收到过" in reason) == ("rejected", True)


def test_a_repeated_msg_id_is_rejected_within_a_batch(hub: HubStream) -> None:
    first = hub.next(registered(name="甲"))

    state, _ = outcome(first, hub.next(registered(name="乙"), msg_id=first.payload.msg_id))

    assert state == "rejected"


def test_the_msg_id_of_a_rejected_message_is_free(hub: HubStream) -> None:
    rejected = hub.next(directed())
    receive(rejected)

    state, _ = outcome(hub.next(registered(), msg_id=rejected.payload.msg_id))

    assert state == "received"


def test_a_forwarded_message_counts_as_its_author_s(hub: HubStream, authority: SystemStream) -> None:
    inner = authority.next(directed())

    assert outcome(hub.forward(inner)) == ("received", "")

    row = InboxMessage.objects.get()
    assert (row.origin, row.msg_id, row.subject) == (AUTHORITY, inner.payload.msg_id, directed().subject)


def forged(genuine: SignedMessage) -> SignedMessage:
    body = genuine.payload.body | {"reason": "改过的理由"}
    return genuine.model_copy(update={"payload": genuine.payload.model_copy(update={"body": body})})


def test_a_forwarded_message_that_was_altered_is_rejected(hub: HubStream, authority: SystemStream) -> None:
    state, reason = outcome(hub.forward(forged(authority.next(directed()))))

    assert (state, "原签名不符" in reason) == ("rejected", True)
    assert InboxMessage.objects.get().origin == HUB, "what the authority did not sign is not noted as its own"


def test_a_forwarded_message_with_another_s_signature_is_rejected(
    hub: HubStream, authority: SystemStream
) -> None:
    signature = authority.next(directed(), key=STRANGER_KEY).signature
    genuine = SystemStream(AUTHORITY, HUB).next(directed())

    state, _ = outcome(hub.forward(genuine.model_copy(update={"signature": signature})))

    assert state == "rejected"


def test_a_forwarded_message_of_an_unknown_author_is_rejected(
    hub: HubStream, authority: SystemStream
) -> None:
    inner = authority.next(directed(), iss="supervision-land")

    state, reason = outcome(hub.forward(inner))

    assert (state, "没有代码为 supervision-land 的对接系统" in reason) == ("rejected", True)


def test_what_was_written_to_another_system_is_not_passed_on(hub: HubStream) -> None:
    aside = SystemStream(AUTHORITY, NEIGHBOUR).next(directed())

    state, reason = outcome(hub.forward(aside))

    assert (state, f"是写给 {NEIGHBOUR} 的" in reason) == ("rejected", True)


def test_an_author_may_not_speak_for_another_kind_through_the_platform(hub: HubStream) -> None:
    state, reason = outcome(hub.forward(SystemStream(NEIGHBOUR, HUB).next(directed())))

    assert (state, f"{NEIGHBOUR} 不是可以发送" in reason) == ("rejected", True)


def test_a_forwarded_header_about_another_object_is_rejected(hub: HubStream, authority: SystemStream) -> None:
    state, reason = outcome(hub.forward(authority.next(directed(), obj="E1")))

    assert (state, "报文头的对象 E1" in reason) == ("rejected", True)


def test_a_forwarding_about_another_object_is_rejected(hub: HubStream, authority: SystemStream) -> None:
    state, reason = outcome(hub.forward(authority.next(directed()), obj="E1"))

    assert (state, "报文头的对象 E1" in reason) == ("rejected", True)


def test_a_forwarding_of_a_forwarding_is_rejected(hub: HubStream, authority: SystemStream) -> None:
    own = SystemStream(HUB, HUB)
    inside = own.next(
        MessageForwarded(occurred_at=registered().occurred_at, origin=authority.next(directed()))
    )

    state, reason = outcome(hub.forward(inside))

    assert (state, "本身又是转发" in reason) == ("rejected", True)


def test_a_message_that_is_forwarded_again_is_rejected(hub: HubStream, authority: SystemStream) -> None:
    inner = authority.next(directed())
    receive(hub.forward(inner))

    assert outcome(hub.forward(inner))[0] == "rejected"
    assert outcome(HubStream(US, "another-stream").forward(inner))[0] == "rejected"
    assert InboxMessage.objects.filter(refusal="").count() == 1


def test_an_author_s_messages_only_go_forward(hub: HubStream, authority: SystemStream) -> None:
    first, second, third, fourth = (authority.next(directed(reason=f"第{number}次")) for number in range(4))

    assert outcome(hub.forward(second))[0] == "received"
    assert outcome(hub.forward(fourth)) == ("received", ""), "the platform passes on only a part"
    for late in (first, third):
        state, reason = outcome(hub.forward(late))
        assert (state, "已转发到第 4 号" in reason) == ("rejected", True)


def test_going_back_within_a_batch_is_rejected(hub: HubStream, authority: SystemStream) -> None:
    first, second = authority.next(directed()), authority.next(directed(reason="又查"))

    answer = receive(hub.forward(second), hub.forward(first))

    assert [receipt.state for receipt in answer.receipts] == ["received", "rejected"]


def test_a_rejected_message_does_not_move_its_author_on(hub: HubStream, authority: SystemStream) -> None:
    first, second = authority.next(directed()), authority.next(directed(reason="又查"))
    receive(hub.forward(forged(second)))

    assert outcome(hub.forward(first))[0] == "received"
