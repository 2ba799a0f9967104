"""apply_messages and the command `stuck` …"""

import logging
import threading
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.inbox.apply import AT_ONCE, PAUSES, TRIES, Delivery, apply_messages
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.tests.exchange import (
    AUTHORITY,
    HUB,
    NOW,
    US,
    HubStream,
    SystemStream,
    directed,
    receive,
    registered,
)
from yuntai.standard.identifiers import credit_code
from yuntai.standard.messages import Message, ParticipantRegistered, SuspensionDirected

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = credit_code.make("320700", 40)
APPLIED: list[str] = []
FAULTY: set[str] = set()
HELD, GO_ON = threading.Event(), threading.Event()


def remember(message: Message, delivery: Delivery, now: datetime) -> None:
    name = getattr(message, "name", "") or getattr(message, "reason", "")
    if name in FAULTY:
        raise RuntimeError("planted")
    APPLIED.append(name)


def remember_slowly(message: Message, delivery: Delivery, now: datetime) -> None:
    HELD.set()
    GO_ON.wait(10)
    remember(message, delivery, now)


HANDLERS = {ParticipantRegistered: remember, SuspensionDirected: remember}
SLOW = {ParticipantRegistered: remember_slowly}


@pytest.fixture(autouse=True)
def _fresh(settings: Settings) -> None:
    settings.INBOX_HANDLERS = "yuntai.kernel.tests.test_apply_messages.HANDLERS"
    for memory in (APPLIED, FAULTY, HELD, GO_ON):
        memory.clear()


def try_until(end: datetime, start: datetime = NOW) -> list[timedelta]:
    """Go round each second; return after how long a message was tried."""
    tries, moment = [], start
    while moment <= end:
        before = sum(InboxMessage.objects.values_list("attempts", flat=True))
        apply_messages(now=moment)
        if sum(InboxMessage.objects.values_list("attempts", flat=True)) > before:
            tries.append(moment - start)
        moment += timedelta(seconds=1)
    return tries


def wear_out(start: datetime = NOW) -> None:
    """Let messages fail as often as they are tried."""
    for hour in range(TRIES):
        apply_messages(now=start + timedelta(hours=hour))


def test_applies_each_message_once() -> None:
    receive(*HubStream(US).batch(3).messages)

    while apply_messages(now=NOW):
        pass

    assert APPLIED == ["单位0", "单位1", "单位2"]
    assert not InboxMessage.objects.filter(applied_at=None).exists()


def test_tries_again_after_growing_pauses_and_then_no_more() -> None:
    FAULTY.add("坏")
    receive(HubStream(US).next(registered(name="坏")))

    tries = try_until(NOW + timedelta(seconds=75))

    assert [pause.total_seconds() for pause in tries] == [0, 1, 11, 71]
    assert [pause.total_seconds() for pause in PAUSES] == [1, 10, 60, 600]
    apply_messages(now=NOW + timedelta(seconds=671))
    assert InboxMessage.objects.get().attempts == TRIES == 5
    assert "planted" in InboxMessage.objects.get().fault
    assert apply_messages(now=NOW + timedelta(days=9)) == 0
    assert InboxMessage.objects.get().attempts == TRIES


def test_what_was_missing_at_first_is_there_at_a_later_try() -> None:
    FAULTY.add("早到")
    receive(HubStream(US).next(registered(name="早到")))
    apply_messages(now=NOW)
    FAULTY.clear()

    apply_messages(now=NOW + timedelta(seconds=1))

    assert APPLIED == ["早到"]


def test_a_failing_message_holds_up_only_its_own_object() -> None:
    FAULTY.add("坏")
    stream = HubStream(US)
    receive(
        stream.next(registered(name="坏")),
        stream.next(registered(name="同一单位")),
        stream.next(registered(code=OTHER, name="别的单位")),
    )

    wear_out()
    apply_messages(now=NOW + timedelta(hours=1))

    assert APPLIED == ["别的单位"]


def test_a_failing_message_does_not_hold_up_another_author_s_about_the_same_object() -> None:
    FAULTY.add("坏")
    hub = HubStream(US)
    receive(
        hub.next(registered(code=OTHER, name="坏")),
        hub.forward(SystemStream(AUTHORITY, HUB).next(directed(tender_code=OTHER, reason="同一编号"))),
    )

    wear_out()

    assert APPLIED == ["同一编号"]


def test_many_that_wait_for_a_stuck_one_do_not_crowd_out_others() -> None:
    FAULTY.add("坏")
    stream = HubStream(US)
    receive(stream.next(registered(name="坏")), *stream.batch(AT_ONCE).messages)
    receive(stream.next(registered(code=OTHER, name="别的单位")))
    apply_messages(now=NOW)

    apply_messages(now=NOW)

    assert APPLIED == ["别的单位"]


def apply_apart() -> None:
    """Apply as another worker does, on a connection of its own."""
    apply_messages(now=NOW)
    connection.close()


def test_two_workers_keep_an_object_s_order(settings: Settings) -> None:
    """The second must not take the later message while the first has the earlier one in hand."""
    stream = HubStream(US)
    receive(stream.next(registered(name="先")))
    settings.INBOX_HANDLERS = "yuntai.kernel.tests.test_apply_messages.SLOW"
    first = threading.Thread(target=apply_apart)
    first.start()
    HELD.wait(10)
    receive(stream.next(registered(name="后")), stream.next(registered(code=OTHER, name="别的单位")))
    settings.INBOX_HANDLERS = "yuntai.kernel.tests.test_apply_messages.HANDLERS"

    apply_messages(now=NOW)
    GO_ON.set()
    first.join(10)
    apply_messages(now=NOW)

    assert APPLIED == ["别的单位", "先", "后"]


def stuck(*arguments: str) -> str:
    out = StringIO()
    call_command("stuck", *arguments, stdout=out)
    return out.getvalue()


def test_the_log_says_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    FAULTY.add("坏")
    receive(HubStream(US).next(registered(name="坏")))

    with caplog.at_level(logging.ERROR):
        wear_out()

    assert f"报文 publicservice/{US}/1 办理 5 次均未成功，不再重试" in caplog.text
    assert "stuck --release" in caplog.text


def test_lists_what_is_stuck() -> None:
    assert stuck() == "停办的报文共 0 条。\n"
    FAULTY.add("坏")
    receive(HubStream(US).next(registered(name="坏")))
    apply_messages(now=NOW)
    assert stuck() == "停办的报文共 0 条。\n", "it is still tried"

    wear_out(NOW + PAUSES[0])

    assert stuck() == (
        f"publicservice/{US}/1  registry.participant.registered.v1  "
        f"publicservice 关于 {registered().subject}  办理 5 次未成功：RuntimeError: planted\n"
        "停办的报文共 1 条。排除原因后用 --release 放行。\n"
    )


def two_stuck() -> None:
    FAULTY.update({"坏一", "坏二"})
    stream = HubStream(US)
    receive(stream.next(registered(name="坏一")), stream.next(registered(code=OTHER, name="坏二")))
    wear_out()
    FAULTY.clear()


def test_an_operator_releases_one() -> None:
    two_stuck()

    assert "共放行 1 条" in stuck("--release", f"publicservice/{US}/2", "--by", "周运营")
    apply_messages(now=NOW)

    assert APPLIED == ["坏二"]
    entry = AuditEntry.objects.get(act="release-message")
    assert (entry.person_name, entry.role) == ("周运营", "operator")
    assert (entry.object_id, entry.version_before != entry.version_after) == (f"publicservice/{US}/2", True)


def test_an_operator_releases_all() -> None:
    two_stuck()

    assert "共放行 2 条" in stuck("--release-all", "--by", "周运营")
    apply_messages(now=NOW)

    assert APPLIED == ["坏一", "坏二"]


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (["--release-all"], "放行须写明放行人"),
        (["--release", "publicservice/x/9", "--by", "周运营"], "publicservice/x/9 不在停办的报文之列"),
    ],
)
def test_refuses_to_release_what_is_not_stuck_or_without_a_name(arguments: list[str], refusal: str) -> None:
    two_stuck()

    with pytest.raises(CommandError, match=refusal):
        stuck(*arguments)

    assert not AuditEntry.objects.filter(act="release-message").exists()
    assert InboxMessage.objects.filter(attempts=TRIES).count() == 2
