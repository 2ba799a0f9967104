"""Login, signing, handing in and withdrawing a bid, done by hand in Chromium and checked in Python."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from playwright.sync_api import FilePayload, Page, expect

from tests.frontend.fake_system import FakeSystem
from tests.frontend.gallery_samples import HASH, VECTORS
from yuntai.standard import bidfile
from yuntai.trust import certificates, sealing, signing

pytestmark = pytest.mark.browser

WORDS = "投标报价已密封"
DEADLINE = "2026-03-22 周日 09:00:00"


def from_b64u(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def der_of(bundle: dict[str, str]) -> bytes:
    return x509.load_pem_x509_certificate(bundle["certificate_pem"].encode()).public_bytes(Encoding.DER)


def log_in(page: Page, system: FakeSystem) -> None:
    page.goto(f"{system.url}/login.html?next=/desk")
    page.get_by_role("button", name="王投标").click()
    page.wait_for_url("**/404.html")


def fill_bid(page: Page, *, price: str = "12,345,678.90") -> None:
    page.locator("#id_price_yuan").fill(price)
    page.locator("#id_duration_days").fill("180")
    page.locator("#id_project_lead").fill("王投标")
    page.locator("#id_quality").fill("合格")
    paper = FilePayload(name="技术标.pdf", mimeType="application/pdf", buffer=WORDS.encode() * 5000)
    page.locator("#id_files").set_input_files(paper)


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="递交投标文件").click()


def opened(system: FakeSystem) -> tuple[sealing.Header, bidfile.BidFile]:
    header = sealing.Header.from_json(system.submits[-1]["header"])
    private = {letter: bytes.fromhex(key) for letter, key in VECTORS["holder_private_keys"].items()}
    shares = {letter: sealing.unwrap_share(header, letter, private[letter]) for letter in "TPC"}
    keys = {letter: from_b64u(key) for letter, key in VECTORS["holder_public_keys"].items()}
    body = system.bodies[header.body_sha256]
    content = sealing.open_sealed(header, body, shares=shares, holder_keys=keys).content
    return header, bidfile.unpack(content, header.context)


def test_a_person_of_the_sandbox_logs_in_by_a_signed_challenge(
    page: Page, system: FakeSystem, bundle: dict[str, str]
) -> None:
    log_in(page, system)

    (answer,) = system.answers
    challenge = f"yuntai-login-v1\n{system.url}\n{answer['nonce']}\n2026-03-02T01:00:00Z\nlogin".encode()
    certificate = base64.b64decode(answer["certificate"])
    assert certificate == der_of(bundle)
    assert certificates.is_signed_by(certificate, challenge, from_b64u(answer["signature"]))
    assert system.tokens == ["fresh-token"]


def test_only_the_people_of_this_system_are_offered(page: Page, system: FakeSystem) -> None:
    page.goto(f"{system.url}/login.html")

    expect(page.locator(".people button")).to_have_count(1)


def test_a_file_that_is_no_certificate_is_refused_with_a_sentence(page: Page, system: FakeSystem) -> None:
    page.goto(f"{system.url}/login.html")

    wrong = FilePayload(name="x.json", mimeType="text/plain", buffer=b"{}")
    page.locator("#certificate_file").set_input_files(wrong)
    page.get_by_role("button", name="登录", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("这不是证书文件")
    assert system.answers == []


def test_a_challenge_of_another_site_is_not_signed(page: Page, system: FakeSystem) -> None:
    other = {"origin": "http://localhost:1", "nonce": "00", "issued_at": "2026-03-02T01:00:00Z"}
    other |= {"purpose": "login"}
    page.route("**/login/challenge", lambda route: route.fulfill(json=other))
    page.goto(f"{system.url}/login.html")

    page.get_by_role("button", name="王投标").click()

    expect(page.get_by_role("alert")).to_contain_text("没有签名")
    assert system.answers == []


def test_the_instant_that_the_holders_signed_stands_beside_the_deadline(
    page: Page, system: FakeSystem
) -> None:
    log_in(page, system)

    page.goto(f"{system.url}/bid.html")

    expect(page.get_by_text("投标截止时间", exact=True).locator("..")).to_contain_text(DEADLINE)
    expect(page.locator("[data-opening-instant]")).to_contain_text(f"{DEADLINE}，四个保管方一致")


def test_nothing_is_sealed_when_the_page_names_another_deadline_than_the_holders(
    page: Page, system: FakeSystem
) -> None:
    log_in(page, system)
    page.goto(f"{system.url}/bid.html")
    fill_bid(page)
    page.locator("[data-bid-form]").evaluate("form => form.dataset.bidsDueAt = '2026-03-03T01:00:00+00:00'")

    hand_in(page)

    expect(page.get_by_role("alert")).to_contain_text(
        f"声明的开标时间是 {DEADLINE}，与本页的投标截止时间不同"
    )
    assert system.submits == []


def test_a_bid_is_sealed_here_and_three_holders_open_it(
    page: Page, system: FakeSystem, bundle: dict[str, str]
) -> None:
    log_in(page, system)
    page.goto(f"{system.url}/bid.html")
    fill_bid(page)

    hand_in(page)

    expect(page.locator(".receipt")).to_contain_text("投标文件已递交")
    header, bid = opened(system)
    assert str(bid.form.price_yuan) == "12345678.90"
    assert bid.form.bidder_name == bundle["organization_name"]
    assert bid.form.made_at.isoformat().startswith("2026-03-02T01:00:")
    assert bid.files["技术标.pdf"] == WORDS.encode() * 5000
    assert certificates.is_signed_by(der_of(bundle), bid.signed, bid.signature)
    submit = from_b64u(system.submits[-1]["signature"])
    assert signing.is_valid(header.owner_public_key, f"yuntai-submit-v1|{header.digest()}".encode(), submit)
    expect(page.locator(".receipt")).to_contain_text(header.digest())


def test_nothing_of_the_bid_leaves_this_device_in_clear(page: Page, system: FakeSystem) -> None:
    log_in(page, system)
    page.goto(f"{system.url}/bid.html")
    sent: list[bytes] = []
    page.on("request", lambda request: sent.append(request.url.encode() + (request.post_data_buffer or b"")))
    fill_bid(page)

    hand_in(page)

    expect(page.locator(".receipt")).to_be_visible()
    everything = b"".join([*sent, *system.bodies.values(), json.dumps(system.submits).encode()])
    assert len(everything) > len(WORDS.encode()) * 5000
    for secret in ("12345678.90", "王投标", "江苏天建设", WORDS):
        assert secret.encode() not in everything


def test_the_receipt_and_the_owner_key_can_be_kept(page: Page, system: FakeSystem, tmp_path: Path) -> None:
    log_in(page, system)
    page.goto(f"{system.url}/bid.html")
    fill_bid(page)
    hand_in(page)

    kept: dict[str, Any] = {}
    for name in ("下载回执", "下载撤回凭证"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        kept[name] = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))

    header = sealing.Header.from_json(kept["下载回执"]["header"])
    assert kept["下载回执"]["receipt"]["statement"]["header_sha256"] == header.digest()
    assert signing.public_key(from_b64u(kept["下载撤回凭证"]["owner_private_key"])) == header.owner_public_key


def test_what_is_wrong_is_said_at_once_and_nothing_is_sent(page: Page, system: FakeSystem) -> None:
    log_in(page, system)
    page.goto(f"{system.url}/bid.html")
    fill_bid(page, price="12800000.01")
    page.locator("#id_duration_days").fill("0")

    hand_in(page)

    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("高于最高投标限价 12,800,000.00 元")
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(page.locator("#id_price_yuan")).to_have_value("12800000.01")
    assert system.bodies == {}


def test_a_refusal_shows_its_reason_and_keeps_what_was_typed(page: Page, system: FakeSystem) -> None:
    log_in(page, system)
    page.goto(f"{system.url}/bid.html")
    fill_bid(page)
    reason = "已于 2026-03-22 09:00 截止投标，逾期文件不予接收。"
    system.refusal = {"status": 409, "detail": reason, "clause": "tendering/28"}

    with page.expect_response("**/bids"):
        hand_in(page)

    expect(page.get_by_role("alert")).to_contain_text(reason)
    expect(page.locator("#id_price_yuan")).to_have_value("12,345,678.90".replace(",", ""))
    expect(page.locator('li[data-state="refused"]')).to_have_text("递交（未完成）")
    assert system.submits == []


def test_after_a_lost_answer_the_same_sealed_bid_is_sent_again(page: Page, system: FakeSystem) -> None:
    log_in(page, system)
    page.goto(f"{system.url}/bid.html")
    fill_bid(page)
    system.refusal = {"status": 503, "detail": "系统繁忙，请稍后再试。", "clause": ""}
    hand_in(page)
    expect(page.get_by_role("alert")).to_contain_text("系统繁忙")

    hand_in(page)

    expect(page.locator(".receipt")).to_be_visible()
    assert len(system.bodies) == 1


def test_a_receipt_for_something_else_is_an_alarm(page: Page, system: FakeSystem) -> None:
    log_in(page, system)
    page.goto(f"{system.url}/bid.html")
    fill_bid(page)
    wrong = {
        "statement": {"header_sha256": "00" * 32, "received_at": "2026-03-02T01:00:05Z"},
        "signature": "",
    }
    page.route("**/bids", lambda route: route.fulfill(status=201, json=wrong))

    hand_in(page)

    expect(page.get_by_role("alert")).to_contain_text("回执与本机计算的不一致")


def test_the_device_that_made_a_bid_withdraws_it(page: Page, system: FakeSystem) -> None:
    log_in(page, system)
    page.goto(f"{system.url}/bid.html")
    fill_bid(page)
    hand_in(page)
    expect(page.locator(".receipt")).to_be_visible()
    header, _ = opened(system)
    page.goto(f"{system.url}/bid.html")
    form = page.locator("[data-withdraw-form]")
    form.evaluate("(form, sha) => form.dataset.headerSha256 = sha", header.digest())

    page.get_by_role("button", name="撤回投标文件").click()
    page.wait_for_url("**/404.html")

    (withdrawal,) = system.withdrawals
    assert withdrawal["envelope_id"] == header.context.envelope_id
    signed = f"yuntai-withdraw-v1|{header.digest()}".encode()
    assert signing.is_valid(header.owner_public_key, signed, from_b64u(withdrawal["signature"]))


def test_another_device_needs_the_owner_key_file(page: Page, system: FakeSystem) -> None:
    page.goto(f"{system.url}/bid.html")

    page.get_by_role("button", name="撤回投标文件").click()

    expect(page.get_by_role("alert")).to_contain_text("没有这份投标文件的撤回凭证")
    assert system.withdrawals == []


def test_an_act_is_signed_with_the_key_of_the_login(
    page: Page, system: FakeSystem, bundle: dict[str, str]
) -> None:
    log_in(page, system)
    page.goto(f"{system.url}/act.html")
    expect(page.locator("[data-signer]")).to_contain_text("由 王投标（江苏天建设工程有限公司） 的证书签名")
    page.locator("form[data-sign-form]").evaluate("form => form.action = '/acts'")

    page.get_by_role("button", name="签名并发布").click()
    page.wait_for_url("**/404.html")

    (form,) = system.forms
    certificate = base64.b64decode(form["certificate"])
    assert certificate == der_of(bundle)
    signed = f"yuntai-sign-v1|publish-notice|{HASH}".encode()
    assert certificates.is_signed_by(certificate, signed, from_b64u(form["signature"]))
    assert form["csrfmiddlewaretoken"] == "token-of-the-gallery"


def test_logging_out_forgets_the_key(page: Page, system: FakeSystem) -> None:
    log_in(page, system)

    with page.expect_navigation():
        page.get_by_role("button", name="退出").click()
    page.goto(f"{system.url}/act.html")

    expect(page.locator("[data-signer]")).to_contain_text("本机没有正在使用的证书")
    page.get_by_role("button", name="签名并发布").click()
    expect(page.get_by_role("alert")).to_contain_text("选择证书文件")
