"""Documents of a draft: added until its notice is published, and not after."""

import pytest
from django.urls import reverse

from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock
from yuntai.trading.tests.test_drafting_pages import upload
from yuntai.trading.tests.world import OPENED

pytestmark = pytest.mark.django_db(transaction=True)


def test_documents_are_added_until_the_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    draft = world.make_draft()
    set_clock(monkeypatch, OPENED)
    client = browser(people.initiator())

    added = client.post(reverse("draft-documents", args=[draft.code]), {"documents": [upload("补充.pdf")]})
    assert added.headers["Location"] == f"/tenders/{draft.code}/draft#documents"
    assert draft.documents.count() == 2
    late = client.post(
        reverse("draft-documents", args=[place.tender.code]), {"documents": [upload("补充.pdf")]}
    )
    assert late.status_code == 409
    assert place.tender.documents.count() == 1
