"""Following a tender: what is new since one last looked."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from yuntai.kernel.audit.models import AuditEntry
from yuntai.publicservice.following import services
from yuntai.publicservice.following.models import Follow
from yuntai.publicservice.tests.factories import NOW, TENDER, caller, noticed, opened, registered, shown
from yuntai.publicservice.tests.soft_passkey import SoftPasskey
from yuntai.publicservice.tests.test_passkeys import become_citizen, by_certificate
from yuntai.publicservice.tests.test_registry_pages import text_of
from yuntai.trust import clock

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = f"/tenders/{TENDER}"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The server's time, which a test may move."""
    instants = [NOW - timedelta(hours=1)]
    monkeypatch.setattr(clock, "now", lambda: instants[-1])
    return instants


@pytest.fixture
def citizen(client: Client) -> Client:
    """A citizen's browser."""
    become_citizen(client, SoftPasskey())
    return client


def test_a_citizen_follows_a_tender_and_sees_what_is_new(citizen: Client, now: list[datetime]) -> None:
    shown(registered())
    assert "关注此项目" in text_of(citizen.get(PAGE))

    answer = citizen.post(f"{PAGE}/follow")

    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert "取消关注" in text_of(citizen.get(PAGE))
    now.append(NOW + timedelta(seconds=1))
    shown(noticed())  # received at NOW
    desk = text_of(citizen.get("/desk"))
    assert "连云新城道路提升工程施工" in desk
    assert "新进展" in desk
    assert AuditEntry.objects.get(act="follow-tender").person_name == "海州市民"


def test_what_was_read_is_new_no_longer_but_what_came_meanwhile_is(
    citizen: Client, now: list[datetime]
) -> None:
    shown(registered())
    now.append(NOW - timedelta(minutes=30))
    citizen.post(f"{PAGE}/follow")
    shown(noticed())
    now.append(NOW + timedelta(minutes=1))

    citizen.post("/desk/read", {"shown_at": (NOW - timedelta(seconds=1)).isoformat()})
    assert "新进展" in text_of(citizen.get("/desk"))
    citizen.post("/desk/read", {"shown_at": (NOW + timedelta(days=9)).isoformat()})

    assert "没有新进展。" in text_of(citizen.get("/desk"))
    assert Follow.objects.get().seen_at == NOW + timedelta(minutes=1)


@pytest.mark.parametrize("text", ["", "x", "2026-13-01T00:00:00Z", "2026-03-22T09:00:00"])
def test_an_odd_instant_counts_as_now(citizen: Client, text: str) -> None:
    shown(registered())
    citizen.post(f"{PAGE}/follow")

    assert citizen.post("/desk/read", {"shown_at": text}).status_code == 302


def test_following_twice_is_following_once(citizen: Client) -> None:
    shown(registered())

    assert [citizen.post(f"{PAGE}/follow").status_code for _ in range(2)] == [302, 302]
    assert Follow.objects.count() == 1


def test_ends_following(citizen: Client) -> None:
    shown(registered())
    citizen.post(f"{PAGE}/follow")

    assert citizen.post(f"{PAGE}/unfollow", {"from": "desk"})["Location"] == "/desk"
    citizen.post(f"{PAGE}/unfollow")

    assert not Follow.objects.exists()
    assert "还没有关注项目" in text_of(citizen.get("/desk"))
    assert AuditEntry.objects.get(act="unfollow-tender").detail == {"tender": TENDER}


def test_an_account_sees_its_own_list_only(citizen: Client) -> None:
    other = Client()
    shown(registered())
    citizen.post(f"{PAGE}/follow")
    by_certificate(other, caller())

    assert "还没有关注项目" in text_of(other.get("/desk"))


def test_an_unknown_tender_is_not_followed(citizen: Client) -> None:
    assert citizen.post("/tenders/E9/follow").status_code == 404
    assert not Follow.objects.exists()


def test_the_number_of_followed_tenders_has_a_limit(citizen: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(services, "MOST_FOLLOWED", 0)
    shown(registered())

    assert citizen.post(f"{PAGE}/follow").status_code == 409


def test_a_stranger_is_offered_the_login_and_gets_no_cookie(client: Client) -> None:
    shown(registered(), noticed(), opened())

    page = client.get(PAGE)

    assert f'href="/login?next={PAGE}"' in page.content.decode()
    assert not page.cookies
    assert client.post(f"{PAGE}/follow").status_code == 401
