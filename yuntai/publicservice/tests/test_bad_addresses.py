"""Whatever an address says, every page answers: the first page of a list, or a sentence; never a fault."""

from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.factories import BIDDERS, LOT, TENDER, account, caller, shown

pytestmark = pytest.mark.django_db

ODD = (
    "-1",
    "0",
    "9" * 30,
    "1.5",
    "x",
    "",
    "%27%22%3Cb%3E",
    "%FF%FE",
    "%F0%9F%8F%97",
    "../..",
    "字" * 400,
    "a" * 5000,
)
PARAMETERS = ("page", "per_page", "q", "kind", "place", "stage", "period", "sort", "role", "done", "nonsense")
OWN = ("", "feed.atom", "tenders", "registry", "systems", "api")
KNOWN = {"<str:code>": TENDER, "<str:lot_code>": LOT, "{code}": TENDER}


def routes() -> Iterator[str]:
    """Yield the routes of this system, each with places for its parts."""
    for each in get_resolver().url_patterns:
        if isinstance(each, URLPattern):
            yield str(each.pattern)
        elif isinstance(each, URLResolver):
            yield from (f"{each.pattern}{inner.pattern}" for inner in each.url_patterns)


def pages() -> list[str]:
    return [route for route in routes() if route.partition("/")[0] in OWN]


@pytest.fixture
def reader(client: Client) -> Client:
    """Return a browser with someone logged in, and a tender to be read."""
    client.force_login(account(caller()), backend=django_settings.AUTHENTICATION_BACKENDS[0])
    shown(factories.registered(), factories.noticed(), factories.opened())
    return client


def filled(route: str, parts: dict[str, str]) -> str:
    for place, part in parts.items():
        route = route.replace(place, part)
    return f"/{route}"


def test_odd_parameters_show_the_first_page_or_a_sentence(reader: Client) -> None:
    assert len(pages()) > 8
    for route in pages():
        for odd in ODD:
            asked = "&".join(f"{name}={odd}" for name in PARAMETERS)
            answer = reader.get(f"{filled(route, KNOWN)}?{asked}")
            assert answer.status_code in {200, 400, 403, 404, 405, 422}, (route, odd)


@pytest.mark.parametrize("name", PARAMETERS)
def test_an_odd_parameter_of_the_interface_is_left_out_or_refused(reader: Client, name: str) -> None:
    for odd in ODD:
        assert reader.get(f"/api/v1/tenders?{name}={odd}").status_code in {200, 422}, odd


def test_odd_parts_are_not_found(reader: Client) -> None:
    with_parts = [route for route in pages() if "<" in route]
    assert len(with_parts) >= 4
    for route in with_parts:
        for odd in ODD[:-1]:
            address = filled(route, dict.fromkeys(KNOWN, odd))
            answer = reader.get(address)
            assert answer.status_code in {404, 405} or odd in {"", "../.."}, address


def test_an_odd_lot_of_a_known_tender_is_not_found(reader: Client) -> None:
    for odd in ODD[:-1]:
        address = f"/tenders/{TENDER}/lots/{odd}/opening.csv"
        assert reader.get(address).status_code == 404, address


def test_odd_registrations_are_refused_in_words(reader: Client) -> None:
    odd = ("", "-1", "9" * 30, "字" * 400, "x\ud83c", "1e5")
    names = ("version", "initiator", "region_code", "contact_name", "contact_phone")
    good = {"bidder": "on", "region_code": "320703", "contact_name": "赵", "contact_phone": "0518-85800000"}
    for name in names:
        for value in odd:
            answer = reader.post(
                "/registry/register", good | {name: value.encode("utf-8", "replace").decode()}
            )
            assert answer.status_code in {200, 302, 409, 422}, (name, value)
            entry = {
                "organization_code": BIDDERS[0],
                "name": "甲",
                "roles": ["bidder"],
                **good,
                "version": None,
            }
            answer = reader.post(
                "/api/v1/participants", entry | {name: value}, content_type="application/json"
            )
            assert answer.status_code in {200, 201, 400, 403, 409, 422}, (name, value)
