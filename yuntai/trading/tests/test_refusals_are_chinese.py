"""What the framework finds wrong with a body is told in Chinese, not in its own English."""

import re

import pytest
from django.test import Client

from yuntai.trading.tests import world
from yuntai.trading.tests.page_world import browser
from yuntai.trading.tests.people import bidder

pytestmark = pytest.mark.django_db

ENGLISH = re.compile(r"[A-Z][a-z]+ [a-z]+ [a-z]+|Field required|Value error")


def detail(client: Client, path: str, body: str) -> str:
    answer = client.post(path, body, content_type="application/json")
    assert 400 <= answer.status_code < 500
    return str(answer.json()["detail"])


@pytest.mark.parametrize(
    "body", ["{}", '{"header": 1, "signature": "x"}', "[]", "7", "null", '{"header": []}']
)
def test_a_hand_in_that_breaks_the_form(body: str) -> None:
    said = detail(browser(bidder()), f"/api/v1/lots/{world.publish().lot.code}/bids", body)

    assert ENGLISH.findall(said) == []


@pytest.mark.parametrize(
    "body", ["{}", '{"messages": 1}', '{"messages": []}', '{"messages": [{}]}', '{"x": 1}']
)
def test_a_batch_of_messages_that_breaks_the_form(body: str) -> None:
    assert ENGLISH.findall(detail(Client(), "/exchange/v1/messages", body)) == []
