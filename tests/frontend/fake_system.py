"""A trading system small enough for a test: serves the gallery, strictly, and takes what is sent."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

from yuntai.trust.sealing import Header

POLICY = "default-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'"


class FakeSystem(ThreadingHTTPServer):
    """Remembers what it was sent.

    bundle: the certificate file of the one person.  refusal: the problem answered to the next submit, if any.

    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("localhost", 0), Handler)
        self.folder = folder
        self.bundle: dict[str, str] = {}
        self.refusal: dict[str, Any] | None = None
        self.answers: list[dict[str, Any]] = []
        self.bodies: dict[str, bytes] = {}
        self.submits: list[dict[str, Any]] = []
        self.withdrawals: list[dict[str, Any]] = []
        self.forms: list[dict[str, str]] = []
        self.tokens: list[str] = []

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_port}"


@contextmanager
def running(folder: Path) -> Iterator[FakeSystem]:
    """Serve the pages in `folder` until the end of the block."""
    system = FakeSystem(folder)
    thread = Thread(target=system.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield system
    finally:
        system.shutdown()
        thread.join()
        system.server_close()


class Handler(SimpleHTTPRequestHandler):
    """One request."""

    server: FakeSystem

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, directory=str(arguments[2].folder), **named)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name of the base class
        pass

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path == "/login/challenge":
            challenge = {"origin": self.server.url, "nonce": "5a" * 32, "issued_at": "2026-03-02T01:00:00Z"}
            self.answer(200, challenge | {"purpose": "login", "csrf_token": "fresh-token"})
        elif path == "/sandbox/people":
            person: dict[str, object] = {
                "id": "1",
                "person_name": "王投标",
                "organization_name": "江苏天建设工程有限公司",
            }
            person |= {
                "role_name": "投标人",
                "systems": ["trading-construction"],
                "bundle_url": "people/1.json",
            }
            self.answer(
                200, {"people": [person, person | {"person_name": "孙监督", "systems": ["supervision"]}]}
            )
        elif path == "/sandbox/people/1.json":
            self.answer(200, self.server.bundle)
        else:
            super().do_GET()

    def do_PUT(self) -> None:
        body = self.body()
        self.remember_token()
        announced = self.headers["X-Body-Sha256"]
        self.server.bodies[self.path.removeprefix("/bodies/")] = body
        right = hashlib.sha256(body).hexdigest() == announced
        self.answer(201 if right else 400, {"sha256": announced})

    def do_POST(self) -> None:
        body = self.body()
        self.remember_token()
        path = self.path.split("?")[0]
        if path == "/login/answer":
            self.server.answers.append(json.loads(body))
            self.answer(200, {"next": "/404.html"})
        elif path == "/bids":
            self.submit(json.loads(body))
        elif path == "/withdrawals":
            self.server.withdrawals.append(json.loads(body))
            self.answer(201, {"at": "2026-03-02T01:00:00Z"})
        else:
            self.server.forms.append({name: values[0] for name, values in parse_qs(body.decode()).items()})
            self.send_response(HTTPStatus.SEE_OTHER)
            self.send_header("Location", "/404.html")
            self.end_headers()

    def submit(self, sent: dict[str, Any]) -> None:
        if self.server.refusal is not None:
            problem, self.server.refusal = self.server.refusal, None
            self.answer(problem["status"], problem, "application/problem+json")
            return
        self.server.submits.append(sent)
        digest = Header.from_json(sent["header"]).digest()
        statement = {"received_at": "2026-03-02T01:00:05Z", "header_sha256": digest}
        self.answer(201, {"statement": statement, "signature": "AA"})

    def remember_token(self) -> None:
        self.server.tokens.append(self.headers["X-CSRFToken"] or "")

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def answer(self, status: int, content: dict[str, Any], kind: str = "application/json") -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
