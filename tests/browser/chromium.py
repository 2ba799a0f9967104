"""Chromium for tests, and the one sentence that says what is missing where it is not there."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

# No sandbox of its own as root; and none of the browser's own calls home, which a test must not wait for.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = (
    "浏览器测试需要 Chromium 和一种中文字体：请执行 apt-get install chromium fontconfig fonts-wqy-microhei。"
)


def require_browser() -> str:
    """Return the path of Chromium, or fail with one sentence that says what to install."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    fonts = (
        subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False)
        if shutil.which("fc-list")
        else None
    )
    if program is None or fonts is None or not fonts.stdout.strip():
        pytest.fail(MISSING, pytrace=False)
    return program


@contextmanager
def chromium() -> Iterator[Browser]:
    """Have a headless browser."""
    program = require_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()
