"""docs/connect/example_client.py, which knows nothing of ours, against the door as it is."""

import ast
import importlib.util
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from django.test import Client

from yuntai.kernel.inbox.models import InboxMessage
from yuntai.publicservice.tests.factories import KEYS
from yuntai.standard.datasets.samples import sample, sample_key, sample_object
from yuntai.trust import signing

pytestmark = pytest.mark.django_db(transaction=True)

SOURCE = Path(__file__).parents[3] / "docs/connect/example_client.py"
SENDER = "trading-construction"


@pytest.fixture
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("example_client", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def settings_file(tmp_path: Path) -> str:
    (tmp_path / "sender.key").write_bytes(KEYS[SENDER])
    path = tmp_path / "settings.json"
    path.write_text(
        json.dumps(
            {
                "url": "/exchange/v1/messages",
                "system": SENDER,
                "private_key_file": str(tmp_path / "sender.key"),
                "receiver": "publicservice",
                "receiver_public_key": signing.public_key(KEYS["publicservice"]).hex(),
                "journal": str(tmp_path / "journal.jsonl"),
            }
        ),
        encoding="utf-8",
    )
    return str(path)


def post(url: str, body: bytes) -> bytes:
    response = Client().post(url, data=body, content_type="application/json")
    assert response.status_code == 200, response.content.decode()
    return response.content


class Door(BaseHTTPRequestHandler):
    """The platform's door on a port of its own."""

    def do_POST(self) -> None:
        content = post(self.path, self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the name of the base class
        pass


def record(folder: Path, no: int, **fields: str) -> str:
    path = folder / f"{no}-{len(list(folder.iterdir()))}.json"
    told: dict[str, Any] = {
        "data_set": no,
        "action": "add",
        "data_key": sample_key(no),
        "object_code": sample_object(no),
        "fields": sample(no) | fields,
    }
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return str(path)


def states() -> list[tuple[int, str]]:
    return list(InboxMessage.objects.order_by("seq").values_list("seq", "refusal"))


def test_sends_three_records_and_checks_their_receipts(
    example: ModuleType, settings_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = [record(tmp_path, no) for no in (500, 501, 502)]

    with HTTPServer(("localhost", 0), Door) as server, ThreadPoolExecutor() as elsewhere:
        server.timeout = 0.1
        known = json.loads(Path(settings_file).read_text(encoding="utf-8"))
        known["url"] = f"http://localhost:{server.server_port}/exchange/v1/messages"
        Path(settings_file).write_text(json.dumps(known), encoding="utf-8")
        rejected = elsewhere.submit(example.main, settings_file, *records)
        while not rejected.done():
            server.handle_request()  # here, where the test's database connection is

    assert rejected.result() == 0

    assert capsys.readouterr().out == "1 received \n2 received \n3 received \n"
    assert states() == [(1, ""), (2, ""), (3, "")]


def test_sends_again_after_a_lost_answer_and_is_taken_once(
    example: ModuleType, settings_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def lost(url: str, body: bytes) -> bytes:
        post(url, body)
        raise TimeoutError

    with pytest.raises(TimeoutError):
        example.main(settings_file, record(tmp_path, 501), post=lost)

    assert example.main(settings_file, record(tmp_path, 502), post=post) == 0
    assert capsys.readouterr().out == "1 received \n2 received \n"
    assert states() == [(1, ""), (2, "")]


def test_tells_why_a_record_was_rejected_and_goes_on(
    example: ModuleType, settings_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, right = record(tmp_path, 501, IS_TO_LAW="是"), record(tmp_path, 502)

    assert example.main(settings_file, wrong, right, post=post) == 1

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("1 rejected ")
    assert "IS_TO_LAW 数据集 501 不在代码表 TRUE_OR_FALSE 内〔DS301〕（收到 '是'）" in first
    assert second == "2 received "


def test_does_not_believe_an_answer_of_somebody_else(
    example: ModuleType, settings_file: str, tmp_path: Path
) -> None:
    def forged(url: str, body: bytes) -> bytes:
        answer = json.loads(post(url, body))
        return json.dumps(answer | {"expected_seq": 9}).encode()

    with pytest.raises(InvalidSignature):
        example.main(settings_file, record(tmp_path, 501), post=forged)


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
