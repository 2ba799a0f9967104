"""The page of a tender: every stage of its life, from messages alone."""

import re

import pytest
from django.test import Client

from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.factories import BIDDERS, DAY, LOT, NOW, TENDER, shown
from yuntai.standard.messages import Message

pytestmark = pytest.mark.django_db


def page(client: Client, monkeypatch: pytest.MonkeyPatch, *messages: Message, at_day: float = 0) -> str:
    shown(*messages)
    monkeypatch.setattr("yuntai.trust.clock.now", lambda: NOW + at_day * DAY)
    answer = client.get(f"/tenders/{TENDER}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def whole() -> list[Message]:
    return [
        factories.registered(),
        factories.noticed(),
        factories.opened(),
        factories.candidates(),
        factories.awarded(),
        factories.contracted(),
    ]


def test_before_the_notice(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page(client, monkeypatch, factories.registered())

    assert "待公告" in text
    assert "招标公告尚未发布" in text
    assert "尚未开标。开标之前，任何系统都不报送投标单位的名称和数量。" in text


def test_while_bids_are_taken(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page(client, monkeypatch, *whole()[:2])

    for fact in (
        "连云新城道路提升工程施工招标公告",
        '<span class="demonstration">演示</span>',
        "公开招标",
        "11,880,000.00 元",
        "2026-03-23 周一 09:00",
        "还剩 1 天",
        "连云区城市建设管理处",
        "道路全长 3.2 公里。",
        "ab" * 32,
        f'href="http://localhost:8010/tenders/{TENDER}"',
        "公共服务平台：公共资源交易中心",
        "工程建设交易系统",
        f'href="/api/v1/tenders/{TENDER}/messages"',
    ):
        assert fact in text, fact


def test_after_the_opening(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page(client, monkeypatch, *whole()[:3], at_day=1)

    assert "开标记录：3 份投标，3 份解密成功" in text
    assert "投标单位002" in text
    assert "11,000,002.00" in text
    assert "ef" * 32 in text
    assert "尚未开标" not in text


def test_says_why_a_bid_did_not_open(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = factories.opened_bid(
        0,
        bidder_code="",
        bidder_name="",
        price_yuan=None,
        duration_days=None,
        outcome="bidder-fault",
    )
    opening = factories.opened(bids=(closed, factories.opened_bid(1)))

    text = page(client, monkeypatch, *whole()[:2], opening, at_day=1)

    assert "开标记录：2 份投标，1 份解密成功" in text
    assert "投标人无法识别" in text
    assert f"密封包 {0:032x}" in text
    assert "投标人原因未解密" in text


def test_while_the_candidates_are_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page(client, monkeypatch, *whole()[:4], at_day=3)

    assert "公示中" in text
    assert "公示期 2026-03-24 周二 09:00 至 2026-03-27 周五 09:00" in text
    assert "97.50" in text
    assert "评标基准价法" in text
    assert "系数 K" in text
    assert "0.95" in text
    assert "还剩 2 天" in text


def test_after_the_contract(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page(client, monkeypatch, *whole(), at_day=11)

    assert "已签合同" in text
    assert BIDDERS[1] in text
    assert "人民币壹仟壹佰万零壹元整" in text
    assert "HT-2026-001" in text
    assert "01" * 32 in text
    assert "6 条报文" in text


def test_a_suspension_stands_above_everything(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page(client, monkeypatch, *whole()[:2], factories.suspended())

    assert "本项目已暂停" in text
    assert "依监督部门指令 ZL-2026-7 暂停。原因：招标文件设置了不合理的业绩条件" in text
    assert 'aria-current="step"' not in text


def test_a_resumed_tender_shows_no_banner(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page(client, monkeypatch, *whole()[:2], factories.suspended(), factories.resumed())

    assert "本项目已暂停" not in text
    assert "投标中" in text


def test_a_deadline_that_moved_on_resumption_stands_beside_the_notice_s(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = factories.resumed(bids_due_at=NOW + 9 * DAY)

    text = page(client, monkeypatch, *whole()[:2], factories.suspended(), later)

    assert "2026-03-23 周一 09:00</time>，项目恢复后改为 <time" in text
    assert text.count("2026-03-31 周二 09:00") >= 2


def test_a_failed_tender_says_why(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page(client, monkeypatch, *whole()[:2], factories.ended(), at_day=2)

    assert "本项目已流标" in text
    assert "投标人少于三个" in text


def test_an_amended_notice_comes_first_and_the_old_one_stays(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    amended = factories.noticed(title="更正公告", occurred_at=NOW - DAY, text="截止时间延后。")

    text = page(client, monkeypatch, *whole()[:2], amended)

    assert (
        text.index("截止时间延后。")
        < text.index("发布的公告（已被更新）")
        < text.index("道路全长 3.2 公里。")
    )


def test_markup_in_a_notice_is_text(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page(
        client, monkeypatch, factories.registered(), factories.noticed(text="<script>alert(1)</script>")
    )

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text


def test_more_than_a_hundred_bids_are_all_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page(client, monkeypatch, *whole()[:2], factories.opened(bidders=120), at_day=1)

    assert "开标记录：120 份投标" in text
    assert text.count('<th scope="row"') >= 120
    assert "投标单位119" in text


def test_the_opening_record_as_csv(client: Client) -> None:
    shown(*whole()[:2], factories.opened(bidders=2))

    answer = client.get(f"/tenders/{TENDER}/lots/{LOT}/opening.csv")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "统一社会信用代码,投标人,报价（元）,工期（天）,结果,密封包编号,备注",
        f"{BIDDERS[0]},投标单位000,11000000.00,300,已解密,{0:032x},演示",
        f"{BIDDERS[1]},投标单位001,11000001.00,300,已解密,{1:032x},演示",
    ]


def test_a_name_in_the_csv_is_never_a_formula(client: Client) -> None:
    bid = factories.opened_bid(0, bidder_name="=HYPERLINK(1)")
    shown(*whole()[:2], factories.opened(bids=(bid,)))

    text = client.get(f"/tenders/{TENDER}/lots/{LOT}/opening.csv").content.decode("utf-8-sig")

    assert ",'=HYPERLINK(1)," in text


def test_a_tender_of_the_past_names_its_source(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(factories.history(source_id="A3311011160013399"))

    text = client.get("/tenders/A3311011160013399").content.decode()

    for fact in ("这是历史项目", "丽水市公共资源交易网", "83 家", "2023-08-30 周三", "10,867,113.22 元"):
        assert fact in text, fact
    assert 'href="http://lssggzy.lishui.gov.cn/art/1.html"' in text


@pytest.mark.parametrize("address", ["/tenders/E9", f"/tenders/{TENDER}/lots/{LOT}/opening.csv"])
def test_what_is_not_public_is_not_there(client: Client, address: str) -> None:
    shown(factories.registered())

    answer = client.get(address)

    assert answer.status_code == 404
