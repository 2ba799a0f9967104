"""Whatever is posted to the interface is done or refused in Chinese; never a fault of ours."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from yuntai.trading.tenders.models import Project, Tender
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock
from yuntai.trading.tests.world import OPENED

pytestmark = pytest.mark.django_db(transaction=True)

PROJECT = {"name": "演示道路", "region_code": "320706", "place": "海州区"}
LOT = {"title": "施工", "estimated_yuan": "9500000.00", "ceiling_price_yuan": None}
MOST = "99999999999999.99"
TENDER = {
    "project_code": "E3207060001000001",
    "title": "演示道路施工",
    "procedure_code": "construction.open-tender",
    "must_tender": True,
    "bids_due_at": "2026-03-23T01:30:00Z",
    "contact": "李招标",
    "lots": [LOT],
}
BAD_TEXTS = ["", " ", "a\x00b", "a\nb", "a\r\nb", "\x1b", "\ud800", "长" * 100_001, 7, None, [], {}, True]
BAD_INSTANTS = [
    "",
    "明天",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-12:00",
    "2026-03-23T01:30:00",
    10**18,
    1_774_229_400,  # the same instant in seconds since 1970: no form of the document
    None,
    "\x00",
]
BAD_AMOUNTS = ["", "0.00", "-1.00", "1", "1e9", "9" * 15 + ".00", "\x00", 7, 7.5, [], "\ud800"]
BAD_CODES = ["", "\x00", "a\nb", "x" * 51, "一", "\ud800", 7, [], "no.such", "E0000000000000000"]


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Monday 2 March, 09:00."""
    set_clock(monkeypatch, OPENED)
    return OPENED


# 400: no door reads it at all (a NUL, half a character); 422: read, and against the rules.
REFUSED = {400, 422}


def post(client: Client, path: str, body: object) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def each_bad(base: dict[str, Any], fields: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [base | {name: value} for name, values in fields.items() for value in values]


def test_bad_projects_are_refused(now: datetime) -> None:
    client = browser(people.initiator())
    fields: dict[str, list[Any]] = {
        "name": BAD_TEXTS,
        "place": BAD_TEXTS,
        "region_code": BAD_CODES,
        "investment_code": ["x" * 25, "\x00", "a\nb", "一", "\ud800", 7],
        "initiator_code": ["x" * 18, "x" * 19, "\x00", "\n", "\ud800", 7],
    }

    for body in each_bad(PROJECT, fields):
        assert post(client, "projects", body)[0] in REFUSED, body
    assert not Project.objects.exists()


def test_bad_tenders_are_refused(now: datetime) -> None:
    client = browser(people.initiator())
    assert post(client, "projects", PROJECT)[0] == 201
    fields: dict[str, list[Any]] = {
        "project_code": BAD_CODES,
        "title": BAD_TEXTS,
        "procedure_code": BAD_CODES,
        "must_tender": ["", "\x00", 7, [], None, 1, "yes", "true"],
        "bids_due_at": [
            *BAD_INSTANTS,
            "2026-03-02T01:00:00Z",
            "2028-03-02T01:00:01Z",
            "2100-01-01T00:00:00Z",
        ],
        "contact": [*BAD_TEXTS, "李" * 101],
        "origin": ["a\x00b", "a\nb", "源" * 301, "\ud800", 7],
        "lots": [
            [],
            [LOT] * 100,
            "\x00",
            *([LOT | {"title": bad}] for bad in BAD_TEXTS),
            *([LOT | {"estimated_yuan": bad}] for bad in BAD_AMOUNTS),
            *([LOT | {"ceiling_price_yuan": bad}] for bad in BAD_AMOUNTS),
        ],
    }

    for body in each_bad(TENDER, fields):
        assert post(client, "tenders", body)[0] in {400, 404, 409, 422}, body
    assert not Tender.objects.exists()
    assert post(client, "tenders", TENDER)[0] == 201


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("contact", "李" * 101, "联系人和电话有 101 个字，最多 100 个字"),
        ("contact", "a\nb", "联系人和电话须写在一行内"),
        ("origin", "源" * 301, "演示数据来源有 301 个字，最多 300 个字"),
        ("project_code", "a\nb", "投资项目编号须为1 至 50 位字母、数字和连字符"),
        ("procedure_code", "no.such", "没有生效的交易流程 no.such"),
        ("bids_due_at", "9999-12-31T23:59:59Z", "年份须在 2000 至 2199 之间"),
        ("bids_due_at", "2030-01-01T00:00:00Z", "投标截止时间最多可定在 730 日之后"),
        ("bids_due_at", "明天", "须为时刻，如 2026-03-23T09:30:00+08:00"),
        ("bids_due_at", "2026-03-23T01:30:00", "时刻须带时区"),
        ("must_tender", "也许", "须为 true 或 false"),
        ("lots", 7, "须为列表"),
        ("lots", [7], "缺少必填项"),
        ("lots", [LOT | {"estimated_yuan": "1"}], "金额“1”的写法不符合接口标准：须写两位小数，如 1234.50"),
        ("lots", [LOT | {"estimated_yuan": "0.00"}], "标段 1 的合同估算价须大于 0 元"),
        ("lots", [LOT, LOT | {"estimated_yuan": MOST}], "各标段的合同估算价合计 100,000,009,499,999.99 元"),
        ("lots", [LOT | {"ceiling_price_yuan": MOST}] * 2, "各标段的最高投标限价合计"),
    ],
)
def test_a_refusal_names_the_field_and_its_limit(
    now: datetime, field: str, value: object, sentence: str
) -> None:
    status, problem = post(browser(people.initiator()), "tenders", TENDER | {field: value})

    assert (status in {409, 422}, sentence in problem["detail"]) == (True, True), problem
    assert not re.search("[A-Z][a-z]+ [a-z]+", problem["detail"])


def test_bad_acts_on_a_draft_are_refused(now: datetime) -> None:
    draft = world.make_draft()
    world.give_keys(draft)
    client = browser(people.initiator())

    for bad in BAD_INSTANTS:
        assert post(client, f"tenders/{draft.code}/deadline", {"bids_due_at": bad})[0] in REFUSED, bad
    for bad in ["", " ", "a\x00b", "\ud800", "长" * 50_001, 7, None]:
        assert post(client, f"tenders/{draft.code}/notice", {"text": bad})[0] in REFUSED, bad
    for code in ("x", "一", "E" * 300):
        assert post(client, f"tenders/{code}/notice", {"text": world.notice()})[0] == 404
        assert client.delete(f"/api/v1/tenders/{code}").status_code == 404
    assert Tender.objects.get().documents_open_at is None


def test_bad_bids_are_refused(now: datetime) -> None:
    place = world.publish()
    client = browser(people.bidder())
    lot = f"lots/{place.lot.code}"

    headers: tuple[Any, ...] = ({}, {"a": "\x00"}, {"context": None}, [], "\ud800")

    for header in headers:
        assert post(client, f"{lot}/bids", {"header": header, "signature": "AA"})[0] in {400, 409, 422}, (
            header
        )
    for bad in BAD_CODES:
        body = {"envelope_id": bad, "signature": "AA"}
        assert post(client, f"{lot}/withdrawals", body)[0] in {400, 404, 409, 422}, bad
    for bad in ["", "!", "\x00", 7, None, "\ud800"]:
        body = {"envelope_id": "0" * 32, "signature": bad}
        assert post(client, f"{lot}/withdrawals", body)[0] in {400, 404, 409, 422}, bad


def test_bad_results_are_refused(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.open_lot()
    set_clock(monkeypatch, world.EVALUATED)
    lot = f"lots/{place.lot.code}"
    expert, buyer = browser(people.expert()), browser(people.initiator())

    for opinion in ("a\x00b", "\ud800", "长" * 501, 7, None):
        assert post(expert, f"{lot}/evaluation", {"opinion": opinion})[0] in REFUSED, opinion
    assert post(expert, f"{lot}/evaluation", {"opinion": "同意。\n理由如下。"})[0] == 201
    for bad in BAD_INSTANTS:
        assert post(buyer, f"{lot}/candidates", {"closes_at": bad})[0] in REFUSED, bad
    for bad in ["", "!", "AA", "\x00", 7, None, "\ud800", "A" * 10_000]:
        body = {"certificate": bad, "signature": bad}
        assert post(buyer, f"{lot}/contract/signatures", body)[0] in {400, 404, 422}, bad


@pytest.mark.parametrize("name", ["%0a.pdf", "%20", ".a", "长" * 121, "a:b", "a%5Cb"])
def test_a_document_of_a_bad_name_is_refused(now: datetime, name: str) -> None:
    draft = world.make_draft()
    client = browser(people.initiator())

    answer = client.put(f"/api/v1/tenders/{draft.code}/documents/{name}", b"x")

    assert answer.status_code in {400, 404, 422}, answer.content.decode()
    assert draft.documents.count() == 1
