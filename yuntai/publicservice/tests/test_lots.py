"""A tender of several lots: each has its own stage, and the tender's follows from those that go on."""

import random
import re
from datetime import datetime, timedelta

import pytest
from django.forms import model_to_dict
from django.test import Client

from yuntai.publicservice.portal.models import PublicTender
from yuntai.publicservice.portal.queries import tender_view
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.factories import DAY, LOT, NOW, OTHER_LOT, TENDER, shown
from yuntai.standard.messages import Message

pytestmark = pytest.mark.django_db(transaction=True)
MOMENT = timedelta(microseconds=1)


def stages(now: datetime) -> tuple[str, ...]:
    """Return the stage of the tender, then of each lot."""
    view = tender_view(TENDER, now=now)
    return (view.stage.code, *(lot.stage.code for lot in view.lots))


def page(client: Client, monkeypatch: pytest.MonkeyPatch, address: str, now: datetime) -> str:
    monkeypatch.setattr("yuntai.trust.clock.now", lambda: now)
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def test_the_tender_follows_the_lot_that_goes_on() -> None:
    steps = [
        (2, NOW + DAY - MOMENT, ("bidding", "bidding", "bidding")),
        (2, NOW + DAY, ("opening", "opening", "opening")),
        (3, NOW + DAY, ("opening", "unsuccessful", "opening")),
        (4, NOW + DAY, ("evaluation", "unsuccessful", "evaluation")),
        (5, NOW + 3 * DAY, ("standstill", "unsuccessful", "standstill")),
        (5, NOW + 5 * DAY, ("awarding", "unsuccessful", "awarding")),
        (6, NOW + 6 * DAY, ("awarded", "unsuccessful", "awarded")),
        (7, NOW + 10 * DAY, ("contracted", "unsuccessful", "contracted")),
        (8, NOW + 10 * DAY, ("contracted", "unsuccessful", "complete")),
        (9, NOW + 10 * DAY, ("complete", "unsuccessful", "complete")),
    ]
    told = 0
    for upto, now, expected in steps:
        shown(*factories.two_lots()[told:upto])
        told = upto
        assert stages(now) == expected, (upto, now)


def test_a_lot_that_fails_after_its_opening_leaves_no_trace_in_the_stage() -> None:
    registered, noticed, *_ = factories.two_lots()
    shown(registered, noticed, factories.opened(), factories.candidates())
    shown(factories.opened(lot_code=OTHER_LOT), factories.lot_ended(occurred_at=NOW + 4 * DAY))

    assert stages(NOW + 4 * DAY) == ("evaluation", "unsuccessful", "evaluation")


def test_a_completed_lot_does_not_hide_that_another_is_evaluated() -> None:
    registered, noticed, *_ = factories.two_lots()
    shown(registered, noticed, factories.opened(), factories.candidates(), factories.awarded())
    shown(factories.contracted(), factories.opened(lot_code=OTHER_LOT))
    assert stages(NOW + 10 * DAY) == ("evaluation", "contracted", "evaluation")

    shown(factories.lot_ended(final_status="complete", reason="", clause="", occurred_at=NOW + 10 * DAY))
    assert stages(NOW + 10 * DAY) == ("evaluation", "complete", "evaluation")


def test_the_standstill_is_that_of_the_lot_that_goes_on() -> None:
    registered, noticed, *_ = factories.two_lots()
    shown(registered, noticed, factories.opened(), factories.candidates(), factories.awarded())
    done = {"final_status": "complete", "reason": "", "clause": ""}
    shown(factories.contracted(), factories.lot_ended(occurred_at=NOW + 10 * DAY, **done))
    later = {"standstill_opens_at": NOW + 12 * DAY, "standstill_closes_at": NOW + 15 * DAY}
    shown(factories.opened(lot_code=OTHER_LOT))
    shown(factories.candidates(lot_code=OTHER_LOT, occurred_at=NOW + 11 * DAY, **later))

    assert PublicTender.objects.get().standstill_opens_at == NOW + 12 * DAY
    assert stages(NOW + 11 * DAY) == ("evaluation", "complete", "evaluation")
    assert stages(NOW + 12 * DAY) == ("standstill", "complete", "standstill")


def test_a_clause_that_the_register_does_not_have_does_no_harm(client: Client) -> None:
    shown(factories.registered(), factories.noticed())
    shown(factories.lot_ended(clause="other-law/9"), factories.ended(clause="other-law/9"))

    answer = client.get(f"/tenders/{TENDER}")

    assert answer.status_code == 200
    assert "本项目已流标" in answer.content.decode()


def test_lots_that_all_failed_show_how_far_they_came() -> None:
    registered, noticed, *_ = factories.two_lots()
    shown(registered, noticed, factories.lot_ended(), factories.lot_ended(lot_code=OTHER_LOT))
    shown(factories.ended(reason="", clause=""))

    assert stages(NOW + 2 * DAY) == ("unsuccessful", "unsuccessful", "unsuccessful")


@pytest.mark.parametrize("now", [NOW, NOW + DAY, NOW + 3 * DAY, NOW + 5 * DAY, NOW + 30 * DAY])
def test_an_only_lot_is_in_the_stage_of_its_tender(now: datetime) -> None:
    life: list[Message] = [
        factories.registered(),
        factories.noticed(),
        factories.suspended(),
        factories.resumed(),
        factories.opened(),
        factories.candidates(),
        factories.awarded(),
        factories.contracted(),
        factories.lot_ended(final_status="complete", reason="", clause="", occurred_at=NOW + 10 * DAY),
        factories.ended(final_status="complete", reason="", clause="", occurred_at=NOW + 10 * DAY),
    ]
    for message in life:
        shown(message)
        tender, lot = stages(now)
        # Between the end of the lot and that of the tender, which come together, the lot is ahead.
        assert lot in {tender, "complete"}, message


@pytest.mark.parametrize("seed", range(5))
def test_tells_the_same_whatever_the_order_of_arrival(seed: int) -> None:
    first, *rest = factories.two_lots()
    shown(first, *rest)
    expected = model_to_dict(PublicTender.objects.get(), exclude=["id", "code", "search"])
    shuffled = [message.model_copy(update={"tender_code": f"{TENDER}X"}) for message in rest]
    random.Random(seed).shuffle(shuffled)

    shown(first.model_copy(update={"tender_code": f"{TENDER}X"}), *shuffled)

    other = PublicTender.objects.get(code=f"{TENDER}X")
    assert model_to_dict(other, exclude=["id", "code", "search"]) == expected


def test_the_page_tells_of_each_lot(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(*factories.two_lots()[:5])

    text = page(client, monkeypatch, f"/tenders/{TENDER}", NOW + 3 * DAY)

    head, lots = text[: text.index('id="lots"')], text[text.index('id="lots"') :]
    assert "公示中" in head
    assert "2 个标段中 1 个流标或终止" in head
    assert "以上为仍在进行的标段中进度最慢者" in head
    first = lots[lots.index("第一标段") : lots.index("第二标段")]
    assert "流标</span>" in first
    assert "2026-03-23 周一 09:00。原因：投标人少于三个" in first
    assert "《招标投标法》第二十八条" in first
    assert "尚未开标" not in text
    assert "标段结束：流标" in text


def test_a_tender_whose_lots_all_failed_sends_to_their_reasons(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered, noticed, *_ = factories.two_lots()
    shown(registered, noticed, factories.lot_ended())
    shown(
        factories.lot_ended(lot_code=OTHER_LOT, reason="全部投标被否决"),
        factories.ended(reason="", clause=""),
    )

    text = page(client, monkeypatch, f"/tenders/{TENDER}", NOW + 3 * DAY)

    assert "本项目已流标" in text
    assert "各标段的原因见下。" in text
    assert "原因：投标人少于三个" in text
    assert "原因：全部投标被否决" in text


def test_lists_and_feed_tell_that_a_lot_failed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(*factories.two_lots()[:3])

    for address in ("/", "/feed.atom"):
        assert "2 个标段中 1 个流标或终止" in page(client, monkeypatch, address, NOW + 2 * DAY), address
    (listed,) = client.get("/api/v1/tenders").json()["tenders"]
    assert (listed["lot_count"], listed["failed_lot_count"], listed["stage"]) == (2, 1, "opening")


def test_the_feed_says_when_something_new_was_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(*factories.two_lots()[:3])

    text = page(client, monkeypatch, "/feed.atom", NOW + 2 * DAY)

    assert "<updated>2026-03-23T01:00:00+00:00</updated>" in text
    assert "<published>2026-03-02T01:00:00+00:00</published>" in text


def test_the_page_tells_of_past_suspensions_and_the_moved_deadline(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = factories.suspended(
        occurred_at=NOW + DAY / 2, suspended_at=NOW + DAY / 2, directive_id="ZL-2026-9", reason="再次核查"
    )
    shown(factories.registered(), factories.noticed(), factories.suspended())
    shown(factories.resumed(bids_due_at=NOW + 9 * DAY), again)

    text = page(client, monkeypatch, f"/tenders/{TENDER}", NOW + DAY)

    halts = text[text.index("暂停与恢复：2 次") :]
    for fact in (
        "2026-03-21 周六 09:00",
        "监督指令 <code>ZL-2026-7</code>",
        "2026-03-22 周日 09:00",
        "招标文件已改正",
        "2026-03-31 周二 09:00",
        "监督指令 <code>ZL-2026-9</code>",
        "再次核查",
        "尚未恢复",
    ):
        assert fact in halts, fact
    assert "2026-03-22 周日 21:00 起依监督部门指令 ZL-2026-9 暂停。原因：再次核查" in text


def test_says_nothing_of_a_lot_it_does_not_know() -> None:
    shown(factories.registered(), factories.noticed(), factories.lot_ended(lot_code=LOT + "9"))

    assert [lot.facts.lot_code for lot in tender_view(TENDER, now=NOW).lots] == [LOT]
