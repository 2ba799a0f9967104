"""Messages of a trading system become facts once, and only when they come from the tender's own system."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import Model

from yuntai.kernel.audit.models import AuditEntry
from yuntai.law.days import SHANGHAI
from yuntai.standard.messages import Message
from yuntai.supervision.intake import queries
from yuntai.supervision.intake.models import (
    AwardCandidate,
    OpenedBid,
    SuspensionEvent,
    WatchedLot,
    WatchedNotice,
    WatchedTender,
)
from yuntai.supervision.intake.services import OtherIndustry, UnknownTender
from yuntai.supervision.intake.stages import Stage, stage_of_lot
from yuntai.supervision.pages import lists
from yuntai.supervision.tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

FACTS: tuple[type[Model], ...] = (
    AwardCandidate,
    OpenedBid,
    SuspensionEvent,
    WatchedLot,
    WatchedNotice,
    WatchedTender,
)


def whole_tender() -> list[Message]:
    """Return all messages of a tender's life, in order."""
    registered = make.tender_registered()
    tender, lot = registered.tender_code, registered.lots[0].lot_code
    return [
        registered,
        make.notice_published(tender),
        make.tender_suspended(tender, "own", at=make.OPENED + timedelta(hours=1)),
        make.tender_resumed(tender, "own", at=make.OPENED + timedelta(hours=2)),
        make.opening_recorded(tender, lot),
        make.candidates_published(tender, lot),
        make.award_published(tender, lot),
        make.contract_signed(tender, lot),
        make.lot_ended(tender, lot, "complete"),
        make.tender_ended(tender, "complete"),
    ]


def all_facts() -> list[dict[str, object]]:
    return [row for model in FACTS for row in model.objects.order_by("pk").values()]  # type: ignore[attr-defined]


def test_remembers_the_tender_its_lots_and_its_system() -> None:
    registered = make.tender_registered(title="盐河桥改建")

    make.tell(registered, origin="trading-other")

    tender = WatchedTender.objects.get(tender_code=registered.tender_code)
    assert (tender.origin, tender.title) == ("trading-other", "盐河桥改建")
    assert tender.registered_at == make.REGISTERED
    lot = WatchedLot.objects.get(tender=tender)
    assert (lot.lot_code, lot.estimated_yuan) == (registered.lots[0].lot_code, Decimal("5000000.00"))


def test_keeps_opening_candidates_award_contract_and_end() -> None:
    messages = whole_tender()

    for message in messages:
        make.tell(message)

    lot = WatchedLot.objects.get()
    assert (lot.opened_at, lot.supplier_name) == (make.DUE_LAWFULLY, "演示施工企业0")
    assert (lot.award_price_yuan, lot.contract_code) == (Decimal("4800000.00"), "HT-1")
    bids = OpenedBid.objects.order_by("pk").values_list("bidder_code", "price_yuan", "outcome")
    assert list(bids) == [
        (make.BIDDERS[0], Decimal("4800000.00"), "opened"),
        (make.BIDDERS[1], Decimal("4800001.00"), "opened"),
        ("", None, "bidder-fault"),
    ]
    assert list(AwardCandidate.objects.order_by("rank").values_list("rank", "score")) == [
        (1, Decimal("97.25")),
        (2, Decimal("96.25")),
    ]
    assert WatchedTender.objects.get().final_status == "complete"


def test_a_message_told_twice_changes_nothing_the_second_time() -> None:
    messages = whole_tender()
    for message in messages:
        make.tell(message)
    facts, entries = all_facts(), AuditEntry.objects.count()

    for message in messages:
        make.tell(message)

    assert all_facts() == facts
    assert AuditEntry.objects.count() == entries


def test_every_message_leaves_an_audit_entry_in_the_name_of_its_system() -> None:
    for message in whole_tender():
        make.tell(message)

    acts = list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == [
        "watch-tender",
        "note-notice",
        "note-suspension",
        "note-suspension",
        "note-opening",
        "note-candidates",
        "note-award",
        "note-contract",
        "note-lot-end",
        "note-end",
    ]
    assert set(AuditEntry.objects.values_list("person_id", flat=True)) == {make.TRADING}


def test_another_system_cannot_speak_of_a_tender() -> None:
    registered, *rest = whole_tender()
    make.tell(registered)
    facts = all_facts()

    for message in [registered, *rest]:
        make.tell(message, origin=make.FOREIGN)

    assert all_facts() == facts
    refusals = list(AuditEntry.objects.filter(act="refuse-foreign-message", person_id=make.FOREIGN))
    assert len(refusals) == len(rest) + 1
    assert refusals[0].detail["subject"] == registered.subject


@pytest.mark.parametrize("place", range(1, 10))
def test_a_message_about_an_unknown_tender_is_left_to_an_operator(place: int) -> None:
    with pytest.raises(UnknownTender):
        make.tell(whole_tender()[place])

    assert all_facts() == []
    assert not AuditEntry.objects.exists()


def test_a_lot_that_was_not_registered_is_left_to_an_operator() -> None:
    tender = make.watched_tender()

    with pytest.raises(UnknownTender):
        make.tell(make.opening_recorded(tender.tender_code, "no-such-lot"))

    assert not OpenedBid.objects.exists()


def test_a_tender_of_another_industry_is_left_to_an_operator() -> None:
    with pytest.raises(OtherIndustry):
        make.tell(make.tender_registered(industry="water"))

    assert not WatchedTender.objects.exists()


def test_an_opening_record_told_anew_takes_the_place_of_the_earlier_one() -> None:
    tender = make.watched_tender()
    lot = WatchedLot.objects.get(tender=tender)
    make.tell(make.opening_recorded(tender.tender_code, lot.lot_code))

    make.tell(make.opening_recorded(tender.tender_code, lot.lot_code, bids=()))

    assert not OpenedBid.objects.exists()


def test_the_stage_follows_from_facts_and_instant() -> None:
    registered, notice, _, _, opening, candidates, award, contract, lot_ended, ended = whole_tender()
    due, closes = make.DUE_LAWFULLY, make.DUE_LAWFULLY + timedelta(days=5)
    moment = timedelta(microseconds=1)
    steps = [
        (registered, make.OPENED, Stage.REGISTERED),
        (notice, due - moment, Stage.BIDDING),
        (None, due, Stage.OPENING),
        (opening, due, Stage.EVALUATION),
        (candidates, closes - moment, Stage.STANDSTILL),
        (None, closes, Stage.AWARD),
        (award, closes, Stage.CONTRACT),
        (contract, closes, Stage.SIGNED),
        (lot_ended, closes, Stage.ENDED),
        (ended, closes, Stage.ENDED),
    ]

    for message, now, stage in steps:
        if message is not None:
            make.tell(message)
        assert queries.tender(registered.subject, now=now).stage == stage
        assert queries.count_by_stage(now=now) == {each: int(each is stage) for each in Stage}


def test_a_tender_is_where_its_hindmost_lot_is() -> None:
    code = "E3207000001999999001"
    lots = tuple(
        {"lot_code": f"{code}00{n}", "title": f"{n}标段", "estimated_yuan": Decimal("1.00")} for n in (1, 2)
    )
    make.tell(make.tender_registered(tender_code=code, lots=lots))
    make.tell(make.notice_published(code))

    make.tell(make.opening_recorded(code, f"{code}001"))
    assert queries.tender(code, now=make.DUE_LAWFULLY).stage == Stage.OPENING

    make.tell(make.opening_recorded(code, f"{code}002"))
    assert queries.tender(code, now=make.DUE_LAWFULLY).stage == Stage.EVALUATION


def test_a_tender_follows_the_lots_that_go_on() -> None:
    code, first, second = make.two_lots()
    due, closes = make.DUE_LAWFULLY, make.DUE_LAWFULLY + timedelta(days=5)
    steps = [
        (make.lot_ended(code, first), due, Stage.OPENING, Stage.OPENING),
        (make.opening_recorded(code, second), due, Stage.EVALUATION, Stage.EVALUATION),
        (make.candidates_published(code, second), due, Stage.STANDSTILL, Stage.STANDSTILL),
        (make.award_published(code, second), closes, Stage.CONTRACT, Stage.CONTRACT),
        (make.contract_signed(code, second), closes, Stage.SIGNED, Stage.SIGNED),
        (make.lot_ended(code, second, "complete"), closes, Stage.ENDED, Stage.ENDED),
        (make.tender_ended(code, "complete"), closes, Stage.ENDED, Stage.ENDED),
    ]
    for message, now, stage, second_s in steps:
        make.tell(message)
        tender = queries.tender(code, now=now)
        assert (tender.stage, tender.failed_lots) == (stage, 1)
        stages = [stage_of_lot(each.lot, tender, now) for each in queries.lots_of(tender)]
        assert stages == [Stage.ENDED, second_s]
    lot = WatchedLot.objects.get(lot_code=first)
    assert (lot.final_status, lot.end_reason, lot.end_clause) == (
        "unsuccessful",
        "投标人少于三个",
        "tendering/28",
    )


def test_a_lot_has_one_end_the_first_that_was_told() -> None:
    code, first, _ = make.two_lots()
    make.tell(make.lot_ended(code, first))

    make.tell(make.lot_ended(code, first, "cancelled"))

    assert WatchedLot.objects.get(lot_code=first).final_status == "unsuccessful"


def test_an_ended_lot_sets_no_limit_for_the_others() -> None:
    code, first, second = make.two_lots()
    for lot in (first, second):
        make.tell(make.opening_recorded(code, lot))
    make.tell(make.candidates_published(code, first))
    make.tell(make.award_published(code, first))
    make.tell(make.lot_ended(code, first, "cancelled"))

    tender = queries.tender(code, now=make.DUE_LAWFULLY + timedelta(days=1))

    assert (tender.stage, tender.standstill_closes_at, tender.waits_for_contract_since) == (
        Stage.EVALUATION,
        None,
        None,
    )


def test_the_latest_notice_sets_the_deadline() -> None:
    tender = make.watched_tender()
    later = make.DUE_LAWFULLY + timedelta(days=3)
    make.tell(make.notice_published(tender.tender_code))

    make.tell(make.notice_published(tender.tender_code, bids_due_at=later, occurred_at=make.NOW))

    found = queries.tender(tender.tender_code, now=make.NOW)
    assert (found.bids_due_at, found.turns_at) == (later, later)


def test_a_tender_is_suspended_from_its_suspension_to_its_resumption() -> None:
    code = make.watched_tender().tender_code
    assert not queries.tender(code, now=make.NOW).suspended

    make.tell(make.tender_suspended(code, "", at=make.NOW))
    assert queries.tender(code, now=make.NOW).suspended
    assert [each.tender_code for each in queries.tenders(now=make.NOW, stage="suspended")] == [code]

    make.tell(make.tender_resumed(code, "", at=make.NOW + timedelta(hours=1)))
    assert not queries.tender(code, now=make.NOW).suspended
    assert not queries.tenders(now=make.NOW, stage="suspended").exists()


def test_a_resumed_tender_has_the_deadline_that_its_system_told() -> None:
    code = make.watched_tender().tender_code
    make.tell(make.notice_published(code))
    moved = make.NOW + timedelta(days=33)

    make.tell(make.tender_resumed(code, "", at=make.NOW, bids_due_at=moved))

    assert queries.tender(code, now=make.NOW).bids_due_at == moved


def test_tenders_whose_time_runs_out_first_stand_ahead() -> None:
    waits_for_contract = make.watched_tender()
    code, lot = waits_for_contract.tender_code, WatchedLot.objects.get().lot_code
    make.tell(make.notice_published(code))
    for message in (
        make.opening_recorded(code, lot),
        make.candidates_published(code, lot),
        make.award_published(code, lot),  # on 28 March: the contract is late from 28 April on
    ):
        make.tell(message)
    now, first = make.DUE_LAWFULLY + timedelta(days=7), make.DUE_LAWFULLY + timedelta(days=30)
    for due_at in (first + timedelta(days=20), first):
        make.tell(make.notice_published(make.watched_tender().tender_code, bids_due_at=due_at))

    in_order = [lists.due_at(tender) for tender in queries.tenders(now=now)]

    contract_late_from = datetime(2026, 4, 28, tzinfo=SHANGHAI)
    assert in_order == [first, contract_late_from, first + timedelta(days=20)]
