"""Unified transaction codes: one a lot, without gaps in a day, told back to whoever registered or asked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.publicservice.codes.models import IssuedCode
from yuntai.publicservice.codes.services import issue_on_request
from yuntai.publicservice.handlers import HANDLERS
from yuntai.publicservice.systems.filling import take_over_list
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.factories import LOT, NOW, OTHER_LOT, PLATFORM_OPERATOR, TENDER, delivery
from yuntai.standard.identifiers import unified_code
from yuntai.standard.messages import (
    LotFacts,
    TenderRegistered,
    UnifiedCodeRequested,
    UnifiedCodesIssued,
    parse,
)

pytestmark = pytest.mark.django_db(transaction=True)


def register(
    *lots: str, origin: str = "trading-construction", now: datetime = NOW, **changes: object
) -> None:
    facts = tuple(LotFacts(lot_code=each, title="标段", estimated_yuan=Decimal("1.00")) for each in lots)
    HANDLERS[TenderRegistered](factories.registered(lots=facts, **changes), delivery(origin), now)


def told() -> list[tuple[str, list[tuple[str, str]]]]:
    found = []
    for row in OutboxMessage.objects.filter(type="exchange.code.issued.v1").order_by("id"):
        message = parse(row.body)
        assert isinstance(message, UnifiedCodesIssued)
        found.append((row.destination, [(each.object_code, each.unified_code) for each in message.codes]))
    return found


def serials() -> list[int]:
    return list(IssuedCode.objects.order_by("serial").values_list("serial", flat=True))


def test_each_lot_of_a_registered_tender_gets_a_code_that_is_told_back() -> None:
    register(LOT, OTHER_LOT)

    ((destination, codes),) = told()
    assert destination == "trading-construction"
    assert [lot for lot, _ in codes] == [LOT, OTHER_LOT]
    first = unified_code.parse(codes[0][1])
    assert (first.category, first.platform_code, first.serial) == ("A99", PLATFORM_OPERATOR, 1)
    assert first.issued_on.isoformat() == "2026-03-22"
    assert serials() == [1, 2]


def test_a_lot_told_again_keeps_its_code() -> None:
    register(LOT)
    register(LOT, OTHER_LOT)

    first, second = told()
    assert second[1][0] == first[1][0]
    assert serials() == [1, 2]


def test_no_code_for_a_tender_of_another_system() -> None:
    register(LOT)
    register(OTHER_LOT, origin="trading-water")

    assert serials() == [1]
    assert len(told()) == 1


def test_the_serial_begins_anew_at_midnight_in_shanghai() -> None:
    last = datetime(2026, 3, 22, 15, 59, 59, tzinfo=UTC)
    register(LOT, now=last)
    register(LOT, OTHER_LOT, now=last + timedelta(seconds=1))

    days = IssuedCode.objects.order_by("id").values_list("day", "serial")
    assert [(day.isoformat(), serial) for day, serial in days] == [("2026-03-22", 1), ("2026-03-23", 1)]


def requested(*lots: str) -> UnifiedCodeRequested:
    return UnifiedCodeRequested(
        occurred_at=NOW, tender_code="T-1", object_codes=lots, category="D01", region_code="320703"
    )


def test_another_system_asks_for_codes_and_gets_each_once() -> None:
    issue_on_request(requested("L-1", "L-2", "L-1"), delivery("trading-water"), NOW)
    issue_on_request(requested("L-2", "L-3"), delivery("trading-water"), NOW)

    first, second = told()
    assert first[0] == "trading-water"
    assert [lot for lot, _ in first[1]] == ["L-1", "L-2"]
    assert second[1][0] == first[1][1]
    assert unified_code.parse(second[1][1][1]).category == "D01"
    assert serials() == [1, 2, 3]


def test_a_system_that_only_sends_reads_its_codes_at_the_interface(client: Client) -> None:
    take_over_list(now=NOW)
    issue_on_request(requested("L-1"), delivery("history-archive"), NOW)

    assert told() == []
    answer = client.get("/api/v1/systems/history-archive/unified-codes/T-1").json()
    assert answer == {"L-1": IssuedCode.objects.get().code}
    assert client.get("/api/v1/systems/trading-water/unified-codes/T-1").json() == {}


def test_two_workers_leave_no_gap_and_give_no_number_twice() -> None:
    def ask(number: int) -> None:
        try:
            issue_on_request(requested(f"L-{number}"), delivery("trading-water"), NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(ask, range(12)))

    assert serials() == list(range(1, 13))


def test_the_tender_s_page_shows_the_code(client: Client) -> None:
    register(LOT)

    assert IssuedCode.objects.get().code in client.get(f"/tenders/{TENDER}").content.decode()
