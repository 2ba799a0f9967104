"""From the evaluation to the contract: what each page shows, to whom, and what its acts do."""

import base64
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from yuntai.law.days import SHANGHAI
from yuntai.trading.awards.models import Award, Standstill
from yuntai.trading.contracts.models import Contract, ContractSignature
from yuntai.trading.contracts.services import to_sign
from yuntai.trading.evaluating.models import Evaluation
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock, words
from yuntai.trading.tests.people import Person
from yuntai.trading.tests.world import CLOSED, DUE, EVALUATED, STANDSTILL_CLOSES

pytestmark = pytest.mark.django_db(transaction=True)


def address(place: world.World, page: str) -> str:
    return reverse(page, args=[place.lot.code])


def test_evaluation_shows_what_the_rule_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.open_lot(prices=("8800000.00", "9000000.00", "9200000.00", "10000000.01"))
    set_clock(monkeypatch, CLOSED)

    shown = words(browser(people.expert()).get(address(place, "evaluation")))

    assert "评标基准价 8,820,000.00 元" in shown
    assert "91320700MA000100X8 1 8,800,000.00 -0.23% 99.89 计入平均" in shown
    assert "测试单位第103号" in shown
    assert "投标报价 10000000.01 元高于最高投标限价 10000000.00 元，予以否决。" in shown
    assert "评标基准价＝A×K，K＝0.98。" in shown


def test_evaluation_says_that_few_prices_are_all_in(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.open_lot(prices=("8800000.00", "8900000.00", "9000000.00"))
    set_clock(monkeypatch, CLOSED)

    shown = words(browser(people.expert()).get(address(place, "evaluation")))

    assert "未计入平均的报价 无 报价家数不多，全部计入" in shown
    assert "一个最低价和一个最高价" not in shown


def test_evaluation_marks_the_prices_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    prices = ("8800000.00", "8900000.00", "9000000.00", "9100000.00", "9200000.00")
    place = world.open_lot(prices=prices)
    set_clock(monkeypatch, CLOSED)

    shown = words(browser(people.expert()).get(address(place, "evaluation")))

    assert "未计入平均的报价 8,800,000.00 元、9,200,000.00 元 一个最低价和一个最高价" in shown
    assert shown.count("最高或最低，不计入平均") == 2


def test_evaluation_shows_a_price_however_far_off(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.open_lot(prices=("0.01",) * 4 + ("99999999999999.99",), ceiling_yuan=None)
    set_clock(monkeypatch, EVALUATED)
    client = browser(people.expert())

    assert client.post(address(place, "evaluation"), {"opinion": ""}).status_code == 302
    assert "99,999,999,999,999.99 +1020408163265305920.41% 0.00 最高或最低，不计入平均" in words(
        client.get(address(place, "evaluation"))
    )


def test_an_expert_confirms_in_two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.open_lot()
    set_clock(monkeypatch, EVALUATED)
    client = browser(people.expert())

    asked = client.get(address(place, "evaluation"), {"opinion": "同意计算结果"})
    assert "此操作不能撤销" in words(asked)
    assert "评审意见：同意计算结果" in words(asked)
    assert not Evaluation.objects.exists()

    done = client.post(address(place, "evaluation"), {"opinion": "同意计算结果"})
    assert done.headers["Location"] == address(place, "evaluation")
    assert Evaluation.objects.get(lot=place.lot).opinion == "同意计算结果"
    again = client.post(address(place, "evaluation"), {"opinion": ""})
    assert (again.status_code, "已有评标报告，不能重复提交" in words(again)) == (409, True)


def test_the_scoring_is_kept_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.open_lot()
    set_clock(monkeypatch, EVALUATED)
    related = people.person("投标0", 100, "bidder", "expert")
    page = address(place, "evaluation")

    for person in (people.initiator(), people.bidder(5), people.other_initiator(), related):
        response = browser(person).get(page)
        assert response.status_code == 403
        assert "8,800,000.00" not in words(response)
    assert "所在单位参加本标段投标，应当回避" in words(browser(related).get(page))
    assert browser().get(page).status_code == 302


def test_the_report_is_the_buyers_too(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.evaluate()
    set_clock(monkeypatch, EVALUATED)

    shown = words(browser(people.initiator()).get(address(place, "evaluation")))

    assert "评标专家 钱专家 有效投标 3 家 评审意见 同意" in shown
    assert "下一步：核对后提交评标报告" not in shown
    assert browser(people.other_initiator()).get(address(place, "evaluation")).status_code == 403


def test_the_standstill_starts_with_the_least_lawful_end(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.evaluate()
    set_clock(monkeypatch, EVALUATED)  # Sunday 22 March: three days end with Wednesday

    response = browser(people.initiator()).get(address(place, "candidates"))

    assert 'value="2026-03-25T23:59"' in response.content.decode()
    assert "自中标候选人公示开始至中标候选人公示结束不少于 3 日。" in words(response)
    assert "将公示的中标候选人" in words(response)


def test_candidates_are_published_in_two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.evaluate()
    set_clock(monkeypatch, EVALUATED)
    client = browser(people.initiator())
    page = address(place, "candidates")
    asked = client.get(page, {"closes_at": "2026-03-25T23:59"})
    assert "第一名为 测试单位第100号（8,800,000.00 元）" in words(asked)
    assert not Standstill.objects.exists()

    done = client.post(page, {"closes_at": "2026-03-25T23:59"})

    assert done.headers["Location"] == f"/tenders/{place.tender.code}#candidates"
    assert Standstill.objects.get(lot=place.lot).closes_at == datetime(2026, 3, 25, 23, 59, tzinfo=SHANGHAI)


def test_a_standstill_too_short_is_refused_with_the_typed_end_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.evaluate()
    set_clock(monkeypatch, EVALUATED)
    client = browser(people.initiator())

    refused = client.post(address(place, "candidates"), {"closes_at": "2026-03-24T23:59"})

    assert refused.status_code == 409
    assert "中标候选人没有公示" in words(refused)
    assert "依据：《招标投标法实施条例》第五十四条" in words(refused)
    assert 'value="2026-03-24T23:59"' in refused.content.decode()
    assert not Standstill.objects.exists()
    nonsense = client.get(address(place, "candidates"), {"closes_at": "明天"})
    said = "公示结束时间：须为日期和时间，例如 2026-03-25 23:59。"
    assert (nonsense.status_code, said in words(nonsense)) == (422, True)
    empty = client.get(address(place, "candidates"), {"closes_at": ""})
    assert (empty.status_code, "公示结束时间：没有填写。" in words(empty)) == (422, True)


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        ("2026-03-22T13:00", "公示结束时间须晚于现在"),
        ("2020-01-01T00:00", "公示结束时间须晚于现在"),
        ("9999-12-31T23:59", "公示结束时间最多可定在 365 日之后"),
        ("2026-03-24T23:59", "最早为 2026-03-25 周三"),
    ],
)
def test_no_confirming_of_a_standstill_that_cannot_be(
    end: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = world.evaluate()
    set_clock(monkeypatch, EVALUATED)  # 13:00 in China

    refused = browser(people.initiator()).get(address(place, "candidates"), {"closes_at": end})

    assert (refused.status_code, sentence in words(refused)) == (422, True)
    assert "此操作不能撤销" not in words(refused)


def test_a_voluntary_tender_is_told_that_no_least_time_applies(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.evaluate(must_tender=False)
    set_clock(monkeypatch, EVALUATED)
    client = browser(people.initiator())

    shown = words(client.get(address(place, "candidates")))
    assert "法律没有规定公示的最短期限，由招标人决定；建议不少于 3 日，否则投标人来不及提出异议。" in shown
    assert "第 3 日" not in shown
    short = words(client.get(address(place, "candidates"), {"closes_at": "2026-03-24T23:59"}))
    assert "注意：公示期不足 3 日。本项目自愿招标，法律不作要求" in short
    assert "注意" not in words(client.get(address(place, "candidates"), {"closes_at": "2026-03-25T00:00"}))
    assert client.post(address(place, "candidates"), {"closes_at": "2026-03-24T23:59"}).status_code == 302


def test_an_opinion_is_never_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.open_lot()
    set_clock(monkeypatch, EVALUATED)
    client = browser(people.expert())
    page, longest = address(place, "evaluation"), "理" * 500

    for ask in (client.get, client.post):
        refused = ask(page, {"opinion": f"{longest}由"})
        assert (refused.status_code, "评审意见有 501 个字，最多 500 个字" in words(refused)) == (422, True)
        assert f"{longest}由" in refused.content.decode()
    assert not Evaluation.objects.exists()

    assert f"评审意见：{longest}" in words(client.get(page, {"opinion": longest}))
    assert client.post(page, {"opinion": f"{longest[:499]}\r\n"}).status_code == 302
    assert Evaluation.objects.get().opinion == longest[:499]


@pytest.mark.parametrize("page", ["candidates", "award"])
def test_acts_of_the_buyer_are_refused_to_others(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.stand_still()
    set_clock(monkeypatch, STANDSTILL_CLOSES)

    for person in (people.other_initiator(), people.bidder(), people.expert()):
        client = browser(person)
        assert client.get(address(place, page)).status_code == 403
        assert client.post(address(place, page), {"closes_at": "2026-04-25T23:59"}).status_code == 403
    assert browser().post(address(place, page)).status_code == 401
    assert not Award.objects.exists()


def test_the_award_waits_for_the_end_of_the_standstill(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.stand_still()
    set_clock(monkeypatch, STANDSTILL_CLOSES - timedelta(seconds=1))
    client = browser(people.initiator())
    page = address(place, "award")
    early = client.get(page)
    assert "公示期未满" in words(early)
    assert "确定中标人" not in words(early)
    refused = client.post(page)
    assert (refused.status_code, "没有定标" in words(refused)) == (409, True)
    assert not Award.objects.exists()

    set_clock(monkeypatch, STANDSTILL_CLOSES)
    asked = client.get(page)
    assert "确定 测试单位第100号 为中标人，中标价 8,800,000.00 元（人民币捌佰捌拾万元整）" in words(asked)
    assert not Award.objects.exists()
    assert client.post(page).headers["Location"] == f"/tenders/{place.tender.code}#award"
    assert Award.objects.get(lot=place.lot).supplier_name == "测试单位第100号"


def sign(client: Client, place: world.World, person: Person) -> int:
    contract = Contract.objects.get(lot=place.lot)
    sent = {
        "certificate": base64.b64encode(person.certificate).decode(),
        "signature": base64.urlsafe_b64encode(person.sign(to_sign(contract))).rstrip(b"=").decode(),
    }
    return client.post(address(place, "contract-signature"), sent).status_code


def test_the_contract_is_drawn_up_and_signed_by_both(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.award_lot()
    set_clock(monkeypatch, STANDSTILL_CLOSES)
    buyer, supplier = browser(people.initiator()), browser(people.bidder(0))
    page = address(place, "contract")
    assert "拟定合同" in words(buyer.get(page))
    assert "等待招标人或代理机构拟定" in words(supplier.get(page))

    assert buyer.post(address(place, "contract-draft")).headers["Location"] == page
    contract = Contract.objects.get(lot=place.lot)
    assert "签约合同价 8,800,000.00 元 人民币捌佰捌拾万元整" in words(supplier.get(page))
    shown = supplier.get(address(place, "contract-signature"))
    assert "此操作不能撤销" in words(shown)
    assert f'data-document-sha256="{contract.sha256}" data-sign-purpose="contract"' in shown.content.decode()

    assert sign(supplier, place, people.bidder(0)) == 302
    assert supplier.get(address(place, "contract-signature")).headers["Location"] == page
    assert "中标人 测试单位第100号 已签署 投标0" in words(buyer.get(page))
    assert sign(buyer, place, people.initiator()) == 302
    public = words(browser().get(f"/tenders/{place.tender.code}"))
    assert "签约合同价 8,800,000.00 元" in public
    assert contract.sha256 in public
    assert "六、双方不得再行订立" not in public


def test_a_wrong_signature_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.award_lot()
    set_clock(monkeypatch, STANDSTILL_CLOSES)
    client = browser(people.initiator())
    client.post(address(place, "contract-draft"))

    assert sign(client, place, people.bidder(0)) == 422
    broken = client.post(address(place, "contract-signature"), {"certificate": "!", "signature": ""})
    assert (broken.status_code, "签名或证书在传输中损坏" in words(broken)) == (422, True)
    assert not ContractSignature.objects.exists()


def test_the_contract_is_its_parties(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.award_lot()
    set_clock(monkeypatch, STANDSTILL_CLOSES)
    browser(people.initiator()).post(address(place, "contract-draft"))

    for person in (people.bidder(1), people.expert(), people.other_initiator()):
        response = browser(person).get(address(place, "contract"))
        assert (response.status_code, "合同正文只供" in words(response)) == (403, True)
        assert "签约合同价" not in words(response)
    assert browser().get(address(place, "contract")).status_code == 302


def test_reading_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """GET is safe on every page of results."""
    place = world.stand_still()
    set_clock(monkeypatch, STANDSTILL_CLOSES)
    client = browser(people.initiator())

    for page in ("evaluation", "candidates", "award", "contract"):
        assert client.get(address(place, page)).status_code == 200
    assert client.get(address(place, "contract-draft")).status_code == 405
    assert client.get(address(place, "contract-signature")).status_code == 302
    assert (Award.objects.count(), Contract.objects.count()) == (0, 0)
    assert DUE < EVALUATED
