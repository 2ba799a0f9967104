"""docs/connect/example_client.py, which knows nothing of ours, against the platform as it is, over HTTP."""

import ast
import importlib.util
import json
import ssl
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from cryptography.exceptions import InvalidSignature
from django.core.handlers.wsgi import WSGIHandler

from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.peers import peer
from yuntai.kernel.tests.operators import Operator, write_roots
from yuntai.publicservice.pages.systems import counted
from yuntai.publicservice.tests.factories import KEYS
from yuntai.standard.datasets.samples import sample, sample_key, sample_object
from yuntai.trust import signing

pytestmark = pytest.mark.django_db(transaction=True)

SOURCE = Path(__file__).parents[3] / "docs/connect/example_client.py"
SENDER = "trading-construction"
NEWCOMER = "trading-harbour"


@pytest.fixture
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("example_client", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Quiet(WSGIRequestHandler):
    """Does not log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the name of the base class
        pass


@dataclass(frozen=True)
class Served:
    """The platform on a port of its own, while a program runs."""

    server: WSGIServer

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server.server_port}"

    def __call__(self, program: Callable[..., Any], *arguments: Any) -> Any:
        """Run `program` elsewhere and answer it here, where the test's database connection is."""
        with ThreadPoolExecutor() as elsewhere:
            running = elsewhere.submit(program, *arguments)
            while not running.done():
                self.server.handle_request()
        return running.result()


@pytest.fixture
def platform(settings: Any, tmp_path: Path) -> Iterator[Served]:
    """The platform; it recognises the certificates of the test CA."""
    with make_server("localhost", 0, WSGIHandler(), handler_class=Quiet) as server:
        server.timeout = 0.05
        served = Served(server)
        settings.PUBLIC_URL = served.url
        settings.TRUST_ROOTS_FILE = str(write_roots(tmp_path))
        yield served


def written(folder: Path, name: str, content: object) -> str:
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return str(path)


def settings_of(platform: Served, folder: Path, system: str, key: bytes, **more: str) -> str:
    (folder / "sender.key").write_bytes(key)
    facts = {
        "platform": platform.url,
        "system": system,
        "key_file": str(folder / "sender.key"),
        "receiver": "publicservice",
        "receiver_public_key": signing.public_key(KEYS["publicservice"]).hex(),
        "folder": str(folder),
    }
    return written(folder, "settings.json", facts | more)


@pytest.fixture
def settings_file(platform: Served, tmp_path: Path) -> str:
    """The settings of a system that is connected already."""
    return settings_of(platform, tmp_path, SENDER, KEYS[SENDER])


@pytest.fixture
def newcomer(platform: Served, tmp_path: Path) -> str:
    """The settings of a system that nobody knows yet."""
    operator = Operator()
    (tmp_path / "person.key").write_bytes(operator.key_pem)
    (tmp_path / "person.pem").write_text(ssl.DER_cert_to_PEM_cert(operator.certificate), encoding="ascii")
    return settings_of(
        platform,
        tmp_path,
        NEWCOMER,
        operator.system_key,
        operator=operator.subject.organization_code,
        certificate_file=str(tmp_path / "person.pem"),
        certificate_key_file=str(tmp_path / "person.key"),
    )


def entry(folder: Path, **changes: Any) -> str:
    facts = {
        "title": "港区工程建设电子交易系统",
        "kind": "trading",
        "industry": "construction",
        "region_code": "320703",
        "url": "",
        "responsible": [{"name": "冯运营", "duty": "主要负责人"}],
    }
    return written(folder, "entry.json", facts | changes)


def record(folder: Path, no: int, **fields: str) -> str:
    told: dict[str, Any] = {
        "data_set": no,
        "action": "add",
        "data_key": sample_key(no),
        "object_code": sample_object(no),
        "fields": sample(no) | fields,
    }
    return written(folder, f"{no}-{len(list(folder.iterdir()))}.json", told)


def states() -> list[tuple[int, str]]:
    return list(InboxMessage.objects.order_by("seq").values_list("seq", "refusal"))


def test_enters_logs_in_passes_sends_three_records_and_appears_on_the_status_page(
    example: ModuleType,
    platform: Served,
    newcomer: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    client: Any,
) -> None:
    assert platform(example.main, newcomer, "join", entry(tmp_path), record(tmp_path, 501)) == 0
    assert peer(NEWCOMER).kind == "trading"
    assert states() == []  # nothing of the trial is kept

    assert platform(example.main, newcomer, *(record(tmp_path, no) for no in (500, 501, 502))) == 0

    assert capsys.readouterr().out == "1 received \n2 received \n3 received \n"
    assert states() == [(1, ""), (2, ""), (3, "")]
    counted.cache_clear()
    page = client.get("/systems").content.decode()
    assert "港区工程建设电子交易系统" in page
    assert "冯运营（主要负责人）" in page
    listed = client.get(f"/api/v1/systems/{NEWCOMER}").json()
    assert (listed["state"], listed["received_today"]) == ("connected", 3)


def test_says_what_is_wrong_with_an_entry(
    example: ModuleType, platform: Served, newcomer: str, tmp_path: Path
) -> None:
    with pytest.raises(SystemExit, match="HTTP 422") as refusal:
        platform(example.main, newcomer, "join", entry(tmp_path, industry="fishing"), record(tmp_path, 501))

    assert "没有“fishing”这个行业" in str(refusal.value)


def test_sends_again_after_a_lost_answer_and_is_taken_once(
    example: ModuleType, platform: Served, settings_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = example.Client.call

    def lost(*arguments: Any) -> None:
        whole(*arguments)
        raise TimeoutError

    with monkeypatch.context() as broken:
        broken.setattr(example.Client, "call", lost)
        with pytest.raises(TimeoutError):
            platform(example.main, settings_file, record(tmp_path, 501))

    assert platform(example.main, settings_file, record(tmp_path, 502)) == 0
    assert states() == [(1, ""), (2, "")]


def test_tells_why_a_record_was_rejected_and_goes_on(
    example: ModuleType,
    platform: Served,
    settings_file: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wrong, right = record(tmp_path, 501, IS_TO_LAW="是"), record(tmp_path, 502)

    assert platform(example.main, settings_file, wrong, right) == 1

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("1 rejected ")
    assert "IS_TO_LAW 数据集 501 不在代码表 TRUE_OR_FALSE 内〔DS301〕（收到 '是'）" in first
    assert second == "2 received "


def test_does_not_believe_an_answer_of_somebody_else(
    example: ModuleType, platform: Served, settings_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = example.Client.call
    monkeypatch.setattr(example.Client, "call", lambda *given: whole(*given) | {"expected_seq": 9})

    with pytest.raises(InvalidSignature):
        platform(example.main, settings_file, record(tmp_path, 501))


def test_imports_nothing_of_ours_and_is_short() -> None:
    source = SOURCE.read_text(encoding="utf-8")
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else name.name).split(".")[0]  # type: ignore[union-attr]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }

    assert imported - sys.stdlib_module_names == {"cryptography"}
    assert len(source.splitlines()) <= 150
