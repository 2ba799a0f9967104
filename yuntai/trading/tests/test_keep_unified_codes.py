"""note_unified_codes …"""

from datetime import date

import pytest
from django.test import Client

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.inbox.apply import Delivery
from yuntai.standard.identifiers.unified_code import UnifiedCode
from yuntai.standard.messages import IssuedCodeFacts, UnifiedCodesIssued
from yuntai.trading.handlers import HANDLERS
from yuntai.trading.tenders.models import Lot
from yuntai.trading.tenders.refusals import TenderNotFound
from yuntai.trading.tests import people, world

pytestmark = pytest.mark.django_db(transaction=True)
ISSUER = people.initiator().subject.organization_code


def code(serial: int) -> str:
    return str(UnifiedCode("A99", ISSUER, date(2026, 3, 2), serial))


def tell(tender_code: str, **codes: str) -> None:
    told = UnifiedCodesIssued(
        occurred_at=world.OPENED,
        tender_code=tender_code,
        codes=tuple(IssuedCodeFacts(object_code=lot, unified_code=each) for lot, each in codes.items()),
    )
    HANDLERS[UnifiedCodesIssued](told, Delivery("publicservice", "m-1", world.OPENED), world.OPENED)


def test_writes_the_code_on_its_lot_and_shows_it(client: Client) -> None:
    lot = Lot.objects.get(code=world.publish().lot)

    tell(lot.tender.code, **{lot.code: code(7), "E0": code(8)})

    lot.refresh_from_db()
    assert lot.unified_code == code(7)
    assert AuditEntry.objects.get(act="note-unified-code").object_id == lot.code
    assert code(7) in client.get(f"/tenders/{lot.tender.code}").content.decode()


def test_a_code_once_given_stays() -> None:
    lot = Lot.objects.get(code=world.publish().lot)
    tell(lot.tender.code, **{lot.code: code(7)})

    tell(lot.tender.code, **{lot.code: code(9)})

    lot.refresh_from_db()
    assert lot.unified_code == code(7)
    assert AuditEntry.objects.filter(act="note-unified-code").count() == 1


def test_a_tender_that_is_not_ours_is_refused() -> None:
    with pytest.raises(TenderNotFound):
        tell("E3207000001000099001", E1=code(1))
