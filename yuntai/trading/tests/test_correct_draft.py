"""Correcting a draft before its notice, and the notice's words that follow."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from yuntai.kernel.audit.models import AuditEntry
from yuntai.trading.tenders.corrections import correct_draft
from yuntai.trading.tenders.drafting import LotDraft
from yuntai.trading.tenders.models import HolderKey, Tender
from yuntai.trading.tenders.refusals import AlreadyPublished, AmountNotPositive, LotsDiffer, TenderNotFound
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock, words
from yuntai.trading.tests.world import OPENED

pytestmark = pytest.mark.django_db(transaction=True)

LOT = LotDraft("施工标段", Decimal("9400000.00"), None)
TYPED = {
    "title": "演示小学教学楼及附属工程施工",
    "contact": "李招标 0518-81111111",
    "lots-TOTAL_FORMS": "1",
    "lots-INITIAL_FORMS": "1",
    "lots-0-title": "施工标段",
    "lots-0-estimated_yuan": "9,400,000",
    "lots-0-ceiling_price_yuan": "",
}


def correct(tender: Tender, lots: tuple[LotDraft, ...] = (LOT,), person: people.Person | None = None) -> None:
    correct_draft(
        tender_code=tender.code,
        title="新名称",
        contact="新联系人",
        lots=lots,
        caller=(person or people.initiator()).caller,
        now=OPENED,
    )


@pytest.fixture
def draft(monkeypatch: pytest.MonkeyPatch) -> Tender:
    made = world.make_draft()
    set_clock(monkeypatch, OPENED)
    return made


@pytest.fixture
def client(draft: Tender) -> Client:
    return browser(people.initiator())


def facts(tender: Tender) -> tuple[object, ...]:
    now, lot = Tender.objects.get(pk=tender.pk), tender.lots.get()
    return now.title, now.contact, lot.title, lot.estimated_yuan, lot.ceiling_price_yuan


def test_what_was_typed_wrongly_is_put_right_and_keys_stay(draft: Tender) -> None:
    world.give_keys(draft)

    correct(draft)

    assert facts(draft) == ("新名称", "新联系人", "施工标段", Decimal("9400000.00"), None)
    assert HolderKey.objects.count() == 4
    entry = AuditEntry.objects.get(act="correct-draft")
    assert entry.detail == {
        "title": "演示小学教学楼施工",
        "lots": [
            {"title": "施工一标段", "estimated_yuan": "9500000.00", "ceiling_price_yuan": "10000000.00"}
        ],
    }


@pytest.mark.parametrize(
    ("lots", "refusal", "sentence"),
    [
        ((LOT, LOT), LotsDiffer, "立项时是 1 个标段，不是 2 个"),
        ((), LotsDiffer, "立项时是 1 个标段，不是 0 个"),
        ((LotDraft("标段", Decimal(0), None),), AmountNotPositive, "标段 1 的合同估算价须大于 0 元"),
    ],
)
def test_a_wrong_correction_changes_nothing(
    draft: Tender, lots: tuple[LotDraft, ...], refusal: type[Exception], sentence: str
) -> None:
    before = facts(draft)

    with pytest.raises(refusal, match=sentence):
        correct(draft, lots)

    assert facts(draft) == before
    assert not AuditEntry.objects.filter(act="correct-draft").exists()


def test_neither_others_nor_after_the_notice() -> None:
    place = world.publish()
    before = facts(place.tender)
    with pytest.raises(AlreadyPublished):
        correct(place.tender)

    other = world.make_draft(project=place.tender.project)
    with pytest.raises(TenderNotFound):
        correct(other, person=people.other_initiator())

    assert facts(place.tender) == before


def test_the_page_corrects_and_the_untouched_notice_follows(client: Client, draft: Tender) -> None:
    page, address = (reverse(name, args=[draft.code]) for name in ("draft", "draft-correction"))
    assert address in client.get(page).content.decode()
    written = client.get(page).context["text"]
    client.post(reverse("draft-notice", args=[draft.code]), {"text": written})

    shown = client.get(address)
    assert "标段个数和编号立项后不能改；有误的，撤销草稿后重新立项。" in words(shown)
    assert 'value="9500000.00"' in shown.content.decode()

    wrong = client.post(address, TYPED | {"title": "", "lots-0-estimated_yuan": ""})
    assert (wrong.status_code, "标段 1 合同估算价" in words(wrong)) == (422, True)
    assert facts(draft)[0] == "演示小学教学楼施工"

    assert client.post(address, TYPED).headers["Location"] == page
    assert facts(draft)[0] == "演示小学教学楼及附属工程施工"
    text = client.get(page).context["text"]
    assert "现对演示小学教学楼及附属工程施工进行" in text
    assert "合同估算价 9,400,000.00 元，不设最高投标限价" in text


def test_a_reworded_notice_stays_until_the_written_one_is_taken_back(client: Client, draft: Tender) -> None:
    page, notice = (reverse(name, args=[draft.code]) for name in ("draft", "draft-notice"))
    own = "本单位自己写的公告。" * 5
    assert client.post(notice, {"text": own}).headers["Location"] == reverse("publish", args=[draft.code])
    client.post(reverse("draft-correction", args=[draft.code]), TYPED)
    kept = client.get(page)
    assert (kept.context["text"], "正文已改写，不再随立项内容变动" in words(kept)) == (own, True)

    answer = client.post(notice, {"text": "字", "act": "restore"})

    assert answer.headers["Location"] == f"{page}#notice"
    assert "现对演示小学教学楼及附属工程施工进行" in client.get(page).context["text"]


@pytest.mark.parametrize(("length", "status"), [(1, 422), (49, 422), (50, 302)])
def test_a_notice_of_a_letter_is_no_notice(client: Client, draft: Tender, length: int, status: int) -> None:
    world.give_keys(draft)

    for name in ("draft-notice", "publish"):
        answer = client.post(reverse(name, args=[draft.code]), {"text": "字" * length})
        assert answer.status_code == status
        if status == 422:
            assert f"公告正文只有 {length} 个字，至少 50 个字。" in words(answer)
    assert (Tender.objects.get().documents_open_at is None) == (status == 422)


def test_the_interface_wants_a_whole_notice_too(client: Client, draft: Tender) -> None:
    answer = client.post(
        f"/api/v1/tenders/{draft.code}/notice", {"text": "公告"}, content_type="application/json"
    )

    assert answer.status_code == 422
    assert "公告正文只有 2 个字，至少 50 个字。" in answer.json()["detail"]


def test_the_correction_page_is_gone_once_published(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    set_clock(monkeypatch, OPENED + timedelta(hours=1))
    address = reverse("draft-correction", args=[place.tender.code])

    for answer in (
        browser(people.initiator()).get(address),
        browser(people.initiator()).post(address, TYPED),
    ):
        assert answer.headers["Location"] == f"/tenders/{place.tender.code}"
