"""end_lot …"""

from typing import Any

import pytest
from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.trading.tenders.models import FinalStatus, Lot
from yuntai.trading.tenders.queries import locked_lot
from yuntai.trading.tenders.running import end_lot
from yuntai.trading.tests import world
from yuntai.trading.tests.page_world import publish_two_lots

pytestmark = pytest.mark.django_db(transaction=True)


def end(lot: Lot, status: FinalStatus, reason: str) -> None:
    clause = "" if status is FinalStatus.COMPLETE else "tendering/28"
    with transaction.atomic():
        end_lot(
            locked_lot(lot.code),
            status,
            reason=reason,
            clause=clause,
            caller=Caller.system("trading-construction"),
            now=world.CLOSED,
        )


def told() -> list[dict[str, Any]]:
    """Return the messages of ends in their order."""
    return [
        message.body for message in OutboxMessage.objects.filter(type__endswith="ended.v1").order_by("id")
    ]


def test_the_only_lot_ends_its_tender_with_its_own_reason() -> None:
    place = world.publish()

    end(place.lot, FinalStatus.UNSUCCESSFUL, "投标人 2 家")

    lots_end, tenders_end = told()
    assert (lots_end["type"], lots_end["lot_code"]) == ("trading.tender.lot-ended.v1", place.lot.code)
    assert tenders_end["type"] == "trading.tender.ended.v1"
    for message in (lots_end, tenders_end):
        assert message["tender_code"] == place.tender.code
        assert message["final_status"] == "unsuccessful"
        assert (message["reason"], message["clause"]) == ("投标人 2 家", "tendering/28")


def test_of_several_lots_each_tells_its_reason_and_the_tender_none() -> None:
    tender, (first, second), _ = publish_two_lots()

    end(first, FinalStatus.UNSUCCESSFUL, "投标人 2 家")
    assert [message["type"] for message in told()] == ["trading.tender.lot-ended.v1"]
    end(second, FinalStatus.COMPLETE, "合同已签订")

    lots_first, lots_second, tenders_end = told()
    assert (lots_first["lot_code"], lots_first["reason"]) == (first.code, "投标人 2 家")
    assert (lots_second["lot_code"], lots_second["reason"], lots_second["clause"]) == (second.code, "", "")
    assert (tenders_end["tender_code"], tenders_end["final_status"]) == (tender.code, "complete")
    assert (tenders_end["reason"], tenders_end["clause"]) == ("", "")
