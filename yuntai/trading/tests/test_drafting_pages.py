"""From a new project to the published notice."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from yuntai.law.days import SHANGHAI
from yuntai.trading.tenders.models import Document, Project, Tender
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock, words
from yuntai.trading.tests.world import OPENED

pytestmark = pytest.mark.django_db(transaction=True)

PROJECT = {"name": "演示道路", "region_code": "320706", "place": "海州区郁洲南路", "investment_code": ""}
TYPED = {f"project-{name}": value for name, value in PROJECT.items()} | {
    "project_code": "new",
    "title": "演示道路施工",
    "procedure_code": "construction.open-tender",
    "suite": "international-1",
    "must_tender": "yes",
    "bids_due_at": "2026-03-23T09:30",
    "contact": "李招标 0518-80000000",
    "lots-TOTAL_FORMS": "1",
    "lots-INITIAL_FORMS": "0",
    "lots-0-title": "施工",
    "lots-0-estimated_yuan": "9,500,000",
    "lots-0-ceiling_price_yuan": "",
    "act": "draft",
}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    """李招标's browser, on Monday 2 March at 09:00."""
    set_clock(monkeypatch, OPENED)
    return browser(people.initiator())


def upload(name: str = "招标文件.pdf", content: bytes = b"test") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_project_leads_on_to_its_tender(client: Client) -> None:
    done = client.post("/projects/new", PROJECT)

    project = Project.objects.get()
    assert done.headers["Location"] == f"/tenders/new?project={project.code}"
    shown = client.get(done.headers["Location"]).content.decode()
    assert f'<option value="{project.code}" selected>' in shown


def test_a_projects_faults_are_named_with_what_was_typed(client: Client) -> None:
    refused = client.post("/projects/new", PROJECT | {"place": ""})

    assert refused.status_code == 422
    assert "没有提交，有 1 处要改 建设地点：没有填写。" in words(refused)
    assert 'value="演示道路"' in refused.content.decode()
    assert not Project.objects.exists()


def test_an_agency_names_a_registered_initiator(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, OPENED)
    client = browser(people.person("郑代理", 60, "agency"))
    initiator_code = people.initiator().subject.organization_code

    unknown = client.post("/projects/new", PROJECT | {"initiator_code": initiator_code})
    assert (unknown.status_code, "尚未注册为招标人" in words(unknown)) == (422, True)
    wrong = client.post("/projects/new", PROJECT | {"initiator_code": "123"})
    assert "统一社会信用代码须为 18 位且校验码正确" in words(wrong)

    world.register(people.initiator())
    assert client.post("/projects/new", PROJECT | {"initiator_code": initiator_code}).status_code == 302


def test_drafts_project_tender_lot_and_documents_at_once(client: Client) -> None:
    done = client.post("/tenders/new", TYPED | {"documents": [upload(), upload("清单.xlsx", b"list")]})

    tender = Tender.objects.get()
    assert done.headers["Location"] == f"/tenders/{tender.code}/draft"
    assert tender.project.name == "演示道路"
    assert tender.bids_due_at == datetime(2026, 3, 23, 9, 30, tzinfo=SHANGHAI)
    lot = tender.lots.get()
    assert (lot.title, f"{lot.estimated_yuan}", lot.ceiling_price_yuan) == ("施工", "9500000.00", None)
    assert sorted(tender.documents.values_list("name", flat=True)) == ["招标文件.pdf", "清单.xlsx"]


def test_a_refusal_keeps_what_was_typed_and_uploaded(client: Client) -> None:
    refused = client.post(
        "/tenders/new", TYPED | {"contact": "", "lots-0-estimated_yuan": "九百万", "documents": [upload()]}
    )

    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "没有提交，有 2 处要改" in words(refused)
    assert "标段 1 合同估算价：金额“九百万”无效" in words(refused)
    assert 'href="#id_lots-0-estimated_yuan"' in shown
    assert 'value="演示道路施工"' in shown
    assert "已上传，随立项保存；不要的取消勾选： 招标文件.pdf" in words(refused)
    assert not Project.objects.exists()

    token = shown.partition('name="kept" value="')[2].partition('"')[0]
    assert f'type="checkbox" name="kept" value="{token}" checked' in shown
    assert client.post("/tenders/new", TYPED | {"kept": token}).status_code == 302
    assert Document.objects.get().sha256 == world.SHA_OF_DOCUMENT


def test_a_refused_act_leaves_nothing_behind(client: Client) -> None:
    refused = client.post("/tenders/new", TYPED | {"bids_due_at": "2026-03-02T09:00"})

    assert refused.status_code == 422
    assert "投标截止时间须晚于当前时间" in words(refused)
    assert not Project.objects.exists()
    assert not Tender.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("空.pdf", b"", "空.pdf 是空文件"), (".隐藏", b"x", "不得以点开头")],
    ids=["empty", "hidden"],
)
def test_files_that_will_not_do_are_refused(client: Client, name: str, content: bytes, sentence: str) -> None:
    refused = client.post("/tenders/new", TYPED | {"documents": [upload(name, content)]})

    assert (refused.status_code, sentence in words(refused)) == (422, True)
    assert 'value="演示道路施工"' in refused.content.decode()
    assert not Tender.objects.exists()


def test_a_forged_file_token_is_refused(client: Client) -> None:
    refused = client.post("/tenders/new", TYPED | {"kept": "eyJuYW1lIjoieCJ9:forged:token"})

    assert (refused.status_code, "凭据无效" in words(refused)) == (422, True)


def test_one_more_lot_keeps_the_rest(client: Client) -> None:
    more = client.post("/tenders/new", TYPED | {"act": "more", "documents": [upload()]})
    shown = client.get(urlsplit(more.headers["Location"]).path)

    page = shown.content.decode()
    assert more.headers["Location"] == "/tenders/new#lots"
    assert 'name="lots-1-title"' in page
    assert 'value="演示道路施工"' in page
    assert "招标文件.pdf" in words(shown)
    assert not Tender.objects.exists()


def test_a_lot_left_empty_is_no_lot(client: Client) -> None:
    empty = {"lots-TOTAL_FORMS": "2", "lots-INITIAL_FORMS": "2", "lots-1-title": ""}

    assert client.post("/tenders/new", TYPED | empty).status_code == 302
    assert Tender.objects.get().lots.count() == 1


def test_autosave_brings_the_typed_back(client: Client) -> None:
    assert client.post("/tenders/new/autosave", TYPED).status_code == 204

    assert 'value="演示道路施工"' in client.get("/tenders/new").content.decode()
    assert not Tender.objects.exists()


def test_who_may_not_draft_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, OPENED)

    for person in (people.bidder(), people.expert()):
        for page in ("/projects/new", "/tenders/new"):
            assert browser(person).get(page).status_code == 403
            assert browser(person).post(page, TYPED).status_code == 403
    assert browser().get("/tenders/new").status_code == 302
    assert browser().post("/tenders/new", TYPED).status_code == 401
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("due", "must_tender", "sentence"),
    [
        (
            "2026-03-21T23:59",
            "yes",
            "不得少于 20 日（《招标投标法》第二十四条）：投标截止定在 2026-03-21 23:59，最早为 2026-03-22。",
        ),
        ("2026-03-06T23:59", "no", "不得少于 5 日（《招标投标法实施条例》第十六条）"),
        ("2028-03-01T09:01", "yes", "投标截止时间最多可定在 730 日之后，即最迟 2028-03-01。"),
        ("9999-12-31T23:59", "yes", "投标截止时间最多可定在 730 日之后"),
        ("0001-01-01T00:00", "no", "投标截止时间（开标时间）："),
    ],
    ids=["nineteen days", "four days of documents", "two years", "year 9999", "year 1"],
)
def test_a_deadline_that_could_not_be_published_is_refused_at_once(
    client: Client, due: str, must_tender: str, sentence: str
) -> None:
    refused = client.post("/tenders/new", TYPED | {"bids_due_at": due, "must_tender": must_tender})

    assert (refused.status_code, sentence in words(refused)) == (422, True)
    assert not Tender.objects.exists()
    assert client.get("/desk").status_code == 200


@pytest.mark.parametrize("due", ["2026-03-22T00:00", "2028-03-01T09:00"])
def test_the_first_and_the_last_possible_deadline_are_taken(client: Client, due: str) -> None:
    assert client.post("/tenders/new", TYPED | {"bids_due_at": due}).status_code == 302

    assert client.get("/desk").status_code == 200
    assert client.get(f"/tenders/{Tender.objects.get().code}/draft").status_code == 200


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("contact", "李" * 101, "联系人和电话：有 101 个字，最多 100 个字。"),
        ("contact", "李\n招标", "联系人和电话：须写在一行内"),
        ("project-place", "路" * 201, "建设地点：有 201 个字，最多 200 个字。"),
        ("project-investment_code", "２０２０ 一", "投资项目统一代码只含字母、数字和连字符，最多 24 位。"),
        ("lots-0-title", "一\r\n二", "标段名称：须写在一行内"),
    ],
)
def test_a_line_that_will_not_do_is_named_with_its_limit(
    client: Client, field: str, typed: str, sentence: str
) -> None:
    refused = client.post("/tenders/new", TYPED | {field: typed})

    assert (refused.status_code, sentence in words(refused)) == (422, True)
    assert not Project.objects.exists()


def test_full_width_amounts_are_read(client: Client) -> None:
    assert (
        client.post("/tenders/new", TYPED | {"lots-0-estimated_yuan": "９，５００，０００．５０"}).status_code
        == 302
    )

    assert f"{Tender.objects.get().lots.get().estimated_yuan}" == "9500000.50"


def test_a_draft_page_lists_all_that_publishing_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.make_draft()
    set_clock(monkeypatch, OPENED)

    shown = words(browser(people.initiator()).get(reverse("draft", args=[draft.code])))

    assert "最迟发布日：2026-03-02 周一" in shown
    assert "已具备 自招标文件开始发出至投标截止不少于 20 日 最迟 2026-03-02 发布 依据" in shown
    assert "已具备 自招标文件开始发出至招标文件停止发出不少于 5 日 最迟 2026-03-17 发布 依据" in shown
    assert "草稿只有招标人和拟定草稿的代理机构可见，不报送其他系统" in shown


def test_a_draft_that_came_too_late_offers_to_move_or_to_discard(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.make_draft()
    world.give_keys(draft)
    set_clock(monkeypatch, OPENED + timedelta(days=1))
    client = browser(people.initiator())
    page, move = (reverse(name, args=[draft.code]) for name in ("draft", "draft-deadline"))
    shown = words(client.get(page))
    assert (
        "不能按现定的截止时间发布 投标截止定在 2026-03-22 周日 09:00，最迟应在 2026-03-02 发布公告" in shown
    )
    assert "尚缺 自招标文件开始发出至投标截止不少于 20 日 最迟应在 2026-03-02 发布，现已不足" in shown
    client.post(
        reverse("draft-notice", args=[draft.code]), {"text": world.notice("2026-03-22 周日 09:00 截止。")}
    )

    early = client.post(move, {"bids_due_at": "2026-03-22T08:59"})
    assert (early.status_code, "投标截止时间只能推迟" in words(early)) == (409, True)
    short = client.post(move, {"bids_due_at": "2026-03-22T23:59"})
    assert (short.status_code, "最早为 2026-03-23" in words(short)) == (409, True)
    assert client.post(move, {"bids_due_at": "明天"}).status_code == 422
    assert Tender.objects.get().bids_due_at == world.DUE

    assert client.post(move, {"bids_due_at": "2026-03-24T09:30"}).headers["Location"] == page
    assert Tender.objects.get().bids_due_at == datetime(2026, 3, 24, 9, 30, tzinfo=SHANGHAI)
    after = words(client.get(page))
    assert "不能按现定的截止时间发布" not in after
    assert "2026-03-24 周二 09:30 截止" in after  # in the words kept for the notice too
    assert "尚缺 开标密钥：施工一标段 等待招标人、交易系统运营机构" in after  # until the holders have moved


def test_a_draft_is_discarded_in_two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.make_draft()
    set_clock(monkeypatch, OPENED)
    client = browser(people.initiator())
    page = reverse("draft-discard", args=[draft.code])

    asked = client.get(page)
    assert "此操作不能撤销 撤销草稿：演示小学教学楼施工" in words(asked)
    assert Tender.objects.exists()
    for person in (people.other_initiator(), people.bidder()):
        assert browser(person).get(page).status_code in {403, 404}
        assert browser(person).post(page).status_code in {403, 404}
    assert Tender.objects.exists()

    assert client.post(page).headers["Location"] == "/desk"
    assert not Tender.objects.exists()
    assert client.get(reverse("draft", args=[draft.code])).status_code == 404


def test_a_draft_is_its_owners(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.make_draft()
    set_clock(monkeypatch, OPENED)

    for page in ("draft", "publish", "draft-readiness"):
        address = reverse(page, args=[draft.code])
        assert browser(people.initiator()).get(address).status_code in {200, 302}
        assert browser(people.other_initiator()).get(address).status_code == 404
    assert browser(people.other_initiator()).post(reverse("publish", args=[draft.code])).status_code == 404


def test_readiness_follows_the_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.make_draft()
    set_clock(monkeypatch, OPENED)
    client = browser(people.initiator())
    address = reverse("draft-readiness", args=[draft.code])
    first = client.get(address)
    seen = first.content.decode().partition("?seen=")[2][:16]
    assert "尚缺 开标密钥：施工一标段 等待招标人、交易系统运营机构、公共服务平台、恢复保管方" in words(first)
    assert client.get(f"{address}?seen={seen}").status_code == 204

    world.give_keys(draft)
    ready = client.get(f"{address}?seen={seen}")
    assert "已具备 开标密钥：施工一标段 4 方均已提供" in words(ready)
    assert "hx-get" not in ready.content.decode()


def test_a_fragment_without_session_sends_the_page_to_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.make_draft()
    set_clock(monkeypatch, OPENED)

    answer = browser().get(reverse("draft-readiness", args=[draft.code]), headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/login")


def test_publishes_in_three_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.make_draft()
    world.give_keys(draft)
    set_clock(monkeypatch, OPENED)
    client = browser(people.initiator())
    publish = reverse("publish", args=[draft.code])
    page = client.get(reverse("draft", args=[draft.code]))
    assert "五、投标截止和开标时间：2026-03-22 周日 09:00（北京时间）" in words(page)

    worded = client.post(
        reverse("draft-notice", args=[draft.code]), {"text": world.notice("第一行\r\n第二行")}
    )
    assert worded.headers["Location"] == publish
    asked = client.get(publish)
    assert "此操作不能撤销" in words(asked)
    assert "第一行 第二行" in words(asked)
    assert Tender.objects.get().documents_open_at is None

    done = client.post(publish, {"text": world.notice("第一行\r\n第二行")})
    assert done.headers["Location"] == f"/tenders/{draft.code}"
    published = Tender.objects.get()
    assert (published.notice_text, published.documents_open_at) == (world.notice("第一行\n第二行"), OPENED)


def test_says_what_still_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.make_draft()
    set_clock(monkeypatch, OPENED)
    client = browser(people.initiator())
    publish = reverse("publish", args=[draft.code])
    client.post(reverse("draft-notice", args=[draft.code]), {"text": world.notice()})

    shown = words(client.get(publish))
    assert "还不能发布" in shown
    assert "此操作不能撤销" not in shown
    refused = client.post(publish, {"text": world.notice()})
    assert (refused.status_code, "公告没有发布" in words(refused)) == (409, True)
    assert Tender.objects.get().documents_open_at is None


def test_a_day_too_late_is_refused_with_the_clause(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.make_draft()
    world.give_keys(draft)
    set_clock(monkeypatch, OPENED + timedelta(days=1))
    client = browser(people.initiator())

    refused = client.post(reverse("publish", args=[draft.code]), {"text": world.notice()})

    assert refused.status_code == 409
    assert "依据：《招标投标法》第二十四条" in words(refused)
    assert Tender.objects.get().documents_open_at is None
