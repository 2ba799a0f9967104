"""A draft over HTTP: its documents are checked before a byte is kept; it moves and ends."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from yuntai.kernel.documents import store
from yuntai.trading.tenders import document_rules
from yuntai.trading.tenders.models import Document, Tender
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock
from yuntai.trading.tests.world import OPENED

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, OPENED)


def put(client: Client, tender: Tender, content: bytes, name: str = "清单.pdf") -> int:
    path = f"/api/v1/tenders/{tender.code}/documents/{name}"
    return client.put(path, content, content_type="application/octet-stream").status_code


def stored_files(settings: Settings) -> int:
    return sum(path.is_file() for path in Path(settings.FILES_DIR).rglob("*"))


def test_a_document_is_stored_and_listed() -> None:
    draft = world.make_draft()

    assert put(browser(people.initiator()), draft, b"list" * 200_000) == 201

    document = Document.objects.get(name="清单.pdf")
    assert document.size == 800_000
    assert store.read(document.sha256) == b"list" * 200_000


def test_what_may_not_be_added_is_not_kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    place, draft = world.publish(), world.make_draft()
    before = stored_files(settings)
    initiator = browser(people.initiator())

    assert put(browser(people.bidder()), draft, b"x") == 403
    assert put(browser(people.other_initiator()), draft, b"x") == 403
    assert put(browser(), draft, b"x") == 401
    assert put(initiator, place.tender, b"x") == 409
    assert put(initiator, draft, b"") == 422
    assert put(initiator, draft, b"x", ".a") == 422
    monkeypatch.setattr(document_rules, "MOST_BYTES", 8)
    assert put(initiator, draft, b"123456789") == 422
    monkeypatch.setattr(document_rules, "MOST_BYTES_TOGETHER", 8)
    assert put(initiator, draft, b"12345") == 422

    assert stored_files(settings) == before
    assert draft.documents.count() == 1


def test_a_published_tenders_page_keeps_no_file_either(settings: Settings) -> None:
    place = world.publish()
    before = stored_files(settings)
    sent = {"documents": [SimpleUploadedFile("清单.pdf", b"another")]}

    refused = browser(people.initiator()).post(f"/tenders/{place.tender.code}/documents", sent)

    assert (refused.status_code, stored_files(settings)) == (409, before)


def test_a_drafts_deadline_moves() -> None:
    draft = world.make_draft()
    body = {"bids_due_at": "2026-03-30T01:30:00Z"}
    path = f"/api/v1/tenders/{draft.code}/deadline"

    assert (
        browser(people.other_initiator()).post(path, body, content_type="application/json").status_code == 403
    )
    assert browser(people.initiator()).post(path, body, content_type="application/json").status_code == 201

    assert Tender.objects.get().bids_due_at.isoformat() == "2026-03-30T01:30:00+00:00"


def test_a_draft_is_discarded_and_a_published_tender_is_not() -> None:
    place, draft = world.publish(), world.make_draft()
    path = f"/api/v1/tenders/{draft.code}"

    assert browser().delete(path).status_code == 401
    assert browser(people.bidder()).delete(path).status_code == 403
    assert browser(people.other_initiator()).delete(path).status_code == 403
    assert browser(people.initiator()).delete(path).status_code == 200
    assert browser(people.initiator()).delete(path).status_code == 404
    assert browser(people.initiator()).delete(f"/api/v1/tenders/{place.tender.code}").status_code == 409
    assert Tender.objects.get() == place.tender
