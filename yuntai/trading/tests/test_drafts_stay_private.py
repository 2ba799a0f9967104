"""Whoever asks for a draft that is not its own gets the answer for what does not exist, to the letter."""

import json

import pytest
from django.test import Client

from yuntai.trading.tenders.models import Tender
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock, without_tokens
from yuntai.trading.tests.people import Person
from yuntai.trading.tests.world import OPENED
from yuntai.trust.base64url import base64url

pytestmark = pytest.mark.django_db(transaction=True)

TENDER, LOT = "E3207060001000999001", "E3207060001000999001001"
REQUESTS = [
    ("GET", "/api/v1/lots/{lot}"),
    ("POST", "/api/v1/lots/{lot}/bids"),
    ("POST", "/api/v1/lots/{lot}/withdrawals"),
    ("POST", "/api/v1/lots/{lot}/evaluation"),
    ("POST", "/api/v1/lots/{lot}/candidates"),
    ("POST", "/api/v1/lots/{lot}/award"),
    ("POST", "/api/v1/lots/{lot}/contract"),
    ("POST", "/api/v1/tenders/{tender}/notice"),
    ("POST", "/api/v1/tenders/{tender}/deadline"),
    ("PUT", "/api/v1/tenders/{tender}/documents/a.pdf"),
    ("DELETE", "/api/v1/tenders/{tender}"),
    ("GET", "/tenders/{tender}"),
    ("GET", "/tenders/{tender}/draft"),
    ("GET", "/tenders/{tender}/draft/correction"),
    ("GET", "/tenders/{tender}/publish"),
    ("GET", "/tenders/{tender}/check"),
    ("GET", "/lots/{lot}/bid"),
    ("GET", "/lots/{lot}/opening"),
    ("GET", "/lots/{lot}/evaluation"),
    ("GET", "/lots/{lot}/candidates"),
    ("GET", "/lots/{lot}/award"),
    ("GET", "/lots/{lot}/contract"),
]
BODY = {
    "text": world.notice(),
    "bids_due_at": "2026-03-24T01:30:00Z",
    "closes_at": "2026-03-24T01:30:00Z",
    "opinion": "",
    "envelope_id": "ab" * 16,
    "signature": "AA",
    "text_of_contract": "",
}


def answer(client: Client, method: str, path: str, codes: tuple[str, str], body: object) -> tuple[int, str]:
    tender, lot = codes
    sent = client.generic(
        method, path.format(tender=tender, lot=lot), json.dumps(body), content_type="application/json"
    )
    text = without_tokens(sent).replace(lot, "LOT").replace(tender, "TENDER")
    return sent.status_code, text


@pytest.mark.parametrize(
    "who",
    [None, people.other_initiator(), people.agency(), people.bidder(), people.expert()],
    ids=["visitor", "initiator", "agency", "bidder", "expert"],
)
def test_a_draft_of_others_is_answered_like_nothing(
    monkeypatch: pytest.MonkeyPatch, who: Person | None
) -> None:
    draft = world.make_draft()
    world.give_keys(draft)
    set_clock(monkeypatch, OPENED)
    client = browser(who)
    there = (draft.code, draft.lots.get().code)

    for method, path in REQUESTS:
        assert answer(client, method, path, there, BODY) == answer(
            client, method, path, (TENDER, LOT), BODY
        ), path
    assert Tender.objects.get().documents_open_at is None


def test_a_bid_for_a_draft_is_answered_like_one_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    header, _ = world.seal_bid(place, people.bidder())
    draft = world.make_draft(project=place.tender.project)
    set_clock(monkeypatch, OPENED)
    client = browser(people.bidder())
    path = "/api/v1/lots/{lot}/bids"

    for signature in (b"no signature", world.owner_signature(header)):
        body = {"header": header.to_json(), "signature": base64url(signature)}
        there = answer(client, "POST", path, (draft.code, draft.lots.get().code), body)
        assert there == answer(client, "POST", path, (TENDER, LOT), body)
