"""Faults of a trading system, each planted on the way between it and the conformance suite."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

Send = Callable[[httpx.Request], httpx.Response]
Change = Callable[[httpx.Request, Send], httpx.Response]
Edit = Callable[[dict[str, Any]], None]

ABOUT = r"/\.well-known/trading-system\.json"
TENDERS, TENDER = r"/api/v1/tenders", r"/api/v1/tenders/E[^/]*"
LOT, RESULTS = r"/api/v1/lots/[^/]*", r"/api/v1/lots/[^/]*/results"
HAND_IN, WITHDRAW = r"/api/v1/lots/[^/]*/bids", r"/api/v1/lots/[^/]*/withdrawals"
DOCUMENT, TENDER_PAGE, MESSAGES = r"/documents/.*", r"/tenders/E[^/]*", r"/exchange/v1/messages"


@dataclass(frozen=True)
class Fault:
    """check: key of the one check that must find it.  plant: makes the change; new for each run."""

    name: str
    check: str
    plant: Callable[[], Change]


class PlantedFault(httpx.BaseTransport):
    """A way to the system on which one fault stands."""

    def __init__(self, way: httpx.BaseTransport, fault: Fault) -> None:
        self._way, self._change = way, fault.plant()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass `request` on, or not, as the fault has it."""
        return self._change(request, self._send)

    def _send(self, request: httpx.Request) -> httpx.Response:
        answer = self._way.handle_request(request)
        answer.read()
        return answer


def is_at(request: httpx.Request, path: str, method: str = "GET") -> bool:
    """Return whether `request` is for an address of that form."""
    return request.method == method and re.fullmatch(path, request.url.path) is not None


def said(status: int, content: object, kind: str = "application/json") -> httpx.Response:
    """Return an answer of our own making."""
    body = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return httpx.Response(status, headers={"Content-Type": kind}, content=body.encode())


def rewritten(answer: httpx.Response, content: bytes) -> httpx.Response:
    """Return `answer` with another content, its headers and cookies kept."""
    kept = [(name, value) for name, value in answer.headers.multi_items() if name != "content-length"]
    return httpx.Response(answer.status_code, headers=kept, content=content)


def edits(path: str, edit: Edit, method: str = "GET") -> Callable[[], Change]:
    """Edit the JSON of good answers at `path`."""

    def change(request: httpx.Request, send: Send) -> httpx.Response:
        answer = send(request)
        if not is_at(request, path, method) or answer.status_code >= 300:
            return answer
        document = answer.json()
        edit(document)
        return rewritten(answer, json.dumps(document, ensure_ascii=False).encode())

    return lambda: change


def answers(
    when: Callable[[httpx.Request], bool], answer: Callable[[], httpx.Response]
) -> Callable[[], Change]:
    """Answer without asking the system."""
    return lambda: lambda request, send: answer() if when(request) else send(request)


def login_demanded(path: str) -> Callable[[], Change]:
    """Lead visitors without a cookie to the login."""
    return answers(
        lambda request: is_at(request, path) and "cookie" not in request.headers,
        lambda: httpx.Response(302, headers={"Location": "/login"}),
    )


def replaces(path: str, old: bytes, new: bytes, method: str = "GET") -> Callable[[], Change]:
    """Replace bytes of what comes back."""

    def change(request: httpx.Request, send: Send) -> httpx.Response:
        answer = send(request)
        return rewritten(answer, answer.content.replace(old, new)) if is_at(request, path, method) else answer

    return lambda: change


def another_receipt_for_a_repetition() -> Change:
    """Take a message that comes again for a new one."""
    seen: set[bytes] = set()

    def change(request: httpx.Request, send: Send) -> httpx.Response:
        answer = send(request)
        if not is_at(request, MESSAGES, "POST"):
            return answer
        again = request.content in seen
        seen.add(request.content)
        later = re.sub(rb'("received_at": ?)"[^"]*"', rb'\1"2099-01-01T00:00:00Z"', answer.content)
        return rewritten(answer, later) if again else answer

    return change


def without_header(path: str, name: str) -> Callable[[], Change]:
    """Leave a header out."""

    def change(request: httpx.Request, send: Send) -> httpx.Response:
        answer = send(request)
        if is_at(request, path):
            answer.headers.pop(name, None)
        return answer

    return lambda: change


def flags_left_out(request: httpx.Request, send: Send) -> httpx.Response:
    """Set cookies that scripts can read."""
    answer = send(request)
    kept = [(name, value.replace("HttpOnly;", "")) for name, value in answer.headers.multi_items()]
    return httpx.Response(answer.status_code, headers=kept, content=answer.content)


def counting(
    path: str, counted: str, method: str, add: Callable[[bytes, int], bytes]
) -> Callable[[], Change]:
    """Tell at `path` how often something was done at `counted`."""

    def plant() -> Change:
        done = 0

        def change(request: httpx.Request, send: Send) -> httpx.Response:
            nonlocal done
            answer = send(request)
            done += is_at(request, counted, method) and answer.status_code < 300
            return rewritten(answer, add(answer.content, done)) if is_at(request, path) else answer

        return change

    return plant


def number_field(content: bytes, number: int) -> bytes:
    """Add a number to a JSON object."""
    return content[:-1] + f',"number": {number}}}'.encode()


def number_on_page(content: bytes, number: int) -> bytes:
    """Add a number to a page."""
    return content.replace(b"</main>", f"<p>{number}</p></main>".encode())


def says_no(path: str) -> Callable[[], Change]:
    """Do what is asked and answer that it was refused."""

    def change(request: httpx.Request, send: Send) -> httpx.Response:
        answer = send(request)
        done = is_at(request, path, "POST") and answer.status_code < 300
        return said(409, {"detail": "不予办理。"}) if done else answer

    return lambda: change


def posts(path: str, part: bytes = b"") -> Callable[[httpx.Request], bool]:
    """Return whether something with `part` in it is posted to `path`."""
    return lambda request: is_at(request, path, "POST") and part in request.read()
