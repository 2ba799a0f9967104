"""Passkeys with Chromium's virtual authenticator, and one login for three systems."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import OpenCity, log_in

pytestmark = pytest.mark.browser
BIDDER = "王投标"


@contextmanager
def authenticator(page: Page, *, verified: bool = True) -> Iterator[CDPSession]:
    """Give the page's browser a device that keeps passkeys and verifies its user, or does not."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verified,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield devtools
    devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]})


def log_out(page: Page) -> None:
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="已退出")).to_be_visible()


def test_a_passkey_that_was_added_logs_in_at_the_platform_and_from_there_at_trading(
    open_city: OpenCity, page: Page
) -> None:
    with authenticator(page):
        log_in(page, open_city.at_platform("/passkeys"), BIDDER)
        page.get_by_label("名称").last.fill("办公室电脑")
        page.get_by_role("button", name="添加").click()
        expect(page.get_by_text("已添加。")).to_be_visible()
        log_out(page)

        page.goto(open_city.at_trading("/desk"))
        page.get_by_role("link", name="统一身份登录").click()
        page.get_by_role("button", name="用通行密钥登录").click()

        page.wait_for_url(open_city.at_trading("/desk"))
        expect(page.get_by_text(BIDDER).first).to_be_visible()
        log_out(page)
        expect(page.get_by_text("公共服务平台若仍在登录中")).to_be_visible()


def test_one_login_serves_supervision_too(open_city: OpenCity, page: Page) -> None:
    page.goto(open_city.at_supervision("/login"))
    page.get_by_role("link", name="统一身份登录").click()
    page.get_by_role("button", name="孙监督").click()

    page.wait_for_url(open_city.at_supervision("/"))
    expect(page.get_by_text("孙监督").first).to_be_visible()


def test_a_citizen_registers_with_a_passkey_alone(open_city: OpenCity, page: Page) -> None:
    with authenticator(page):
        page.goto(open_city.at_platform("/citizens/register"))
        page.get_by_label("显示名称").fill("海州市民")
        page.get_by_role("button", name="注册并设置通行密钥").click()

        page.wait_for_url(open_city.at_platform("/desk"))
        expect(page.get_by_text("海州市民").first).to_be_visible()


def test_a_device_that_does_not_verify_its_user_is_no_way_in(open_city: OpenCity, page: Page) -> None:
    with authenticator(page, verified=False):
        page.goto(open_city.at_platform("/citizens/register"))
        page.get_by_label("显示名称").fill("海州市民")
        page.get_by_role("button", name="注册并设置通行密钥").click()

        expect(page.get_by_role("heading", name="没有注册")).to_be_visible()
