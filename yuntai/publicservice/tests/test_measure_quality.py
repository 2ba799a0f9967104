"""Timely, complete, followed, accurate: what is counted, per system; and corrections with both sides."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.inbox.apply import apply_messages
from yuntai.kernel.inbox.services import receive_batch
from yuntai.publicservice.quality import services
from yuntai.publicservice.quality.measures import Counts, FollowUps, accurate, complete, followed, timely
from yuntai.publicservice.quality.models import Correction, QualityDay
from yuntai.publicservice.quality.queries import Quality, corrections_of, qualities
from yuntai.publicservice.quality.services import close_days
from yuntai.publicservice.systems.filling import take_over_list
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.applicants import record
from yuntai.publicservice.tests.factories import DAY, NOW, shown, stream
from yuntai.standard.datasets import data_set
from yuntai.standard.datasets.samples import sample
from yuntai.standard.messages import Message, RecordCorrected
from yuntai.standard.receipts import Batch, Receipt

pytestmark = pytest.mark.django_db(transaction=True)
SENDER = "trading-construction"


@pytest.fixture(autouse=True)
def _new_process() -> None:
    services._closed_until.clear()


class Sender:
    """Sends messages of one system, one batch each."""

    def __init__(self, folder: Path) -> None:
        self.numbering = stream(SENDER, folder)

    def send(self, message: Message, now: datetime = NOW) -> tuple[Receipt, str]:
        """Send it; return its receipt and its msg_id."""
        signed = self.numbering.next(message, now=now)
        answer = receive_batch(batch=Batch(messages=(signed,)), address="", now=now)
        self.numbering.settle(answer)
        return answer.receipts[0], signed.payload.msg_id


@pytest.fixture
def sender(tmp_path: Path) -> Sender:
    return Sender(tmp_path)


def measured(now: datetime = NOW) -> Quality:
    return qualities(now=now)[SENDER]


def broken() -> Message:
    return record(501).model_copy(update={"data_key": "?"})


def corrected(wrong_id: str, **fields: str) -> RecordCorrected:
    facts = record(501, **fields).model_dump(exclude={"type"})
    return RecordCorrected(**facts, corrects=wrong_id, reason="招标项目名称漏写标段")


def test_shares_are_of_what_there_is_to_measure() -> None:
    counts = Counts(received=10, rejected=2, prompt=6, optional=40, filled=10, corrections=1)

    assert (timely(counts), complete(counts), accurate(counts)) == (0.75, 0.25, 0.7)
    assert followed(FollowUps(due=4, missing=1)) == 0.75
    assert (timely(Counts()), complete(Counts()), accurate(Counts()), followed(FollowUps())) == (None,) * 4


@pytest.mark.parametrize(
    ("late", "share"), [(timedelta(minutes=10), 1.0), (timedelta(minutes=10, seconds=1), 0.0)]
)
def test_a_message_is_timely_up_to_ten_minutes(sender: Sender, late: timedelta, share: float) -> None:
    sender.send(factories.registered(occurred_at=NOW - late))

    assert measured().today["timely"] == share


def test_counts_the_optional_fields_that_are_filled(sender: Sender) -> None:
    sender.send(record(501))

    fields = data_set(501).fields
    required = sum(field.required for field in fields)
    assert measured().today["complete"] == (len(sample(501)) - required) / (len(fields) - required)


def test_a_rejected_message_and_a_correction_are_not_accurate(sender: Sender) -> None:
    _, wrong = sender.send(record(501))
    sender.send(record(502))
    sender.send(broken())
    sender.send(corrected(wrong))

    assert measured().today["accurate"] == 0.5
    assert measured().corrections == 1


def test_an_opening_is_due_a_day_after_the_deadline_and_a_contract_31_days_after_the_award() -> None:
    shown(factories.registered(), factories.noticed(bids_due_at=NOW))
    assert qualities(now=NOW + DAY)[SENDER].follow_ups == FollowUps(0, 0)

    later = NOW + DAY + timedelta(seconds=1)
    assert qualities(now=later)[SENDER].follow_ups == FollowUps(1, 1)
    assert qualities(now=later)[SENDER].today["followed"] == 0.0

    shown(factories.opened())
    assert qualities(now=later)[SENDER].follow_ups == FollowUps(1, 0)


def test_a_suspended_or_failed_tender_owes_nothing() -> None:
    shown(factories.registered(), factories.noticed(bids_due_at=NOW), factories.suspended())

    assert qualities(now=NOW + 9 * DAY)[SENDER].follow_ups == FollowUps(0, 0)


def test_a_day_that_is_over_is_counted_once_and_shown_in_the_trend(sender: Sender) -> None:
    sender.send(factories.registered(occurred_at=NOW - DAY), now=NOW - DAY)
    sender.send(record(501), now=NOW)

    assert close_days(now=NOW) == 1
    assert close_days(now=NOW) == 0
    services._closed_until.clear()
    assert close_days(now=NOW) == 0

    row = QualityDay.objects.get()
    assert (row.system, row.day, row.received, row.prompt) == (SENDER, date(2026, 3, 21), 1, 1)
    trend = dict(measured().trend)
    assert trend[date(2026, 3, 21)]["timely"] == 1.0
    assert trend[date(2026, 3, 20)]["timely"] is None
    assert list(trend)[-1] == date(2026, 3, 22)
    assert measured().week["accurate"] == 1.0
    assert AuditEntry.objects.filter(act="close-quality-day").count() == 1


def test_a_day_is_closed_only_when_what_came_before_midnight_is_stored(sender: Sender) -> None:
    sender.send(factories.registered(), now=NOW)
    midnight = datetime(2026, 3, 22, 16, 0, tzinfo=NOW.tzinfo)

    assert close_days(now=midnight + timedelta(minutes=9)) == 0
    assert close_days(now=midnight + timedelta(minutes=10)) == 1


def test_a_correction_is_kept_beside_what_it_corrects_and_shown(sender: Sender, client: Client) -> None:
    take_over_list(now=NOW)
    _, wrong = sender.send(record(501))
    receipt, right = sender.send(corrected(wrong, TENDER_PROJECT_NAME="港区道路二标段"))
    apply_messages(now=NOW)

    assert receipt.state == "received"
    kept = Correction.objects.get()
    assert (kept.system, kept.corrected, kept.correcting) == (SENDER, wrong, right)
    (view,) = corrections_of(SENDER, page=1).rows
    name = data_set(501).field("TENDER_PROJECT_NAME")
    assert name is not None
    assert view.changes == ((name.chinese, sample(501)["TENDER_PROJECT_NAME"], "港区道路二标段"),)
    page = re.sub(r"\s+", " ", client.get(f"/systems/{SENDER}/corrections").content.decode())
    assert "<ins>港区道路二标段</ins>" in page
    assert wrong in page
    assert right in page


def test_fields_that_are_not_public_are_counted_and_not_shown(sender: Sender) -> None:
    known = data_set(501)
    _, wrong = sender.send(record(501))
    secret = next((each.name for each in known.fields if known.openness_of(each) != "公开"), None)
    sender.send(corrected(wrong, TENDER_PROJECT_NAME="港区道路二标段"))
    apply_messages(now=NOW)

    (view,) = corrections_of(SENDER, page=1).rows
    assert secret is None or all(name != secret for name, _, _ in view.changes)
    assert view.hidden == 0


@pytest.mark.parametrize("which", ["unknown", "rejected", "another record"])
def test_only_an_own_accepted_message_about_the_same_record_can_be_corrected(
    sender: Sender, which: str
) -> None:
    _, rejected = sender.send(broken())
    _, other = sender.send(record(502))
    wrong = {"unknown": str(uuid4()), "rejected": rejected, "another record": other}[which]

    receipt, _ = sender.send(corrected(wrong))

    assert receipt.state == "rejected"
    assert ("同一条记录" if which == "another record" else "不能更正") in receipt.reason
    assert Correction.objects.count() == 0


def test_the_pages_show_the_measures_with_their_definition(
    sender: Sender, client: Client, settings: Any
) -> None:
    take_over_list(now=NOW)

    text = re.sub(r"\s+", " ", client.get(f"/systems/{SENDER}").content.decode())

    for words in ("报送质量", "及时", "完整", "后续", "准确", "自事项发生 10 分钟之内", "近 14 日逐日"):
        assert words in text
    assert "还没有更正过" in client.get(f"/systems/{SENDER}/corrections").content.decode()
    assert client.get("/systems/none/corrections").status_code == 404
