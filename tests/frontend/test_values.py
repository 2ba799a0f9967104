"""What the filters write, and what the values of lists and tables work out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from yuntai.kernel.templatetags import values
from yuntai.kernel.templatetags.components import Column, Pages, register, sorted_columns
from yuntai.kernel.templatetags.frame import navigation

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in China


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("1234567"), "1,234,567.00 元"),
        ("0.05", "0.05 元"),
        (None, "未定"),
        ("", "未定"),
        ("一百", "一百"),
    ],
)
def test_yuan(amount: Decimal | str | None, text: str) -> None:
    assert values.yuan(amount) == text


def test_capitals_of_what_is_no_amount_yet_are_empty() -> None:
    assert values.capitals(Decimal("1680.32")) == "人民币壹仟陆佰捌拾元叁角贰分"
    assert values.capitals("12.345") == ""
    assert values.capitals(None) == ""


def test_instants_are_beijing_time_with_weekday() -> None:
    assert values.beijing(datetime(2026, 3, 22, 1, 0, tzinfo=UTC)) == "2026-03-22 周日 09:00"
    assert values.beijing_day(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == "2027-01-01 周五"
    assert values.beijing_day(date(2026, 3, 2)) == "2026-03-02 周一"
    assert values.beijing(None) == "未定"


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(days=3), "还剩 3 天"),
        (timedelta(days=3, microseconds=-1), "还剩 3 天"),
        (timedelta(days=3, seconds=-1), "还剩 2 天 23 小时"),
        (timedelta(hours=1), "还剩 1 小时 0 分"),
        (timedelta(seconds=1), "还剩 0 分 1 秒"),
        (timedelta(microseconds=1), "还剩 0 分 1 秒"),
        (timedelta(0), "已截止"),
        (timedelta(days=-1), "已截止"),
    ],
    ids=str,
)
def test_time_left(left: timedelta, text: str) -> None:
    assert values.time_left(NOW + left, NOW) == text


def test_sorting_by_address_turns_round_and_forgets_the_page() -> None:
    columns = (
        Column("price", "报价", sortable=True),
        Column("days", "工期", sortable=True),
        Column("name", "名称"),
    )

    price, days, name = sorted_columns(columns, {"sort": "price", "q": "农田", "page": "3"})

    assert (price.sorted, price.sort_url) == ("ascending", "?q=%E5%86%9C%E7%94%B0&sort=-price")
    assert (days.sorted, days.sort_url) == ("", "?q=%E5%86%9C%E7%94%B0&sort=days")
    assert (name.sorted, name.sort_url) == ("", "")
    assert sorted_columns(columns, {"sort": "-price"})[0].sorted == "descending"


def test_pages_keep_the_filters_and_mark_gaps() -> None:
    pages = Pages(5, 9, 90, {"q": "路"})

    assert pages.earlier == "?q=%E8%B7%AF&page=4"
    assert [number for number, _ in pages.near] == [1, 0, 3, 4, 5, 6, 7, 0, 9]
    assert [number for number, _ in Pages(1, 3, 30, {}).near] == [1, 2, 3]
    assert (Pages(1, 1, 3, {}).earlier, Pages(1, 1, 3, {}).later) == ("", "")


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", "首页"),
        ("/desk", "工作台"),
        ("/desk/done", "已办"),
        ("/desk/new", "工作台"),
        ("/desktop", ""),
        ("/x", ""),
    ],
)
def test_navigation_marks_the_nearest_place(path: str, current: str) -> None:
    items = navigation((("首页", "/"), ("工作台", "/desk"), ("已办", "/desk/done")), path)

    assert "".join(item.name for item in items if item.current) == current


def test_one_library_has_every_tag() -> None:
    assert {"notice_list", "data_table", "form_field", "bid_form", "irreversible_act"} <= set(register.tags)
    assert {"yuan", "beijing", "time_left"} <= set(register.filters)
