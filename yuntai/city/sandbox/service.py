"""The sandbox as a web service for the login pages and players on this machine; translation only.

Only the city's own pages may read it: it hands out private keys, if only of made-up persons.
"""

import json
import re
import signal
import socketserver
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from yuntai.city.folder import CityFolder
from yuntai.city.sandbox.cas import LETTERS, SandboxCas
from yuntai.city.sandbox.clock import SandboxClock, ShiftError
from yuntai.city.sandbox.issuer import Issuer, facts
from yuntai.city.sandbox.people import Person, demo_people, systems_of
from yuntai.city.sandbox.trust_list import SandboxTrustList
from yuntai.city.topology import Topology
from yuntai.trust import clock

ADDRESS = "127.0.0.1"
LONGEST_BODY = 1000


@dataclass(frozen=True)
class Request:
    """headers: names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """content: JSON value, or bytes as they are."""

    status: int
    content: Any
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """Return the bytes to send."""
        if isinstance(self.content, bytes):
            return self.content
        return json.dumps(self.content, ensure_ascii=False).encode()


def problem(status: int, sentence: str) -> Answer:
    """Return a refusal with one Chinese sentence."""
    return Answer(status, {"status": status, "detail": sentence}, "application/problem+json; charset=utf-8")


class Sandbox:
    """Answers requests."""

    def __init__(self, topology: Topology, folder: CityFolder) -> None:
        self._topology = topology
        self._people = {person.id: person for person in demo_people(topology)}
        self._issuer = Issuer(folder.sandbox)
        self._cas = SandboxCas(folder.sandbox)
        self._trust_list = SandboxTrustList(folder.sandbox, topology.sandbox_url)
        self._clock = SandboxClock(folder.clock_file)
        self._origins = {system.url for system in topology.systems}
        self._hosts = {f"{name}:{topology.sandbox_port}" for name in ("localhost", ADDRESS)}

    def answer(self, request: Request) -> Answer:
        """Return the answer to `request`, with leave to read it for the city's own pages."""
        if request.headers.get("host", "") not in self._hosts:
            # A name of elsewhere that resolves to this machine would slip past the check of the origin.
            return problem(421, "演示服务只回答发往 localhost 的请求。请改用 localhost 访问。")
        origin = request.headers.get("origin", "")
        if origin and origin not in self._origins:
            return problem(403, f"{origin} 不是本演示城市的系统，不能读取演示数据。")
        answer = self._preflight() if request.method == "OPTIONS" else self._route(request)
        leave = {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin else {}
        return Answer(answer.status, answer.content, answer.content_type, {**answer.headers, **leave})

    def _preflight(self) -> Answer:
        allowed = {
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "content-type",
            "Access-Control-Max-Age": "600",
        }
        return Answer(204, b"", headers=allowed)

    def _route(self, request: Request) -> Answer:
        path = request.path.partition("?")[0]
        person = re.fullmatch(r"/people/([a-z0-9-]{1,60})/(bundle|renew|revoke)", path)
        if person and request.method == ("GET" if person[2] == "bundle" else "POST"):
            return self._of_person(person[1], person[2], request)
        ca = re.fullmatch(r"/ca/([A-Z])/(revoked\.crl|ocsp)", path)
        if ca and ca[1] in LETTERS:
            return self._of_ca(ca[1], ca[2], request)
        routes: dict[tuple[str, str], Callable[[], Answer]] = {
            ("GET", "/"): self._index,
            ("GET", "/livez"): lambda: Answer(200, b"ok", "text/plain"),
            ("GET", "/people"): self._list_people,
            ("GET", "/trust-list.json"): lambda: Answer(200, self._trust_list.file.read_bytes()),
            ("GET", "/clock"): self._read_clock,
            ("POST", "/clock"): lambda: self._set_clock(request),
        }
        found = routes.get((request.method, path))
        return found() if found else problem(404, "没有这个地址。可用的地址见 /。")

    def _index(self) -> Answer:
        lines = (
            "云台演示服务：仅供本机演示城市使用，人员和单位均为虚构。",
            "GET  /people              演示人员",
            "GET  /people/<id>/bundle  演示人员的证书和私钥",
            "POST /people/<id>/renew   换发证书和私钥，原证书仍有效",
            "POST /people/<id>/revoke  吊销现用证书",
            "GET  /trust-list.json     证书互认名单第 1 版",
            "GET  /ca/<A|B|C>/revoked.crl  该发证机构的吊销列表",
            "POST /ca/<A|B|C>/ocsp     该发证机构的证书状态在线查询",
            "GET  /clock               演示时钟",
            'POST /clock               设置演示时钟共快多少秒（不是再快多少）：{"shift_seconds": 86400}',
            "拨快若干天用命令：          .venv/bin/yuntai city ahead 21",
        )
        return Answer(200, ("\n".join(lines) + "\n").encode(), "text/plain; charset=utf-8")

    def _list_people(self) -> Answer:
        return Answer(200, {"people": [self._listed(person) for person in self._people.values()]})

    def _listed(self, person: Person) -> dict[str, Any]:
        """Return what a login page shows of a person.  systems: where it is offered, none for the crowd."""
        offered = () if person.crowd else systems_of(person, self._topology)
        more = {"systems": list(offered), "crowd": person.crowd, "bundle_url": f"people/{person.id}/bundle"}
        return facts(person) | more

    def _of_person(self, person_id: str, what: str, request: Request) -> Answer:
        person = self._people.get(person_id)
        if person is None:
            return problem(404, f"没有编号为 {person_id} 的演示人员。请从 /people 中选取。")
        if what != "bundle":
            if not _is_json(request):
                return problem(415, "换发或吊销证书须以 application/json 提交。")
            act = {"renew": self._issuer.renew, "revoke": self._issuer.revoke}[what]
            act(person, now=clock.now())
        return Answer(200, self._issuer.bundle(person_id), headers={"Cache-Control": "no-store"})

    def _of_ca(self, letter: str, what: str, request: Request) -> Answer:
        if what == "revoked.crl" and request.method == "GET":
            return Answer(200, self._cas.revocation_list(letter, now=clock.now()), "application/pkix-crl")
        if what == "ocsp" and request.method == "POST":
            try:
                told = self._cas.answer_ocsp(letter, request.body, now=clock.now())
            except ValueError:
                return problem(400, "不是可读的 OCSP 请求，或所问证书不是本机构签发。")
            return Answer(200, told, "application/ocsp-response")
        return problem(405, "吊销列表用 GET 读取，证书状态用 POST 查询。")

    def _read_clock(self) -> Answer:
        return Answer(200, {"shift_seconds": self._clock.shift_seconds(), "now": clock.now().isoformat()})

    def _set_clock(self, request: Request) -> Answer:
        # Asking for this type makes a browser ask first, so that no foreign page sets the clock unasked.
        if not _is_json(request):
            return problem(415, "设置时钟须以 application/json 提交。")
        try:
            asked = json.loads(request.body)
            self._clock.set(asked.get("shift_seconds") if isinstance(asked, dict) else None)
        except ShiftError as error:
            return problem(422, str(error))
        except ValueError:
            return problem(400, '提交的内容不是 JSON。应为 {"shift_seconds": 86400}。')
        return self._read_clock()


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0] == "application/json"


class _Server(ThreadingHTTPServer):
    sandbox: Sandbox

    def server_bind(self) -> None:
        # HTTPServer asks the name service for this machine's name here, and waits for it without a network.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what went wrong with a request, unless it is only that the other side went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 30

    def handle_one(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LONGEST_BODY:
            self.close_connection = True
            return self._send(problem(413, f"提交的内容超过 {LONGEST_BODY} 字节。"))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, self.rfile.read(length))
        return self._send(self.server.sandbox.answer(request))

    do_GET = do_POST = do_OPTIONS = handle_one  # noqa: N815  names that http.server calls

    def _send(self, answer: Answer) -> None:
        body = answer.body()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        if self.command == "POST":
            super().log_request(code, size)


def serve(topology: Topology, folder: CityFolder) -> None:
    """Serve until SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _Server((ADDRESS, topology.sandbox_port), _Handler) as server:
        server.sandbox = Sandbox(topology, folder)
        server.serve_forever()
