"""Whatever an address says, every page answers: the first page of a list, or a sentence; never a fault."""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from yuntai.supervision.monitoring.services import direct_suspension
from yuntai.supervision.tests import factories as make

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
PARAMETERS = ("page", "q", "stage", "state", "seen", "reason", "nonsense")


def pages() -> list[str]:
    """Return the routes of this system, each with a place for its part."""
    found = [str(each.pattern) for each in get_resolver().url_patterns if isinstance(each, URLPattern)]
    own = ("", "board", "tenders", "messages", "warnings", "directives", "public")
    return [route for route in found if route.partition("/")[0] in own]


@pytest.fixture
def known(sun: object) -> dict[str, str]:
    """Return a part for each route that something stands under."""
    warning = make.open_warning()
    directive = direct_suspension(
        warning_id=warning.warning_id, reason="责令改正。", caller=make.supervisor(), now=make.NOW
    )
    return {
        "<str:tender_code>": warning.tender.tender_code,
        "<int:key>": "1",
        "<str:warning_id>": make.open_warning().warning_id,
        "<str:directive_id>": directive.directive_id,
    }


def test_odd_parameters_show_the_first_page_or_a_sentence(browser: Client, known: dict[str, str]) -> None:
    for route in pages():
        address = f"/{route}"
        for place, part in known.items():
            address = address.replace(place, part)
        for odd in ODD:
            asked = "&".join(f"{name}={odd}" for name in PARAMETERS)
            answer = browser.get(f"{address}?{asked}")
            assert answer.status_code in {200, 204, 404, 405, 422}, (address, odd)


def test_odd_parts_are_not_found(browser: Client, known: dict[str, str]) -> None:
    routes = [route for route in pages() if "<" in route]
    assert len(routes) == 6
    for route in routes:
        for odd in ODD[:-1]:
            address = f"/{route}"
            for place in known:
                address = address.replace(place, odd)
            answer = browser.get(address)
            assert answer.status_code in {404, 405} or (odd == "" and answer.status_code == 200), address
            assert odd in {"", "../.."} or answer.status_code == 405 or "没有" in answer.content.decode(), (
                address
            )
