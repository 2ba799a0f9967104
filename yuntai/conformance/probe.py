"""What a check works with: the system's description, clients, the tester's bidder and lots."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import httpx

from yuntai.conformance import bidder as bidders
from yuntai.conformance.bidder import TestBidder
from yuntai.conformance.check import BadAnswer, Need, NotTestable
from yuntai.conformance.description import Description, read_description
from yuntai.conformance.platform import TestPlatform
from yuntai.conformance.wire import Answer, Wire
from yuntai.trust import clock

MOST_TENDERS = 20
OTHER_AGENT = "Mozilla/5.0 (another-client)"


@dataclass(frozen=True)
class Given:
    """What the tester brings.  lots: codes it may hand in to.  receipts: of its earlier bids."""

    bidder: TestBidder | None = None
    platform: TestPlatform | None = None
    lots: tuple[str, ...] = ()
    receipts: tuple[dict[str, Any], ...] = ()


class Probe:
    """One system under test.  url: scheme, host and port.  visitor: a client without cookies.

    :raises NoTradingSystem: nothing testable is at `url`.
    """

    def __init__(self, url: str, *, transport: httpx.BaseTransport, given: Given) -> None:
        self.url, self.given, self._transport = url.rstrip("/"), given, transport
        self.visitor = Wire(transport)
        self.system: Description = read_description(self.visitor, self.url)

    def returning_visitor(self) -> Wire:
        """Return another client, which was here before and kept its cookies."""
        wire = Wire(self._transport, cookies=True, agent=OTHER_AGENT)
        wire.get(self.system.address("list_page"))
        wire.get(self.system.address("login_challenge"))
        return wire

    def read(self, name: str, **parts: str) -> Answer:
        """Return what a visitor gets at the address `name`."""
        return self.visitor.get(self.system.address(name, **parts))

    @cached_property
    def session(self) -> Wire:
        """The client in which the tester's bidder is logged in.

        :raises NotTestable: no bidder was given.
        """
        if self.given.bidder is None:
            raise NotTestable(Need.BIDDER)
        wire = Wire(self._transport, cookies=True)
        answer = bidders.log_in(wire, self.system, self.given.bidder)
        if answer.status >= 300:
            raise BadAnswer(answer, "检测用投标人用证书登录成功")
        return wire

    @cached_property
    def bidder(self) -> TestBidder:
        """The tester's bidder."""
        if self.given.bidder is None:
            raise NotTestable(Need.BIDDER)
        return self.given.bidder

    @cached_property
    def platform(self) -> TestPlatform:
        """The tester's platform."""
        if self.given.platform is None:
            raise NotTestable(Need.PLATFORM)
        return self.given.platform

    @cached_property
    def tenders(self) -> list[tuple[dict[str, Any], Answer]]:
        """The newest published tenders, each with the answer it stood in.

        :raises NotTestable: nothing is published.
        """
        answer = self.read("tenders")
        listed = answer.document().get("tenders")
        if not isinstance(listed, list):
            raise BadAnswer(answer, "列表中有 tenders")
        if not listed:
            raise NotTestable(Need.TENDER)
        codes = [str(each.get("code")) for each in listed[:MOST_TENDERS] if isinstance(each, dict)]
        answers = [self.read("tender", code=code) for code in codes]
        return [(each.document(), each) for each in answers]

    @cached_property
    def results(self) -> list[tuple[dict[str, Any], Answer]]:
        """What became of the lots of the newest tenders, and of the given ones."""
        codes = [lot["code"] for tender, _ in self.tenders for lot in tender.get("lots", ())]
        answers = [self.read("results", code=code) for code in dict.fromkeys([*codes, *self.given.lots])]
        return [(each.document(), each) for each in answers]

    def out(self, part: str, need: Need) -> list[tuple[dict[str, Any], Answer]]:
        """Return the results in which `part` is out.

        :raises NotTestable: there are none.
        """
        found = [(results, answer) for results, answer in self.results if results.get(part)]
        if not found:
            raise NotTestable(need)
        return found

    def open_lot(self) -> dict[str, Any]:
        """Return the first given lot that takes bids now."""
        return self._given_lot(Need.OPEN_LOT, late=False)

    def late_lot(self) -> dict[str, Any]:
        """Return the first given lot whose deadline has passed."""
        return self._given_lot(Need.LATE_LOT, late=True)

    def _given_lot(self, need: Need, *, late: bool) -> dict[str, Any]:
        for lot in self._given_lots():
            if (datetime.fromisoformat(lot["bids_due_at"]) <= clock.now()) == late:
                return lot
        raise NotTestable(need)

    def _given_lots(self) -> Iterator[dict[str, Any]]:
        for code in self.given.lots:
            answer = self.read("lot", code=code)
            lot = answer.document()
            try:
                datetime.fromisoformat(lot["bids_due_at"])
            except (KeyError, TypeError, ValueError) as error:
                raise BadAnswer(answer, "标段有 bids_due_at") from error
            if not lot.get("final_status"):
                yield lot
