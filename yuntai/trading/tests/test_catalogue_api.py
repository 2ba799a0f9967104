"""Public reads: what everyone's program finds, no draft, and nothing of the bids before the opening."""

from typing import Any

import pytest
from django.test import Client

from yuntai.standard.canonical import canonical
from yuntai.trading.tests import world
from yuntai.trading.tests.people import bidder
from yuntai.trust import merkle, signing
from yuntai.trust.base64url import from_base64url

pytestmark = pytest.mark.django_db


def read(path: str, status: int = 200) -> Any:
    answer = Client().get(path)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_lists_published_tenders_and_no_draft() -> None:
    shown = world.publish().tender
    draft = world.make_draft()

    listed = read("/api/v1/tenders")

    assert (listed["total"], listed["page"], listed["last_page"]) == (1, 1, 1)
    assert [each["code"] for each in listed["tenders"]] == [shown.code]
    assert read(f"/api/v1/tenders/{draft.code}", 404)["type"] == "urn:problem:tender-not-found"
    assert read(f"/api/v1/lots/{draft.lots.get().code}/results", 404)["clause"] == ""


@pytest.mark.parametrize("asked", ["page=0", "page=-1", "page=x", "page=1000001", "per_page=101", "page=１"])
def test_refuses_a_page_number_in_chinese(asked: str) -> None:
    problem = read(f"/api/v1/tenders?{asked}", 422)

    assert "的整数" in problem["detail"]


def test_pages_are_cut_and_beyond_the_last_is_empty() -> None:
    newest = [world.publish().tender.code for _ in range(3)][::-1]

    pages = [read(f"/api/v1/tenders?per_page=2&page={number}")["tenders"] for number in (1, 2, 3)]

    assert [[each["code"] for each in page] for page in pages] == [newest[:2], newest[2:], []]


def test_a_tender_names_documents_with_hash_and_address() -> None:
    found = world.publish(text="资金来源：财政资金。").tender

    told = read(f"/api/v1/tenders/{found.code}")

    assert told["notice"]["text"] == "资金来源：财政资金。"
    assert told["notice"]["initiator"]["contact"] == "李招标 0518-80000000"
    assert told["notice"]["agency"] is None
    (document,) = told["documents"]
    assert (document["name"], document["sha256"], document["size"]) == (
        "招标文件.pdf",
        world.SHA_OF_DOCUMENT,
        4,
    )
    path = document["url"].removeprefix("http://localhost:8000")
    assert b"".join(Client().get(path)) == b"test"
    assert told["lots"][0]["estimated_yuan"] == "9500000.00"


def test_results_are_null_before_the_opening_however_many_bid() -> None:
    opened = world.publish()
    before = Client().get(f"/api/v1/lots/{opened.lot.code}/results").content

    world.hand_in(opened, bidder())

    assert Client().get(f"/api/v1/lots/{opened.lot.code}/results").content == before
    assert read(f"/api/v1/lots/{opened.lot.code}/results")["opening"] is None


def test_a_closed_set_that_is_not_opened_tells_no_count() -> None:
    closed = world.close_lot()

    assert read(f"/api/v1/lots/{closed.lot.code}/results")["opening"] is None


def test_results_have_record_root_candidates_and_award() -> None:
    awarded = world.award_lot()

    told = read(f"/api/v1/lots/{awarded.lot.code}/results")

    opening = told["opening"]
    assert [bid["price_yuan"] for bid in opening["bids"]] == ["8800000.00", "9000000.00", "9200000.00"]
    leaves = sorted(opening["leaves"], key=lambda leaf: (leaf["envelope_id"], leaf["part"]))
    statement = opening["close"]["statement"]
    assert merkle.root([canonical(leaf) for leaf in leaves]).hex() == statement["root"]
    assert statement["bids"] == 3
    key = from_base64url(read("/.well-known/trading-system.json")["signing_key"])
    assert signing.is_valid(key, canonical(statement), from_base64url(opening["close"]["signature"]))
    assert [each["rank"] for each in told["candidates"]["candidates"]] == [1, 2, 3]
    assert told["award"]["supplier_name"] == told["candidates"]["candidates"][0]["bidder_name"]


def test_the_description_names_every_address() -> None:
    told = read("/.well-known/trading-system.json")

    assert told["standard"] == {"name": "yuntai-trading-system", "version": "1"}
    assert told["industry"] == "construction"
    assert {tool["price_yuan"] for tool in told["bid_tools"]} == {"0.00"}
    assert told["addresses"]["tender"] == "http://localhost:8000/api/v1/tenders/{code}"
    assert all(address.startswith("http://localhost:8000/") for address in told["addresses"].values())
