"""The gallery in Chromium, and a person's certificate file."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.frontend.fake_system import FakeSystem, running
from yuntai.kernel import frontend
from yuntai.standard.identifiers import credit_code
from yuntai.trust import certificates

ISSUED_AT = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def bundle() -> dict[str, str]:
    """A person's certificate file, as the sandbox gives it."""
    root_key, root = certificates.issue_root("演示 CA", ISSUED_AT)
    key = certificates.new_key_pem()
    subject = certificates.Subject(
        "王投标", "P-000123", credit_code.make("320700", 7), "江苏天建设工程有限公司"
    )
    public = certificates.public_key_der(key)
    der = certificates.issue(root_key, root, subject=subject, public_key=public, now=ISSUED_AT, days=365)
    pem = base64.encodebytes(der).decode()
    return {
        "format": "yuntai-sandbox-key-v1",
        "certificate_pem": f"-----BEGIN CERTIFICATE-----\n{pem}-----END CERTIFICATE-----\n",
        "private_key_pem": key.decode(),
        "person_name": subject.person_name,
        "organization_name": subject.organization_name,
        "role_name": "投标人",
    }


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rendered pages with the built styles and scripts.

    Rendered by a process of its own, since a test run of one system has other settings.
    """
    frontend.build(lambda line: None)
    folder = tmp_path_factory.mktemp("gallery")
    script = Path(__file__).parent / "gallery.py"
    environment = {**os.environ, "PYTHONPATH": str(frontend.ROOT)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run([sys.executable, str(script), str(folder)], env=environment, check=True)
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def system(gallery: Path, bundle: dict[str, str]) -> Iterator[FakeSystem]:
    with running(gallery) as system:
        system.bundle = bundle
        yield system


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a fresh profile.  An error in its console fails the test, but a refusal is none."""
    context = chromium.new_context(locale="zh-CN", timezone_id="America/New_York", accept_downloads=True)
    page = context.new_page()
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        refused = message.text.startswith("Failed to load resource: the server responded with a status of")
        if message.type == "error" and not refused:
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []
