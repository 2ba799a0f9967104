"""The self-test in Chromium: every line says whether it passed, and what to do when it did not."""

import json
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenCity

pytestmark = pytest.mark.browser


def bundle_of(open_city: OpenCity, folder: Path) -> Path:
    """Download the certificate file of a bidder from the sandbox."""
    url = f"{open_city.city.topology.sandbox_url}/people/wang-toubiao/bundle"
    path = folder / "证书.json"
    path.write_bytes(urlopen(url).read())  # noqa: S310  an address of our own city
    assert json.loads(path.read_text())["format"]
    return path


def line(page: Page, name: str) -> str:
    return page.locator(f'[data-check="{name}"]').inner_text()


@pytest.mark.parametrize("system", ["trading", "platform"])
def test_every_check_passes_with_a_good_certificate(
    open_city: OpenCity, page: Page, tmp_path: Path, system: str
) -> None:
    at = open_city.at_trading if system == "trading" else open_city.at_platform
    page.goto(at("/selftest"))
    page.get_by_label("投标截止时间").fill("2027-01-15T09:30")
    page.locator("#certificate_file").set_input_files(bundle_of(open_city, tmp_path))
    page.get_by_role("button", name="开始自检").click()

    expect(page.locator('[data-check="upload"] .status')).to_have_text("通过", timeout=30_000)
    for name in ("secure", "crypto", "seal", "certificate", "signature", "validity"):
        assert "未通过" not in line(page, name), line(page, name)
    assert "逐字节相同" in line(page, "seal")
    assert "100 MB 的投标文件约" in line(page, "upload")


def test_a_certificate_that_ends_before_the_deadline_and_none_at_all_are_told_of(
    open_city: OpenCity, page: Page, tmp_path: Path
) -> None:
    page.goto(open_city.at_trading("/selftest"))
    page.get_by_role("button", name="开始自检").click()
    expect(page.locator('[data-check="upload"] .status')).to_have_text("通过", timeout=30_000)
    assert "没有选择证书文件" in line(page, "certificate")

    page.get_by_label("投标截止时间").fill("2090-01-15T09:30")
    page.locator("#certificate_file").set_input_files(bundle_of(open_city, tmp_path))
    page.get_by_role("button", name="开始自检").click()

    expect(page.locator('[data-check="validity"] .status')).to_have_text("未通过", timeout=30_000)
    expect(page.locator('[data-check="validity"]')).to_contain_text("早于投标截止。请先到发证机构续期")
