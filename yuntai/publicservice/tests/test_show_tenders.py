"""Taking messages into the portal: in any order, each once, and only from the tender's own system."""

import random
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.forms import model_to_dict

from yuntai.kernel.audit.models import AuditEntry
from yuntai.publicservice.handlers import HANDLERS
from yuntai.publicservice.portal.facts import tender_facts
from yuntai.publicservice.portal.models import PublicEvent, PublicTender
from yuntai.publicservice.portal.services import TenderUnknown, show
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.factories import DAY, NOW, TENDER, delivery, shown
from yuntai.standard.messages import LotFacts, Message, TenderNoticePublished

pytestmark = pytest.mark.django_db(transaction=True)


def whole_story() -> list[Message]:
    """A tender from registration to contract, with an amended notice and a suspension in between."""
    later = factories.noticed(occurred_at=NOW - 5 * DAY, bids_due_at=NOW + 2 * DAY, title="更正公告")
    return [
        factories.registered(),
        factories.noticed(),
        later,
        factories.suspended(),
        factories.resumed(bids_due_at=NOW + 2 * DAY),
        factories.opened(),
        factories.candidates(),
        factories.awarded(),
        factories.contracted(),
        factories.lot_ended(final_status="complete", reason="", clause="", occurred_at=NOW + 11 * DAY),
        factories.ended(final_status="complete", reason="", clause="", occurred_at=NOW + 11 * DAY),
    ]


def facts_now() -> dict[str, object]:
    return model_to_dict(PublicTender.objects.get(), exclude=["id"])


def test_the_handlers_cover_the_messages_that_change_something_here() -> None:
    assert {handled.model_fields["type"].default for handled in HANDLERS} == {
        "exchange.code.requested.v1",
        "exchange.record.corrected.v1",
        "trading.tender.history-recorded.v1",
        "trading.tender.registered.v1",
        "trading.tender.notice-published.v1",
        "trading.tender.opening-recorded.v1",
        "trading.tender.candidates-published.v1",
        "trading.tender.award-published.v1",
        "trading.contract.signed.v1",
        "trading.tender.suspended.v1",
        "trading.tender.resumed.v1",
        "trading.tender.lot-ended.v1",
        "trading.tender.ended.v1",
    }


def test_tells_the_facts_of_a_tender_from_its_messages() -> None:
    shown(*whole_story())

    tender = PublicTender.objects.get()
    assert tender.code == TENDER
    assert tender.system == "trading-construction"
    assert tender.title == "更正公告"
    assert tender.kind == "construction"
    assert tender.demonstration
    assert not tender.history
    assert tender.estimated_yuan == Decimal("12000000.00")
    assert tender.ceiling_price_yuan == Decimal("11880000.00")
    assert tender.noticed_at == tender.published_at == NOW - 20 * DAY
    assert tender.bids_due_at == NOW + 2 * DAY
    assert tender.opened_at == NOW + DAY
    assert tender.standstill_closes_at == NOW + 5 * DAY
    assert tender.awarded_at == NOW + 6 * DAY
    assert tender.contract_signed_at == NOW + 10 * DAY
    assert tender.suspended_at is None
    assert (tender.final_status, tender.ended_at) == ("complete", NOW + 11 * DAY)


@pytest.mark.parametrize("seed", range(5))
def test_tells_the_same_whatever_the_order_of_arrival(seed: int) -> None:
    first, *rest = whole_story()
    shuffled = rest[:]
    random.Random(seed).shuffle(shuffled)
    assert shuffled != rest

    shown(first, *shuffled)

    expected = {**vars(tender_facts(whole_story()))}
    del expected["others"]
    facts = facts_now()
    assert {name: facts[name] for name in expected} == expected


def test_takes_a_message_in_once() -> None:
    shown(factories.registered())
    arrival = delivery(message_id=uuid4())
    show(factories.noticed(), arrival, NOW)
    before, entries = facts_now(), AuditEntry.objects.count()

    show(factories.noticed(), arrival, NOW)

    assert facts_now() == before
    assert PublicEvent.objects.count() == 2
    assert AuditEntry.objects.count() == entries


def test_an_older_notice_that_comes_late_does_not_move_the_deadline_back() -> None:
    newer = factories.noticed(occurred_at=NOW - DAY, bids_due_at=NOW + 9 * DAY)
    shown(factories.registered(), newer)

    shown(factories.noticed())

    assert PublicTender.objects.get().bids_due_at == NOW + 9 * DAY


def test_is_suspended_until_it_is_resumed() -> None:
    shown(factories.registered(), factories.noticed(), factories.suspended())
    assert PublicTender.objects.get().suspended_at == NOW - DAY

    shown(factories.resumed())

    assert PublicTender.objects.get().suspended_at is None


def test_a_resumption_moves_the_deadline() -> None:
    shown(factories.registered(), factories.noticed(), factories.suspended())

    shown(factories.resumed(bids_due_at=NOW + 9 * DAY))

    assert PublicTender.objects.get().bids_due_at == NOW + 9 * DAY


def test_refuses_a_message_before_the_registration() -> None:
    with pytest.raises(TenderUnknown) as refusal:
        shown(factories.noticed())

    assert str(refusal.value) == f"没有编号为 {TENDER} 的项目：须先收到它的登记报文。"
    assert not PublicTender.objects.exists()
    assert not PublicEvent.objects.exists()


@pytest.mark.parametrize(
    "message", [factories.noticed(title="别的系统写的"), factories.registered(title="别的系统写的")]
)
def test_no_system_speaks_for_another(message: Message) -> None:
    shown(factories.registered())
    before = facts_now()

    shown(message, origin="trading-water")

    assert facts_now() == before
    assert PublicEvent.objects.count() == 1
    entry = AuditEntry.objects.get(act="pass-over-foreign-message")
    assert entry.person_id == "trading-water"
    assert entry.object_id == TENDER
    assert entry.detail["system"] == "trading-construction"


def test_adds_up_the_lots_until_a_notice_says_otherwise() -> None:
    lots = tuple(
        LotFacts(lot_code=f"{TENDER}00{n}", title=f"第{n}标段", estimated_yuan=Decimal("100.10"))
        for n in (1, 2)
    )

    shown(factories.registered(lots=lots))

    tender = PublicTender.objects.get()
    assert tender.estimated_yuan == Decimal("200.20")
    assert tender.ceiling_price_yuan is None
    assert tender.noticed_at is None
    assert tender.published_at == NOW - 25 * DAY


def test_keeps_a_tender_of_the_past_with_its_day_of_opening() -> None:
    shown(factories.history(source_id="A1"))

    tender = PublicTender.objects.get(code="history-archive:A1")
    assert tender.history
    assert not tender.demonstration
    assert tender.system == "history-archive"
    assert tender.procedure == "open-tender"
    assert tender.published_at == datetime.fromisoformat("2023-08-30T00:00:00+08:00")


def test_a_tender_of_the_past_takes_no_code_of_another() -> None:
    """Codes follow one another: whoever tells first of the next one must not keep it from its own system."""
    show(factories.history(source_id=TENDER), delivery("history-archive"), NOW)
    show(factories.history(source_id=TENDER), delivery("other-archive"), NOW)
    shown(factories.registered(), factories.noticed())

    assert sorted(PublicTender.objects.values_list("code", "system")) == [
        (TENDER, "trading-construction"),
        (f"history-archive:{TENDER}", "history-archive"),
        (f"other-archive:{TENDER}", "other-archive"),
    ]
    assert PublicTender.objects.get(code=TENDER).noticed_at is not None


def test_writes_an_audit_row_that_names_the_message() -> None:
    arrival = delivery()

    show(factories.registered(), arrival, NOW)

    entry = AuditEntry.objects.get(act="show-message")
    assert (entry.person_id, entry.role) == ("trading-construction", "system")
    assert (entry.object_type, entry.object_id) == ("portal.publictender", TENDER)
    assert entry.version_before == ""
    assert len(entry.version_after) == 64
    assert entry.detail == {"type": "trading.tender.registered.v1", "message": arrival.message_id}


def test_keeps_the_message_verbatim() -> None:
    notice = factories.noticed()
    shown(factories.registered(), notice)

    event = PublicEvent.objects.get(type="trading.tender.notice-published.v1")

    assert TenderNoticePublished.model_validate_json(notice.model_dump_json()) == notice
    assert event.body == notice.body()


@pytest.mark.parametrize("first", [factories.registered(), factories.history(source_id="A2")])
def test_each_version_in_the_audit_trail_follows_from_the_one_before(first: Message) -> None:
    shown(first, first)

    earlier, later = AuditEntry.objects.filter(act="show-message").order_by("id")
    assert later.version_before == earlier.version_after
