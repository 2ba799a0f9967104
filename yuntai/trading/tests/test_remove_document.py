"""remove_document …"""

import hashlib

import pytest
from django.urls import reverse

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.documents import store
from yuntai.trading.tenders.drafts import add_document, remove_document
from yuntai.trading.tenders.models import Document, Tender
from yuntai.trading.tenders.refusals import AlreadyPublished, DocumentNotListed, TenderNotFound
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock, words
from yuntai.trading.tests.world import OPENED

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_wrong_file_is_taken_out_of_a_draft_and_of_nothing_published() -> None:
    place, draft = world.publish(), world.make_draft()
    store.put([b"wrong"], announced_sha256=hashlib.sha256(b"wrong").hexdigest())
    add_document(
        tender_code=draft.code,
        name="别的项目.pdf",
        sha256=hashlib.sha256(b"wrong").hexdigest(),
        size=5,
        caller=people.initiator().caller,
        now=OPENED,
    )

    def remove(tender: Tender, name: str = "别的项目.pdf", by: people.Person | None = None) -> None:
        caller = (by or people.initiator()).caller
        remove_document(tender_code=tender.code, name=name, caller=caller, now=OPENED)

    with pytest.raises(TenderNotFound):
        remove(draft, by=people.other_initiator())
    with pytest.raises(AlreadyPublished):
        remove(place.tender, "招标文件.pdf")
    remove(draft)
    with pytest.raises(DocumentNotListed, match=r"没有 别的项目\.pdf"):
        remove(draft)

    assert list(draft.documents.values_list("name", flat=True)) == ["招标文件.pdf"]
    assert place.tender.documents.count() == 1
    entry = AuditEntry.objects.get(act="remove-document")
    assert (entry.object_id, entry.detail["name"]) == (draft.code, "别的项目.pdf")


def test_a_file_is_taken_out_of_a_draft_on_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.make_draft()
    set_clock(monkeypatch, OPENED)
    client, page = browser(people.initiator()), reverse("draft", args=[draft.code])
    removal = reverse("draft-document-removal", args=[draft.code])
    assert f'action="{removal}"' in client.get(page).content.decode()

    gone = client.post(removal, {"name": "招标文件.pdf"})
    again = client.post(removal, {"name": "招标文件.pdf"})

    assert gone.headers["Location"] == f"{page}#documents"
    assert (again.status_code, "文件没有移除" in words(again)) == (404, True)
    assert not Document.objects.exists()


def test_a_file_is_taken_out_over_the_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.make_draft()
    set_clock(monkeypatch, OPENED)
    path = f"/api/v1/tenders/{draft.code}/documents/招标文件.pdf"

    assert browser().delete(path).status_code == 401
    assert browser(people.bidder()).delete(path).status_code == 403
    assert browser(people.initiator()).delete(path).status_code == 200
    assert browser(people.initiator()).delete(path).status_code == 404
    assert not Document.objects.exists()
