"""reconcile_system: the platform and a system of another vendor compare what each keeps."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from yuntai.kernel.errors import Forbidden
from yuntai.kernel.inbox.apply import apply_messages
from yuntai.kernel.inbox.models import InboxMessage, StreamFork
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.outbox.sequencer import number_messages
from yuntai.kernel.outbox.services import publish_all
from yuntai.kernel.tests.operators import write_roots
from yuntai.publicservice.reconciliation import services
from yuntai.publicservice.reconciliation.due import last_night, run_first
from yuntai.publicservice.reconciliation.models import Reconciliation, ReconciliationOrder
from yuntai.publicservice.reconciliation.queries import report_of
from yuntai.publicservice.reconciliation.services import (
    CannotReconcile,
    order_reconciliation,
    reconcile_system,
)
from yuntai.publicservice.systems.filling import take_over_list
from yuntai.publicservice.systems.services import SystemNotFound
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.counterpart import Counterpart
from yuntai.publicservice.tests.factories import KEYS, NOW, PLATFORM_OPERATOR, by_hand, caller
from yuntai.standard import reconciliation_report as standard
from yuntai.standard.envelope import payload_digest, sign
from yuntai.standard.reconciliation import HOUR
from yuntai.standard.reconciliation_report import Report, StreamCompared
from yuntai.trust import signing

pytestmark = pytest.mark.django_db(transaction=True)

TRADING, AUTHORITY = "trading-construction", "supervision-construction"
LATER = NOW + timedelta(hours=2)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def _listed(settings: Any, tmp_path: Path) -> None:
    settings.TRUST_ROOTS_FILE = str(write_roots(tmp_path))
    take_over_list(now=NOW - timedelta(days=40))


def vendor(folder: Path, count: int = 5) -> Counterpart:
    """A system that sent `count` messages, all acted on."""
    found = Counterpart(TRADING, LATER)
    notices = (factories.noticed(title=f"第 {number} 份公告") for number in range(2, count + 1))
    found.send(folder, factories.registered(), *notices)
    while apply_messages(now=NOW):
        pass
    return found


def authority(count: int = 5) -> Counterpart:
    """A system that was sent `count` messages and receipted them."""
    by_hand(
        lambda: publish_all(
            [factories.noticed(title=f"第 {number} 份公告") for number in range(count)],
            now=NOW,
            destination=AUTHORITY,
        )
    )
    number_messages(now=NOW)
    found = Counterpart(AUTHORITY, LATER)
    found.take_all()
    return found


def run(other: Counterpart, now: datetime = LATER) -> Report:
    """Reconcile with it; return the report."""
    kept = reconcile_system(code=other.code, reason="command", now=now, http=other.http())
    return report_of(kept)


def only(report: Report) -> StreamCompared:
    (told,) = report.statement.streams
    return told


def rows(seq: int) -> Any:
    return InboxMessage.objects.filter(iss=TRADING, seq=seq)


def test_both_sides_equal(tmp_path: Path) -> None:
    report = run(vendor(tmp_path))

    told = only(report)
    assert report.statement.state == "equal"
    assert (told.author, told.hours, told.messages, told.differing) == (TRADING, 1, 5, ())
    assert told.root_at_platform == told.root_at_system


def test_a_row_deleted_at_the_platform_is_sent_again_and_not_acted_on_twice(tmp_path: Path) -> None:
    other = vendor(tmp_path)
    before = InboxMessage.objects.filter(iss=TRADING, seq=3).values().get()
    forwarded = OutboxMessage.objects.count()
    by_hand(lambda: rows(3).delete())

    report = run(other)

    told = only(report)
    assert report.statement.state == "differs"
    assert (told.lacking_at_platform, told.restored, told.lacking_at_system) == (((3, 3),), ((3, 3),), ())
    assert [(each.count_at_platform, each.count_at_system) for each in told.differing] == [(4, 5)]
    after = rows(3).values().get()
    assert {**after, "id": 0} == {**before, "id": 0}, "also when it came and when it was acted on"
    assert apply_messages(now=LATER) == 0
    assert OutboxMessage.objects.count() == forwarded
    assert run(other).statement.state == "equal"


def test_a_row_deleted_before_it_was_acted_on_is_acted_on(tmp_path: Path) -> None:
    other = vendor(tmp_path)
    other.send(tmp_path, factories.noticed(title="还没有办理"))
    by_hand(lambda: rows(6).delete())

    run(other)

    assert rows(6).get().applied_at is None
    assert apply_messages(now=LATER) == 1


def test_the_last_row_deleted_and_a_run_of_rows(tmp_path: Path) -> None:
    other = vendor(tmp_path, 60)
    by_hand(lambda: InboxMessage.objects.filter(seq__gte=31).delete())

    assert only(run(other)).restored == ((31, 60),)
    assert run(other).statement.state == "equal"


def test_a_row_that_the_sender_deleted_is_kept_here_and_reported(tmp_path: Path) -> None:
    other = vendor(tmp_path)
    del other.sent[2]

    told = only(run(other))

    assert (told.lacking_at_system, told.sent_again) == (((2, 2),), ())
    assert rows(2).exists()
    assert run(other).statement.state == "differs", "it stays an alarm"


def test_what_the_receiver_lost_is_queued_again() -> None:
    other = authority()
    del other.received[4]

    report = run(other)

    told = only(report)
    assert (told.author, told.lacking_at_system, told.sent_again) == ("publicservice", ((4, 4),), ((4, 4),))
    assert list(OutboxMessage.objects.filter(delivered_at=None).values_list("seq", flat=True)) == [4]
    assert run(other).statement.state == "equal", "what is under way is no difference"
    assert only(run(other)).under_way == 1
    other.take_all()
    assert (run(other).statement.state, only(run(other)).under_way) == ("equal", 0)


def test_what_the_platform_deleted_of_its_own_is_reported() -> None:
    other = authority()
    by_hand(lambda: OutboxMessage.objects.filter(seq=2).delete())

    told = only(run(other))

    assert (told.lacking_at_platform, told.restored) == (((2, 2),), ())
    assert 2 in other.received


def test_an_altered_digest_is_found_on_either_side(tmp_path: Path) -> None:
    other = vendor(tmp_path)
    by_hand(lambda: rows(2).update(digest="ab" * 32))
    by_hand(lambda: rows(4).update(digest="no digest"))

    found = only(run(other)).contradicting

    assert [(each.seq, each.finding) for each in found] == [
        (2, "damaged-at-platform"),
        (4, "damaged-at-platform"),
    ]
    assert not StreamFork.objects.exists()


def test_a_content_altered_at_the_other_side_is_found(tmp_path: Path) -> None:
    other = vendor(tmp_path)
    whole = other.sent[2]
    other.sent[2] = whole.model_copy(
        update={"payload": whole.payload.model_copy(update={"obj": "E3207001234000001009"})}
    )

    (found,) = only(run(other)).contradicting

    assert (found.seq, found.finding, found.at_platform) == (
        2,
        "damaged-at-system",
        payload_digest(whole.payload),
    )


def test_two_signed_contents_of_one_number_are_the_fork_alarm(tmp_path: Path) -> None:
    other = vendor(tmp_path)
    kept = other.sent[5]
    second = kept.payload.model_copy(update={"obj": "E3207001234000001009"})
    other.sent[5] = sign(second, KEYS[TRADING])

    (found,) = only(run(other)).contradicting

    assert found.finding == "forked"
    fork = StreamFork.objects.get()
    assert (fork.iss, fork.seq, fork.digest) == (TRADING, 5, payload_digest(second))
    assert fork.kept == kept.to_json()
    assert OutboxMessage.objects.filter(type="exchange.stream.forked.v1").count() >= 1
    told = OutboxMessage.objects.filter(type="exchange.stream.forked.v1").count()
    run(other)
    assert OutboxMessage.objects.filter(type="exchange.stream.forked.v1").count() == told, "told once"


def test_a_message_that_does_not_fit_is_not_taken_in_where_one_was_lost(tmp_path: Path) -> None:
    other = vendor(tmp_path)
    second = other.sent[3].payload.model_copy(update={"obj": "E3207001234000001009"})
    other.sent[3] = sign(second, KEYS[TRADING])
    by_hand(lambda: rows(3).delete())

    told = only(run(other))

    assert (told.lacking_at_platform, told.restored) == (((3, 3),), ())
    assert not rows(3).exists()
    fork = StreamFork.objects.get()
    assert (fork.signed, fork.kept) == (rows(4).get().signed, other.sent[3].to_json())


def test_the_other_side_is_down_and_nothing_is_lost(tmp_path: Path) -> None:
    other = vendor(tmp_path)
    other.is_down = True
    by_hand(lambda: rows(3).delete())

    report = run(other)

    assert (report.statement.state, report.statement.streams) == ("unanswered", ())
    assert "HTTP 503" in report.statement.fault
    other.is_down = False
    assert only(run(other)).restored == ((3, 3),)


def test_an_answer_by_another_key_is_not_believed(tmp_path: Path) -> None:
    other = vendor(tmp_path)
    other.key = signing.new_private_key()

    statement = run(other).statement

    assert statement.state == "unanswered"
    assert "不是 trading-construction 对本次询问签署的" in statement.fault


def test_an_hour_ends_a_microsecond_before_the_next(tmp_path: Path) -> None:
    other = Counterpart(TRADING, LATER)
    other.send(tmp_path, factories.noticed(title="最后一微秒"), now=NOW + HOUR - MICROSECOND)
    other.send(tmp_path, factories.noticed(title="下一小时"), now=NOW + HOUR)
    by_hand(lambda: rows(1).update(digest="ab" * 32))
    by_hand(lambda: rows(2).update(digest="ab" * 32))

    early = only(run(other, now=NOW + 2 * HOUR + timedelta(minutes=10) - MICROSECOND))
    assert [each.hour for each in early.differing] == [NOW], "the hour is not settled yet"

    late = only(run(other, now=NOW + 2 * HOUR + timedelta(minutes=10)))
    assert [each.hour for each in late.differing] == [NOW, NOW + HOUR]


def test_the_running_hour_of_the_other_side_is_left_out(tmp_path: Path) -> None:
    other = vendor(tmp_path)
    other.now = NOW + timedelta(minutes=30)

    assert only(run(other)).hours == 0


def test_finds_one_of_many_by_halving_and_asks_little(tmp_path: Path) -> None:
    other = Counterpart(TRADING, LATER)
    other.send(tmp_path, *(factories.noticed(title=f"第 {number} 份公告") for number in range(700)))
    del other.sent[333]

    assert only(run(other)).lacking_at_system == ((333, 333),)

    assert len(other.asked) <= 4
    assert sum(len(each.parts) for each in other.asked) <= 1 + 16


def test_the_report_bears_the_platform_s_signature_and_no_alteration(tmp_path: Path) -> None:
    report = run(vendor(tmp_path))
    key = signing.public_key(KEYS["publicservice"])

    assert standard.verify(report, key)

    said = json.loads(report.model_dump_json())
    said["statement"]["streams"][0]["messages"] = 4
    assert not standard.verify(Report.model_validate(said), key)
    assert not standard.verify(report, signing.public_key(KEYS[TRADING]))


def test_the_command_says_it_in_chinese_and_by_its_exit_code(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = vendor(tmp_path)
    monkeypatch.setattr(services, "connect", other.http)
    monkeypatch.setattr("yuntai.trust.clock.now", lambda: LATER)

    call_command("reconcile", TRADING)
    assert "第 1 次对账" in (said := capsys.readouterr().out)
    assert "核对 1 个小时、5 条。一致。" in said

    by_hand(lambda: rows(3).delete())
    with pytest.raises(SystemExit) as ended:
        call_command("reconcile", TRADING)
    assert ended.value.code == 1
    assert "平台缺 1 条：3 号；系统已重发，补回 1 条。" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "words"), [("history-archive", "没有接收地址"), ("nobody", "没有登记代码为 nobody")]
)
def test_only_a_system_with_an_address_can_be_asked(code: str, words: str) -> None:
    with pytest.raises((CannotReconcile, SystemNotFound), match=words):
        reconcile_system(code=code, reason="command", now=NOW)

    assert not Reconciliation.objects.exists()


def test_each_night_and_once_more_after_a_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = vendor(tmp_path)
    by_hand(lambda: rows(3).delete())
    monkeypatch.setattr(services, "connect", other.http)
    night = last_night(NOW + timedelta(days=1))
    assert night == datetime(2026, 3, 22, 18, 10, tzinfo=UTC)
    other.now = night + timedelta(minutes=30)

    def done(now: datetime) -> list[tuple[str, str]]:
        before = Reconciliation.objects.count()
        while run_first(now=now):
            pass
        new = Reconciliation.objects.order_by("pk")[before:]
        return [(each.reason, each.outcome) for each in new if each.system.code == TRADING]

    assert done(night - MICROSECOND)[:1] == [("nightly", "differs")], "of the night before"
    assert done(night) == [("nightly", "equal")]
    assert done(night + timedelta(minutes=5)) == []
    by_hand(lambda: rows(3).delete())
    reconcile_system(code=TRADING, reason="command", now=night, http=other.http())
    assert done(night + timedelta(minutes=10) - MICROSECOND) == []
    assert done(night + timedelta(minutes=10)) == [("recheck", "equal")]
    assert done(night + timedelta(minutes=30)) == []


def test_the_operator_orders_a_run_and_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = vendor(tmp_path)
    monkeypatch.setattr(services, "connect", other.http)
    with pytest.raises(Forbidden):
        order_reconciliation(code=TRADING, caller=caller(), now=LATER)
    assert not ReconciliationOrder.objects.exists()
    operator = caller(organization_code=PLATFORM_OPERATOR, roles=frozenset({"operator"}))

    order_reconciliation(code=TRADING, caller=operator, now=LATER)
    order_reconciliation(code=TRADING, caller=operator, now=LATER)

    assert ReconciliationOrder.objects.count() == 1
    assert run_first(now=LATER) == 1
    assert ReconciliationOrder.objects.get().done_at == LATER
    assert Reconciliation.objects.get(reason="ordered").outcome == "equal"
