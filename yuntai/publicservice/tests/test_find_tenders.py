"""Finding tenders: every substring finds its title, filters hold on both sides of their edges."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from yuntai.publicservice import bigrams
from yuntai.publicservice.portal.models import PublicTender
from yuntai.publicservice.portal.search import Choices, Search, Spread, choices, find_tenders, spread
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.factories import DAY, NOW, TENDER, shown

pytestmark = pytest.mark.django_db

TITLES = (
    "遂昌县东城共富核心区市政基础设施配套项目（一期）",
    "青田县瓯南街道南湾至黄山公路新建工程",
    "S218安吉至龙港公路青田高湖至船寮段改建工程第SG1标段",
    "连云港市第二人民医院安全等级提升工程EPC",
    "瓯江干流左岸温溪段（横溪—意尔康）综合治理工程",
    "蔷薇河大桥",
)
MOMENT = timedelta(microseconds=1)


def found(now: datetime = NOW, **asked: str) -> list[str]:
    return [line.title for line in find_tenders(Search.of(asked), page=1, now=now).rows]


def stage(now: datetime) -> str:
    return find_tenders(Search(), page=1, now=now).rows[0].stage.code


def test_every_substring_finds_its_title() -> None:
    for title in TITLES:
        shown(factories.history(title=title, place="某地"))
    dice = random.Random(7)

    for _ in range(120):
        title = dice.choice(TITLES)
        start = dice.randrange(len(title))
        part = title[start : start + dice.randint(1, 8)]
        if any(character.isalnum() for character in part):
            words = ["".join(word) for word in bigrams._runs(part)]
            expected = {each for each in TITLES if all(word in each.lower() for word in words)}
            assert set(found(q=part)) == expected, part


def test_words_must_all_be_there() -> None:
    for title in TITLES:
        shown(factories.history(title=title, place="某地"))

    assert found(q="青田 公路 改建") == [TITLES[2]]
    assert found(q="青田 大桥") == []


def test_the_characters_of_a_word_must_stand_together() -> None:
    shown(factories.history(title="北京路和京北路", place="某地"))

    assert found(q="北京路") == ["北京路和京北路"]
    assert found(q="北京北") == []


def test_wide_and_narrow_letters_are_the_same() -> None:
    shown(factories.history(title=TITLES[2]))

    assert found(q="ｓｇ１标段") == [TITLES[2]]


@pytest.mark.parametrize("text", ["'", "a' | 'b", "工程 & !", "\\", "():*<->", "；drop"])
def test_signs_of_the_query_language_are_only_signs(text: str) -> None:
    shown(factories.history(title="工程"))

    assert isinstance(found(q=text), list)


def test_a_query_of_signs_alone_leaves_the_list_whole() -> None:
    shown(factories.history(title="工程"))

    assert found(q="（）——") == ["工程"]


@pytest.mark.parametrize("text", [TENDER, TENDER[6:12], "连云区城市建设", "投标单位001", "E3207001234000001"])
def test_finds_by_code_party_and_supplier(text: str) -> None:
    shown(factories.registered(), factories.awarded())

    assert found(q=text) == [factories.registered().title]
    assert found(q="投标单位002") == []


def test_a_city_covers_its_counties() -> None:
    shown(
        factories.history(title="青田的", region_code="331121"),
        factories.history(title="丽水的", region_code="331100"),
        factories.history(title="杭州的", region_code="330100"),
    )

    assert set(found(place="331100")) == {"青田的", "丽水的"}
    assert found(place="331121") == ["青田的"]
    assert set(found(place="330000")) == {"青田的", "丽水的", "杭州的"}


def test_filters_by_kind_and_stage() -> None:
    shown(factories.registered(), factories.noticed(), factories.history(title="旧的"))

    assert found(kind="transport") == ["旧的"]
    assert found(stage="history") == ["旧的"]
    assert found(stage="bidding") == [factories.noticed().title]
    assert found(stage="suspended") == []


def test_a_year_runs_from_midnight_to_midnight_in_shanghai() -> None:
    for day in (date(2022, 12, 31), date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1)):
        shown(factories.history(title=str(day), opened_on=day))

    assert set(found(period="2023")) == {"2023-01-01", "2023-12-31"}


def test_the_last_seven_days_begin_at_midnight_in_shanghai() -> None:
    edge = datetime(2026, 3, 14, 16, 0, tzinfo=UTC)  # 00:00 of 15 March in Shanghai, seven days before NOW
    shown(factories.registered(occurred_at=edge - MOMENT))
    assert found(period="7d") == []

    shown(factories.registered(tender_code="E2", title="在内", occurred_at=edge))

    assert found(period="7d") == ["在内"]


def test_what_an_address_says_wrongly_counts_as_left_out() -> None:
    shown(factories.history(title="旧的"))
    odd = Search.of({"stage": "nonsense", "place": "33'", "period": "9999", "sort": "id", "q": "旧" * 500})

    assert odd == Search(q="旧" * 100)
    assert found(stage="nonsense", sort="id") == ["旧的"]


def test_sorts_by_deadline_and_by_price() -> None:
    for number, due, price in ((1, 3, "5.00"), (2, 1, "9.00"), (3, 2, "7.00")):
        code = f"E{number}"
        shown(
            factories.registered(tender_code=code),
            factories.noticed(
                tender_code=code,
                title=str(number),
                occurred_at=NOW - number * DAY,
                bids_due_at=NOW + due * DAY,
                ceiling_price_yuan=Decimal(price),
            ),
        )
    shown(factories.history(title="旧的", ceiling_price_yuan=None))

    assert found() == ["1", "2", "3", "旧的"]
    assert found(sort="due") == ["2", "3", "1", "旧的"]
    assert found(sort="price") == ["2", "3", "1", "旧的"]


def test_the_stage_follows_the_messages_and_the_clock() -> None:
    due, opens, closes = NOW + DAY, NOW + 2 * DAY, NOW + 5 * DAY
    shown(factories.registered())
    assert stage(NOW) == "registered"

    shown(factories.noticed())
    assert stage(due - MOMENT) == "bidding"
    assert stage(due) == "opening"

    shown(factories.opened())
    assert stage(due) == "evaluation"

    shown(factories.candidates())
    assert stage(opens - MOMENT) == "evaluation"
    assert stage(opens) == "standstill"
    assert stage(closes - MOMENT) == "standstill"
    assert stage(closes) == "awarding"

    shown(factories.awarded())
    assert stage(closes - MOMENT) == "standstill"
    assert stage(closes) == "awarded"

    shown(factories.contracted())
    assert stage(closes) == "contracted"

    shown(factories.suspended(occurred_at=NOW + 11 * DAY))
    assert stage(closes) == "suspended"

    shown(factories.ended(final_status="cancelled", occurred_at=NOW + 12 * DAY))
    assert stage(closes) == "cancelled"


def test_an_open_standstill_of_one_lot_shows_while_another_is_awarded() -> None:
    other = f"{TENDER}002"
    shown(
        factories.registered(),
        factories.noticed(),
        factories.opened(),
        factories.awarded(occurred_at=NOW + 2 * DAY),
        factories.candidates(lot_code=other, occurred_at=NOW + 3 * DAY, standstill_opens_at=NOW + 3 * DAY),
    )

    assert stage(NOW + 4 * DAY) == "standstill"


def test_only_an_open_deadline_counts_down() -> None:
    shown(factories.registered(), factories.noticed())

    before = find_tenders(Search(), page=1, now=NOW).rows[0]
    after = find_tenders(Search(), page=1, now=NOW + 2 * DAY).rows[0]

    assert before.due_at == NOW + DAY
    assert after.due_at is None


@pytest.mark.parametrize(("asked", "number"), [(0, 1), (1, 1), (3, 3), (4, 3), (99, 3)])
def test_a_page_beyond_the_end_is_the_last(asked: int, number: int) -> None:
    for _ in range(41):
        shown(factories.history())

    page = find_tenders(Search(), page=asked, now=NOW)

    assert (page.number, page.last, page.total) == (number, 3, 41)
    assert len(page.rows) == (1 if number == 3 else 20)


def test_spreads_over_months_without_gaps_and_over_regions() -> None:
    shown(
        factories.history(opened_on=date(2023, 11, 30)),
        factories.history(opened_on=date(2024, 2, 1)),
        factories.history(opened_on=date(2024, 2, 29), region_code="331100"),
    )

    how = spread(Search(), now=NOW)

    assert how.by == "month"
    assert [(at.strftime("%Y-%m"), number) for at, number in how.periods] == [
        ("2023-11", 1),
        ("2023-12", 0),
        ("2024-01", 0),
        ("2024-02", 2),
    ]
    assert how.regions == (("331121", 2), ("331100", 1))


def test_spreads_over_years_when_they_span_long() -> None:
    shown(factories.history(opened_on=date(2009, 1, 1)), factories.history(opened_on=date(2012, 12, 31)))

    how = spread(Search(), now=NOW)

    assert how.by == "year"
    assert [(at.year, number) for at, number in how.periods] == [(2009, 1), (2010, 0), (2011, 0), (2012, 1)]


def test_spreads_only_what_is_asked_for() -> None:
    shown(factories.history(title="大桥"), factories.history(title="小学"))

    assert sum(number for _, number in spread(Search(q="大桥"), now=NOW).periods) == 1
    assert spread(Search(q="没有"), now=NOW) == Spread("year", (), ())


def test_offers_the_choices_there_are() -> None:
    shown(factories.registered(), factories.history(), factories.history())

    assert choices() == Choices(
        kinds=(("transport", 2), ("construction", 1)),
        regions=(("320703", 1), ("331121", 2)),
        years=(2026, 2023),
    )


def test_an_index_serves_the_search() -> None:
    words = bigrams.query("公路")

    plan = PublicTender.objects.filter(search__matches=words).explain()

    assert "search @@" in plan
