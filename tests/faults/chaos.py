"""A proxy between two systems that loses, doubles, delays and shuffles batches of messages, by a fixed count.

Of every twenty batches one request and one answer are lost, one is sent twice, and two are torn up and
arrive shuffled; a lost request arrives after all behind a later one.
"""

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

PERIOD = 20
REQUEST_LOST, ANSWER_LOST, DOUBLED, SHUFFLED = 2, 7, 11, (4, 15)
PIECE = 3  # messages
PATIENCE_SECONDS = 20.0


class Lost(Exception):
    """The caller gets no answer."""


class Chaos:
    """What happens on the way to the system at `target`.  seen: how often each fault was played."""

    def __init__(self, target: str) -> None:
        self.seen: Counter[str] = Counter()
        self._http = httpx.Client(base_url=target, timeout=PATIENCE_SECONDS)
        self._chance = random.Random(20)
        self._late: list[bytes] = []
        self._count = 0
        self._lock = threading.Lock()

    def pass_on(self, path: str, body: bytes) -> httpx.Response:
        """Play what the count says and return the answer.

        :raises Lost: there is none.
        """
        if not path.endswith("/messages"):
            return self._post(path, body)
        with self._lock:
            self._count += 1
            turn, late, self._late = self._count % PERIOD, self._late, []
        if turn == REQUEST_LOST:
            self._note("request lost")
            self._late = [*late, body]
            raise Lost
        answer = self._play(turn, path, body)
        for each in late:
            self._note("late")
            self._try(path, each)
        return answer

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def _play(self, turn: int, path: str, body: bytes) -> httpx.Response:
        if turn in SHUFFLED:
            for piece in self._pieces(body):
                self._try(path, piece)
        answer = self._post(path, body)
        if turn == DOUBLED:
            self._note("doubled")
            answer = self._post(path, body)
        if turn == ANSWER_LOST:
            self._note("answer lost")
            raise Lost
        return answer

    def _pieces(self, body: bytes) -> Iterator[bytes]:
        """Return the batch in small pieces, the first of them last, so that all others come behind a hole."""
        messages = json.loads(body)["messages"]
        pieces = [messages[at : at + PIECE] for at in range(0, len(messages), PIECE)]
        rest = pieces[1:]
        self._chance.shuffle(rest)
        for piece in (*rest, pieces[0]):
            self._note("shuffled" if rest else "sent alone")
            yield json.dumps({"messages": piece}).encode()

    def _try(self, path: str, body: bytes) -> None:
        with suppress(Lost):
            self._post(path, body)

    def _post(self, path: str, body: bytes) -> httpx.Response:
        try:
            return self._http.post(path, content=body, headers={"Content-Type": "application/json"})
        except httpx.TransportError as error:
            raise Lost from error

    def _note(self, what: str) -> None:
        with self._lock:
            self.seen[what] += 1


@contextmanager
def chaos_before(target: str) -> Iterator[tuple[str, Chaos]]:
    """Have a proxy before the system at `target`; give its address."""
    chaos = Chaos(target)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                answer = chaos.pass_on(self.path, body)
            except Lost:
                return  # and the connection ends
            self.send_response(answer.status_code)
            for name in ("Content-Type", "Retry-After"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the base class's name
            pass

    with ThreadingHTTPServer(("localhost", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_port}", chaos
        server.shutdown()
        chaos.close()
