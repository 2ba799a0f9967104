"""A trading system's side of the holders' protocol, in memory: what holders' tests talk to."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import httpx

from yuntai.holder.agent import Agent
from yuntai.holder.home import Home
from yuntai.holder.trading import Trading
from yuntai.holder.wire import instant, is_signed, signed
from yuntai.trust import merkle, signing
from yuntai.trust.base64url import from_base64url
from yuntai.trust.envelopes import Header
from yuntai.trust.suites import INTERNATIONAL

LOT, TENDER, SUITE = "E3207000001000001001001", "E3207000001000001001", INTERNATIONAL.code


class FakeTrading:
    """Refuses statements not signed by the holder they name, as the real one must.

    wanted: what it asks for.  keys, shares: statements it took.  down: answers nothing.  refuses: answers
    409 to these requests.
    """

    def __init__(self) -> None:
        self.private_key = signing.new_private_key()
        self.public_key = signing.public_key(self.private_key)
        self.holders: dict[str, bytes] = {}
        self.wanted: dict[str, list[dict[str, object]]] = {"keys_wanted": [], "shares_wanted": []}
        self.keys: list[dict[str, str]] = []
        self.shares: list[dict[str, object]] = []
        self.nonces: list[str] = []
        self.down = False
        self.refuses: set[str] = set()

    def want_key(
        self, opens_at: datetime, *, lot: str = LOT, tender: str = TENDER, suite: str = SUITE
    ) -> None:
        wanted: dict[str, object] = {
            "lot": lot,
            "tender": tender,
            "suite": suite,
            "opens_at": instant(opens_at),
        }
        self.wanted["keys_wanted"] = [wanted]

    def want_shares(self, headers: Sequence[Header], *, closed_at: datetime, **changes: str | int) -> None:
        """Close the set and ask for its shares.  changes: to the close, before it is signed."""
        close: dict[str, str | int] = {
            "lot": LOT,
            "count": len(headers),
            "root": merkle.root(merkle.bid_set_leaves(headers)).hex(),
            "closed_at": instant(closed_at),
        }
        self.wanted["shares_wanted"] = [
            {
                "lot": LOT,
                "tender": TENDER,
                "close": signed(close | changes, self.private_key),
                "envelopes": [header.to_json() for header in headers],
            }
        ]

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer), base_url="http://trading.example")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("connection refused")
        body = json.loads(request.content)
        statement = body["statement"]
        what = request.url.path.removeprefix("/holders/v1/")
        assert request.method == "POST"
        if not is_signed(statement, body["signature"], self.holders[statement["holder"]]):
            return httpx.Response(403, text="not signed by this holder")
        if what in self.refuses:
            return httpx.Response(
                409, json={"type": "urn:problem:refused", "detail": "现在不收。请稍后再试。"}
            )
        return getattr(self, f"_take_{what}")(statement)  # type: ignore[no-any-return]

    def _take_work(self, statement: dict[str, str]) -> httpx.Response:
        self.nonces.append(statement["nonce"])
        return httpx.Response(200, json=self.wanted)

    def _take_keys(self, statement: dict[str, str]) -> httpx.Response:
        self.keys.append(statement)
        return httpx.Response(201, json={})

    def _take_shares(self, statement: dict[str, object]) -> httpx.Response:
        self.shares.append(statement)
        return httpx.Response(201, json={})


class Holding:
    """One holder at work for a fake trading system.  lines: its log."""

    def __init__(self, trading: FakeTrading, path: Path, *, letter: str = "P", releases: bool = True) -> None:
        self.lines: list[str] = []
        self.home = Home.prepare(path / letter, letter=letter, trading_key=trading.public_key)
        trading.holders[letter] = self.home.public_key()
        self.agent = Agent(
            home=self.home,
            trading=Trading(trading.client(), self.home),
            releases=releases,
            log=self.lines.append,
        )


def given_key(trading: FakeTrading) -> bytes:
    """Return the lot's public key the last holder handed in."""
    return from_base64url(trading.keys[-1]["public_key"])
