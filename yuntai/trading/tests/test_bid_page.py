"""Handing in a bid in the browser: the form, the receipt, withdrawing."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from yuntai.kernel.audit.models import AuditEntry
from yuntai.trading.tenders.models import HolderKey
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock, words
from yuntai.trading.tests.world import DUE, OPENED
from yuntai.trust.base64url import base64url
from yuntai.trust.sealing import HOLDERS

pytestmark = pytest.mark.django_db(transaction=True)


def address(place: world.World, page: str = "bid") -> str:
    return reverse(page, args=[place.lot.code])


def test_gives_the_device_what_it_seals_to(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    set_clock(monkeypatch, DUE - timedelta(hours=1))
    listed = {letter: {"name": letter, "public_key": f"key of {letter}"} for letter in HOLDERS}
    monkeypatch.setattr("yuntai.trading.pages.bid.known_holders", lambda: listed)

    response = browser(people.bidder()).get(address(place))

    page = response.content.decode().replace("&quot;", '"')
    context = json.loads(re.search(r'data-context="(\{.*?\})"', page)[1])  # type: ignore[index]
    assert context == {
        "tender": place.tender.code,
        "lot": place.lot.code,
        "part": "bid",
        "documents_sha256": place.tender.documents_sha256,
    }
    holders = json.loads(re.search(r'data-holders="(\{.*?\})" ', page)[1])  # type: ignore[index]
    assert tuple(sorted(holders)) == tuple(sorted(HOLDERS))
    stored = HolderKey.objects.get(lot=place.lot, letter="P")
    assert holders["P"] == {
        "public_key": base64url(bytes(stored.public_key)),
        "statement": stored.statement["statement"],
        "signature": stored.statement["signature"],
        "signing_key": "key of P",
    }
    assert 'data-bids-due-at="2026-03-22T01:00:00+00:00"' in page
    assert 'data-ceiling-yuan="10000000.00"' in page
    assert f'data-submit-url="/api/v1/lots/{place.lot.code}/bids"' in page
    assert "距投标截止 还剩 1 小时 0 分" in words(response)
    assert "开标之前，任何人都打不开，包括招标人和本系统运营机构" in words(response)


def test_shows_the_receipt_instead_of_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    envelope = world.hand_in(place, people.bidder())
    set_clock(monkeypatch, OPENED + timedelta(days=2))

    response = browser(people.bidder()).get(address(place))

    assert "投标文件已递交" in words(response)
    assert envelope.header_sha256 in words(response)
    assert "data-bid-form" not in response.content.decode()
    assert "data-bid-form" in browser(people.bidder(2)).get(address(place)).content.decode()


def test_the_receipt_is_its_bidders_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    envelope = world.hand_in(place, people.bidder())
    set_clock(monkeypatch, OPENED + timedelta(days=2))

    kept = browser(people.bidder()).get(address(place, "bid-receipt")).json()
    assert kept["receipt"] == envelope.receipt
    assert browser(people.bidder(2)).get(address(place, "bid-receipt")).status_code == 404
    assert browser(people.initiator()).get(address(place, "bid-receipt")).status_code == 403


@pytest.mark.parametrize("late_by", [timedelta(0), timedelta(days=1)], ids=str)
def test_is_closed_from_the_deadline_on(late_by: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    world.hand_in(place, people.bidder())
    set_clock(monkeypatch, DUE + late_by)

    for person in (people.bidder(), people.bidder(2)):
        response = browser(person).get(address(place))
        assert "投标已截止 已于 2026-03-22 周日 09:00 截止" in words(response)
        assert "data-bid-form" not in response.content.decode()
        assert "撤回投标文件" not in words(response)
    gone = browser(people.bidder()).get(address(place, "bid-withdrawal"))
    assert (gone.status_code, gone.headers["Location"]) == (302, address(place))


def test_withdrawing_is_an_act_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    envelope = world.hand_in(place, people.bidder())
    set_clock(monkeypatch, DUE - timedelta(seconds=1))
    acts = AuditEntry.objects.count()

    response = browser(people.bidder()).get(address(place, "bid-withdrawal"))

    assert "此操作不能撤销" in words(response)
    assert f'data-header-sha256="{envelope.header_sha256}"' in response.content.decode()
    envelope.refresh_from_db()
    assert envelope.withdrawn_at is None
    assert AuditEntry.objects.filter(act="sealed").count() == 1
    assert AuditEntry.objects.count() >= acts


def test_who_may_not_bid_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    set_clock(monkeypatch, OPENED + timedelta(days=1))

    assert browser().get(address(place)).status_code == 302
    for person in (people.initiator(), people.expert()):
        assert browser(person).get(address(place)).status_code == 403
    buyer_who_bids = people.person("李招标", 1, "initiator", "bidder")
    shown = words(browser(buyer_who_bids).get(address(place)))
    assert "不能在本项目投标" in shown


def test_a_suspended_tender_takes_no_bid(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    world.suspend(place)
    set_clock(monkeypatch, OPENED + timedelta(days=3))

    response = browser(people.bidder()).get(address(place))

    assert "本项目已暂停" in words(response)
    assert "data-bid-form" not in response.content.decode()
