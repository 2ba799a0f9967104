"""What a supervisor sees and does on the pages, and what everyone else does not."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.inbox.apply import apply_messages
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.inbox.services import receive_batch
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.supervision.intake.models import WatchedLot
from yuntai.supervision.monitoring.models import Directive, Dismissal, TenderWarning
from yuntai.supervision.monitoring.services import direct_suspension
from yuntai.supervision.tests import factories as make

# The acts' own tests commit; here it is enough that everything runs within the test's transaction.
pytestmark = pytest.mark.django_db

REASON = "投标期限只有 19 日，责令改正。"
CLOSED_PAGES = (
    "/",
    "/board",
    "/tenders",
    "/tenders/{tender}",
    "/messages/1",
    "/warnings",
    "/warnings/{warning}",
    "/warnings/{warning}/suspend",
    "/directives",
    "/directives/{directive}/resume",
)
ACTS = ("/warnings/{warning}/dismiss", "/warnings/{warning}/suspend", "/directives/{directive}/resume")


@pytest.fixture
def addresses(sun: Caller) -> dict[str, str]:
    """Return the numbers of a suspended tender and of another open warning."""
    suspended = make.open_warning()
    directive = direct_suspension(warning_id=suspended.warning_id, reason=REASON, caller=sun, now=make.NOW)
    return {
        "tender": suspended.tender.tender_code,
        "warning": make.open_warning().warning_id,
        "directive": directive.directive_id,
    }


def told() -> int:
    return OutboxMessage.objects.count()


@pytest.mark.parametrize("page", CLOSED_PAGES)
def test_who_is_not_logged_in_goes_to_the_login(client: Client, addresses: dict[str, str], page: str) -> None:
    address = page.format(**addresses)

    answer = client.get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/login?next=")


@pytest.mark.parametrize("page", CLOSED_PAGES)
def test_a_stranger_is_refused(strange_browser: Client, addresses: dict[str, str], page: str) -> None:
    assert strange_browser.get(page.format(**addresses)).status_code == 403


@pytest.mark.parametrize("act", ACTS)
def test_a_stranger_cannot_act(strange_browser: Client, addresses: dict[str, str], act: str) -> None:
    before = told()

    assert strange_browser.post(act.format(**addresses), {"reason": REASON}).status_code == 403

    assert told() == before


@pytest.mark.parametrize("act", ACTS)
def test_nobody_can_act(client: Client, addresses: dict[str, str], act: str) -> None:
    before = told()

    assert client.post(act.format(**addresses), {"reason": REASON}).status_code == 401

    assert told() == before


def test_the_board_shows_warnings_first_and_every_figure_leads_to_its_records(browser: Client) -> None:
    warning = make.open_warning(title="盐河桥改建工程施工")

    page = browser.get("/").content.decode()

    assert page.index("投标期限不足：盐河桥改建工程施工") < page.index("各阶段项目")
    figures = re.findall(r'<a href="([^"]+)">(\d+) (?:条|件|个)</a>', page)
    assert ("/warnings?state=open", "1") in figures
    for address, count in figures:
        listed = browser.get(address.replace("&amp;", "&")).content.decode()
        assert (f"共 {count} " if count != "0" else "没有") in listed
    assert f"/tenders/{warning.tender.tender_code}" in page


def test_the_board_sends_itself_anew_only_when_something_changed(browser: Client) -> None:
    make.open_warning()
    fragment = browser.get("/board")
    mark = re.search(r"seen=([0-9a-f]{16})", fragment.content.decode())
    assert mark is not None

    assert browser.get(f"/board?seen={mark[1]}").status_code == 204

    make.open_warning(title="新项目")
    newer = browser.get(f"/board?seen={mark[1]}")
    assert newer.status_code == 200
    assert "新项目" in newer.content.decode()
    assert "<html" not in newer.content.decode()


def test_an_open_board_goes_to_the_login_when_the_session_ends(client: Client) -> None:
    answer = client.get("/board", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/login")


def test_an_empty_board_says_what_will_come(browser: Client) -> None:
    page = browser.get("/").content.decode()

    assert "没有待处理的预警" in page
    assert "没有在监项目" in page


def test_a_warning_shows_evidence_rule_and_the_clauses_in_full(browser: Client) -> None:
    warning = make.open_warning()

    page = browser.get(f"/warnings/{warning.warning_id}").content.decode()

    assert warning.evidence in page
    assert "short-bid-period 第 1 版" in page
    assert "《招标投标法》第二十四条" in page
    assert "最短不得少于二十日" in page
    assert "《必须招标的工程项目规定》第五条" in page


def test_a_warning_is_closed_with_a_reason(browser: Client) -> None:
    warning = make.open_warning()

    answer = browser.post(f"/warnings/{warning.warning_id}/dismiss", {"reason": REASON})

    assert (answer.status_code, answer["Location"]) == (302, f"/warnings/{warning.warning_id}")
    page = browser.get(answer["Location"]).content.decode()
    assert REASON in page
    assert "孙监督" in page
    assert "说明理由结案</button>" not in page


def test_closing_without_a_reason_is_refused_on_the_page(browser: Client) -> None:
    warning = make.open_warning()
    before = told()

    answer = browser.post(f"/warnings/{warning.warning_id}/dismiss", {"reason": "  "})

    assert answer.status_code == 422
    assert "没有填写理由" in answer.content.decode()
    assert not Dismissal.objects.exists()
    assert told() == before


def test_a_refused_reason_stays_in_the_form(browser: Client) -> None:
    warning = make.open_warning()
    too_long = "理" * 201

    answer = browser.post(f"/warnings/{warning.warning_id}/dismiss", {"reason": too_long})

    assert answer.status_code == 422
    assert too_long in answer.content.decode()


def test_a_suspension_is_read_twice_before_it_is_directed(browser: Client) -> None:
    warning = make.open_warning()
    address = f"/warnings/{warning.warning_id}/suspend"

    asked = browser.get(address).content.decode()
    confirmed = browser.get(address, {"reason": REASON}).content.decode()

    assert 'name="reason"' in asked
    assert "此操作不能撤销" not in asked
    assert "此操作不能撤销" in confirmed
    assert REASON in confirmed
    assert not Directive.objects.exists()

    answer = browser.post(address, {"reason": REASON})

    assert answer.status_code == 302
    assert answer["Location"] == f"/tenders/{warning.tender.tender_code}#directives"
    assert Directive.objects.get().reason == REASON


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_suspension_without_a_reason_is_refused_on_the_page(browser: Client, method: str) -> None:
    warning = make.open_warning()
    before = told()

    answer = getattr(browser, method)(f"/warnings/{warning.warning_id}/suspend", {"reason": ""})

    assert answer.status_code == 422
    assert "没有填写理由" in answer.content.decode()
    assert not Directive.objects.exists()
    assert told() == before


def test_a_suspension_is_lifted_from_the_tenders_page(browser: Client, addresses: dict[str, str]) -> None:
    page = browser.get(f"/tenders/{addresses['tender']}").content.decode()
    lift = f"/directives/{addresses['directive']}/resume"
    assert lift in page

    assert "此操作不能撤销" in browser.get(lift, {"reason": "已改正。"}).content.decode()
    assert browser.post(lift, {"reason": "已改正。"}).status_code == 302

    page = browser.get(f"/tenders/{addresses['tender']}").content.decode()
    assert lift not in page
    assert "已改正。" in page


def test_a_directive_shows_whether_it_was_obeyed(browser: Client, addresses: dict[str, str]) -> None:
    tender = addresses["tender"]
    assert "已发出，待执行" in browser.get(f"/tenders/{tender}").content.decode()

    make.tell(make.tender_suspended(tender, addresses["directive"], at=make.NOW + timedelta(minutes=3)))

    page = browser.get(f"/tenders/{tender}").content.decode()
    assert "已发出，待执行" not in page
    assert "2026-03-02 周一 10:03" in page
    assert "已暂停" in page


def test_a_directive_shows_how_far_it_came_and_that_its_answer_is_overdue(
    browser: Client, addresses: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(after: timedelta) -> str:
        monkeypatch.setattr("yuntai.trust.clock.now", lambda: make.NOW + after)
        return browser.get(f"/tenders/{addresses['tender']}").content.decode()

    soon, late = timedelta(minutes=9, seconds=59), timedelta(minutes=10)
    assert "尚未送达公共服务平台，正在重试。" in page(soon)
    assert "尚未答复" not in page(soon)
    assert "尚未答复，已 10 分钟" in page(late)
    assert "其中 1 件超过 10 分钟尚未答复" in browser.get("/").content.decode()
    assert "尚未答复，已 2 小时" in page(timedelta(hours=2, minutes=59))
    assert "尚未答复，已 3 天" in page(timedelta(days=3))

    OutboxMessage.objects.filter(type="supervision.directive.suspend.v1").update(delivered_at=make.NOW)
    assert "公共服务平台 2026-03-02 周一 10:00 签收并转送交易系统。" in page(late)

    OutboxMessage.objects.filter(type="supervision.directive.suspend.v1").update(refusal="签名不符")
    assert "公共服务平台拒收：签名不符" in page(late)
    assert "公共服务平台拒收" not in browser.get("/public").content.decode()

    make.tell(make.tender_suspended(addresses["tender"], addresses["directive"]))
    assert "尚未答复" not in page(late)


def test_a_lifted_suspension_may_be_directed_again_from_its_warning(browser: Client) -> None:
    warning = make.open_warning()
    address = f"/warnings/{warning.warning_id}"
    again = "再次责令暂停</a>"
    browser.post(f"{address}/suspend", {"reason": REASON})
    standing = browser.get(address).content.decode()
    assert again not in standing
    directive = Directive.objects.get()
    browser.post(f"/directives/{directive.directive_id}/resume", {"reason": "已改正。"})

    page = browser.get(address).content.decode()

    assert again in page
    assert "已改正。" in page
    assert "暂停后已准予恢复" in page
    assert "说明理由结案</button>" not in page
    assert browser.post(f"{address}/suspend", {"reason": REASON}).status_code == 302
    assert Directive.objects.filter(warning=warning).count() == 2


def test_a_tender_of_two_lots_shows_each_lots_stage_and_end(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, first, second = make.two_lots()
    make.tell(make.lot_ended(code, first))
    make.tell(make.opening_recorded(code, second))
    monkeypatch.setattr("yuntai.trust.clock.now", lambda: make.DUE_LAWFULLY)

    page = re.sub(r"\s+", " ", browser.get(f"/tenders/{code}").content.decode())
    lots = page[page.index("标段：1标段") :]

    assert "1 个标段流标或终止" in page[: page.index("标段：1标段")]
    assert "流标，2026-03-22 周日 09:00" in lots
    assert "投标人少于三个（《招标投标法》第二十八条）" in lots
    assert "没有开标就结束了" in lots[: lots.index("标段：2标段")]
    assert "评标</span>" in lots[lots.index("标段：2标段") :]
    assert "1 个标段流标或终止" in browser.get("/").content.decode()
    assert "1 个标段流标或终止" in browser.get("/tenders").content.decode()


def test_a_tender_shows_the_deadline_that_a_resumption_moved(browser: Client) -> None:
    code = make.watched_tender().tender_code
    make.tell(make.notice_published(code))
    make.tell(make.tender_suspended(code, "own", at=make.NOW))
    later = make.NOW + timedelta(hours=1)
    make.tell(make.tender_resumed(code, "own", at=later, bids_due_at=make.DUE_LAWFULLY + timedelta(days=2)))

    page = browser.get(f"/tenders/{code}").content.decode()
    events = page[page.index("暂停与恢复") :]

    assert "恢复后的投标截止" in events
    assert "2026-03-24 周二 09:00" in events


def test_a_tender_shows_its_messages_and_each_its_signed_words(browser: Client) -> None:
    registered = make.tender_registered()
    batch = make.forwarded([registered, make.notice_published(registered.tender_code)])
    receive_batch(batch=batch, address="", now=make.NOW)
    apply_messages(now=make.NOW)

    page = browser.get(f"/tenders/{registered.tender_code}").content.decode()

    assert "第 2 号" in page
    assert "招标公告" in page
    row = InboxMessage.objects.order_by("pk").first()
    assert row is not None
    message = browser.get(f"/messages/{row.pk}").content.decode()
    assert "验证通过" in message
    assert registered.initiator_name in message


def test_a_tender_shows_opening_candidates_award_and_contract(browser: Client) -> None:
    tender = make.watched_tender()
    code, lot = tender.tender_code, WatchedLot.objects.get(tender=tender).lot_code
    before = browser.get(f"/tenders/{code}").content.decode()
    for message in (
        make.notice_published(code),
        make.opening_recorded(code, lot),
        make.candidates_published(code, lot),
        make.award_published(code, lot),
        make.contract_signed(code, lot),
    ):
        make.tell(message)

    page = browser.get(f"/tenders/{code}").content.decode()

    assert "尚未开标" in before
    for words in ("4,800,001.00 元", "投标人原因未解密，视为撤销", "97.25", "HT-1"):
        assert words in page


def test_tenders_are_found_by_stage_and_words(browser: Client) -> None:
    make.watched_tender(title="盐河桥改建工程施工")
    bidding = make.watched_tender(title="东盐河清淤")
    make.tell(make.notice_published(bidding.tender_code, bids_due_at=make.DUE_LAWFULLY.replace(year=2099)))

    assert "共 1 个项目" in browser.get("/tenders", {"q": "盐河桥"}).content.decode()
    assert "东盐河清淤" in browser.get("/tenders", {"stage": "bidding"}).content.decode()
    assert "共 2 个项目" in browser.get("/tenders", {"stage": "no-such-stage"}).content.decode()
    assert "没有符合条件的项目" in browser.get("/tenders", {"q": "没有这样的项目"}).content.decode()


def test_what_is_not_there_is_not_found(browser: Client) -> None:
    for address in ("/tenders/none", "/warnings/none", "/messages/99", "/directives/none/resume"):
        assert browser.get(address).status_code == 404


def test_the_public_page_needs_no_login(client: Client, addresses: dict[str, str]) -> None:
    page = client.get("/public").content.decode()

    assert "《电子招标投标办法》第五十二条" in page
    assert "投标期限不足" in page
    assert REASON in page
    assert "孙监督" not in page
    assert TenderWarning.objects.get(warning_id=addresses["warning"]).evidence not in page


def test_the_public_page_says_when_nothing_was_directed(client: Client) -> None:
    assert "还没有发出过监督指令" in client.get("/public").content.decode()


@pytest.mark.parametrize("address", ["/warnings/%00", "/tenders/%00", "/warnings?rule=%00"])
def test_an_address_with_nul_is_refused(browser: Client, address: str) -> None:
    answer = browser.get(address)

    assert (answer.status_code, "空字符" in answer.content.decode()) == (400, True)
