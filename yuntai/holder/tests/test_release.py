"""A holder releases the shares of the closed set when its own clock says so, and of nothing else."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from yuntai.holder.agent import SAME_AGAIN_AFTER
from yuntai.holder.tests.fake_trading import LOT, TENDER, FakeTrading, Holding
from yuntai.trust import signing
from yuntai.trust.base64url import base64url, from_base64url
from yuntai.trust.envelopes import HOLDERS, Context, Header
from yuntai.trust.sealing import open_sealed, seal, share_matches
from yuntai.trust.suites import INTERNATIONAL
from yuntai.trust.tests.instants import SHANGHAI_NINE as NOW
from yuntai.trust.tests.instants import TICK

OPENS = NOW + timedelta(days=20)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def holdings(trading: FakeTrading, tmp_path: Path) -> dict[str, Holding]:
    """Four holders that made their keys for the lot."""
    holdings = {letter: Holding(trading, tmp_path, letter=letter) for letter in HOLDERS}
    trading.want_key(OPENS)
    for holding in holdings.values():
        holding.agent.round(NOW)
    trading.wanted["keys_wanted"] = []
    return holdings


def holder_keys(trading: FakeTrading) -> dict[str, bytes]:
    return {key["holder"]: from_base64url(key["public_key"]) for key in trading.keys}


def sealed_bids(
    trading: FakeTrading, count: int = 3, *, lot: str = LOT, tender: str = TENDER
) -> list[tuple[Header, bytes]]:
    def one(number: int) -> tuple[Header, bytes]:
        context = Context(tender, lot, "price", documents_sha256="5e" * 32, envelope_id=os.urandom(16).hex())
        content = f"第 {number} 份报价".encode()
        return seal(context, content, holder_keys=holder_keys(trading), owner_public_key=bytes(32))

    return [one(number) for number in range(count)]


def headers(bids: Sequence[tuple[Header, bytes]]) -> list[Header]:
    return [header for header, _ in bids]


def released_shares(trading: FakeTrading, letter: str) -> dict[str, str | None]:
    [statement] = [statement for statement in trading.shares if statement["holder"] == letter]
    shares = statement["shares"]
    assert isinstance(shares, dict)
    return shares


def test_four_holders_open_every_bid(trading: FakeTrading, holdings: dict[str, Holding]) -> None:
    bids = sealed_bids(trading)
    trading.want_shares(headers(bids), closed_at=OPENS)

    for holding in holdings.values():
        holding.agent.round(OPENS)

    for number, (header, body) in enumerate(bids):
        name = f"{header.context.envelope_id}:price"
        shares = {h: from_base64url(released_shares(trading, h)[name] or "") for h in HOLDERS}
        opened = open_sealed(header, body, shares=shares, holder_keys=holder_keys(trading))
        assert opened.content == f"第 {number} 份报价".encode()
        assert opened.holder_faults == ()


def test_releases_from_the_opening_on_by_its_own_record(
    trading: FakeTrading, holdings: dict[str, Holding]
) -> None:
    trading.want_shares(headers(sealed_bids(trading)), closed_at=NOW)
    holding = holdings["P"]

    holding.agent.round(OPENS - MOMENT)
    assert trading.shares == []
    assert "2026-03-22T01:00:00Z, which has not come" in holding.lines[-1]

    holding.agent.round(OPENS)
    assert len(trading.shares) == 1


def test_says_once_that_it_is_too_early(trading: FakeTrading, holdings: dict[str, Holding]) -> None:
    trading.want_shares(headers(sealed_bids(trading)), closed_at=NOW)
    before = len(holdings["P"].lines)

    for seconds in range(5):
        holdings["P"].agent.round(NOW + timedelta(seconds=seconds))

    assert len(holdings["P"].lines) == before + 1


def test_asked_again_it_hands_in_other_shares_but_not_the_same_at_every_round(
    trading: FakeTrading, holdings: dict[str, Holding]
) -> None:
    trading.want_shares(headers(sealed_bids(trading)), closed_at=OPENS)
    holding = holdings["P"]
    true_key = holding.home.lot_key(LOT)
    assert true_key is not None
    holding.home.keep(replace(true_key, private_key=INTERNATIONAL.new_holder_key()[0]))

    for seconds in range(3):
        holding.agent.round(OPENS + timedelta(seconds=seconds))
    assert [set(statement["shares"].values()) for statement in trading.shares] == [{None}]  # type: ignore[attr-defined]
    assert "asked again" in holding.lines[-1]

    root = holding.home.lot_key(LOT)
    assert root is not None
    holding.home.keep(replace(true_key, released_root=root.released_root))
    holding.agent.round(OPENS + timedelta(seconds=4))
    assert len(trading.shares) == 2
    assert None not in trading.shares[-1]["shares"].values()  # type: ignore[attr-defined]


def test_a_later_opening_binds_the_release_too(trading: FakeTrading, holdings: dict[str, Holding]) -> None:
    trading.want_key(OPENS + timedelta(days=1))
    holdings["P"].agent.round(NOW)
    trading.want_shares(headers(sealed_bids(trading)), closed_at=OPENS)

    holdings["P"].agent.round(OPENS)

    assert trading.shares == []


@pytest.mark.parametrize("spoilt", ["root", "count", "lot"])
def test_keeps_its_shares_when_the_set_is_not_the_closed_one(
    trading: FakeTrading, holdings: dict[str, Holding], spoilt: str
) -> None:
    wrong: dict[str, str | int] = {"root": "00" * 32, "count": 4, "lot": "E3207000001000001001002"}
    trading.want_shares(headers(sealed_bids(trading)), closed_at=OPENS, **{spoilt: wrong[spoilt]})

    holdings["P"].agent.round(OPENS)

    assert trading.shares == []
    assert "kept its shares" in holdings["P"].lines[-1]


@pytest.mark.parametrize("change", ["dropped", "added", "swapped"])
def test_keeps_its_shares_when_an_envelope_was_dropped_added_or_swapped(
    trading: FakeTrading, holdings: dict[str, Holding], change: str
) -> None:
    bids = headers(sealed_bids(trading))
    trading.want_shares(bids, closed_at=OPENS)
    [another] = headers(sealed_bids(trading, 1))
    changed = {"dropped": bids[1:], "added": [*bids, another], "swapped": [*bids[1:], another]}[change]
    trading.wanted["shares_wanted"][0]["envelopes"] = [header.to_json() for header in changed]

    holdings["P"].agent.round(OPENS)

    assert trading.shares == []
    assert "were closed" in holdings["P"].lines[-1]


def test_keeps_its_shares_when_another_body_was_put_in(
    trading: FakeTrading, holdings: dict[str, Holding]
) -> None:
    bids = headers(sealed_bids(trading))
    trading.want_shares(bids, closed_at=OPENS)
    altered = [replace(bids[0], body_sha256="ab" * 32), *bids[1:]]
    trading.wanted["shares_wanted"][0]["envelopes"] = [header.to_json() for header in altered]

    holdings["P"].agent.round(OPENS)

    assert trading.shares == []


@pytest.mark.parametrize("how", ["other key", "altered", "no base64", "malformed"])
def test_keeps_its_shares_when_the_close_is_not_signed(
    trading: FakeTrading, holdings: dict[str, Holding], how: str
) -> None:
    if how == "other key":
        trading.private_key = signing.new_private_key()
    trading.want_shares(headers(sealed_bids(trading)), closed_at=OPENS)
    close = trading.wanted["shares_wanted"][0]["close"]
    assert isinstance(close, dict)
    if how == "altered":
        close["statement"]["closed_at"] = "2026-03-01T00:00:00Z"
    elif how == "no base64":
        close["signature"] = "!"
    elif how == "malformed":
        close["statement"] = {}
        close["signature"] = base64url(signing.sign(trading.private_key, b"{}"))

    holdings["P"].agent.round(OPENS)

    assert trading.shares == []
    assert "the close of its bid set is" in holdings["P"].lines[-1]


@pytest.mark.parametrize(
    ("lot", "tender"), [("E3207000001000001001002", TENDER), (LOT, "E3207000001000001002")]
)
def test_keeps_its_shares_when_an_envelope_is_of_another_lot(
    trading: FakeTrading, holdings: dict[str, Holding], lot: str, tender: str
) -> None:
    trading.want_shares(headers(sealed_bids(trading, lot=lot, tender=tender)), closed_at=OPENS)

    holdings["P"].agent.round(OPENS)

    assert trading.shares == []
    assert "is of another lot" in holdings["P"].lines[-1]


def test_keeps_its_shares_when_an_envelope_comes_twice(
    trading: FakeTrading, holdings: dict[str, Holding]
) -> None:
    bids = headers(sealed_bids(trading))
    trading.want_shares(bids, closed_at=OPENS, count=4)
    trading.wanted["shares_wanted"][0]["envelopes"] = [h.to_json() for h in [*bids, bids[0]]]

    holdings["P"].agent.round(OPENS)

    assert trading.shares == []


def test_keeps_its_shares_when_a_header_is_malformed(
    trading: FakeTrading, holdings: dict[str, Holding]
) -> None:
    trading.want_shares(headers(sealed_bids(trading)), closed_at=OPENS)
    trading.wanted["shares_wanted"][0]["envelopes"] = [{"version": 1}]

    holdings["P"].agent.round(OPENS)

    assert trading.shares == []
    assert "malformed" in holdings["P"].lines[-1]


def test_knows_no_lot_it_made_no_key_for(
    trading: FakeTrading, holdings: dict[str, Holding], tmp_path: Path
) -> None:
    trading.want_shares(headers(sealed_bids(trading)), closed_at=OPENS)
    stranger = Holding(trading, tmp_path / "elsewhere")

    stranger.agent.round(OPENS)

    assert trading.shares == []
    assert "no key was made" in stranger.lines[-1]
    assert holdings["P"].home.lot_key(LOT) is not None


def test_releases_one_set_of_a_lot_only(
    trading: FakeTrading, holdings: dict[str, Holding], tmp_path: Path
) -> None:
    """A bid slipped in after the opening would need a second closed set."""
    bids = headers(sealed_bids(trading))
    trading.want_shares(bids, closed_at=OPENS)
    holdings["P"].agent.round(OPENS)
    trading.want_shares([*bids, *headers(sealed_bids(trading, 1))], closed_at=OPENS)

    holdings["P"].agent.round(OPENS + TICK)
    Holding(trading, tmp_path).agent.round(OPENS + TICK)  # nor after a restart

    assert len(trading.shares) == 1
    assert "another set was released before" in holdings["P"].lines[-1]


def test_releases_the_same_set_again_when_asked_again_later(
    trading: FakeTrading, holdings: dict[str, Holding]
) -> None:
    trading.want_shares(headers(sealed_bids(trading)), closed_at=OPENS)

    holdings["P"].agent.round(OPENS)
    holdings["P"].agent.round(OPENS + SAME_AGAIN_AFTER)

    assert trading.shares[0] == trading.shares[1]


def test_remembers_the_set_even_when_handing_in_failed(
    trading: FakeTrading, holdings: dict[str, Holding]
) -> None:
    bids = headers(sealed_bids(trading))
    trading.want_shares(bids, closed_at=OPENS)
    trading.refuses = {"shares"}
    holdings["P"].agent.round(OPENS)
    trading.refuses = set()
    trading.want_shares(bids[1:], closed_at=OPENS)

    holdings["P"].agent.round(OPENS)

    assert trading.shares == []


def test_moves_no_opening_after_the_release(trading: FakeTrading, holdings: dict[str, Holding]) -> None:
    trading.want_shares(headers(sealed_bids(trading)), closed_at=OPENS)
    holdings["P"].agent.round(OPENS)
    given = len(trading.keys)
    trading.want_key(OPENS + timedelta(days=9))

    holdings["P"].agent.round(OPENS)

    assert len(trading.keys) == given
    assert "already released" in "".join(holdings["P"].lines)


def test_says_null_for_a_share_it_cannot_unwrap(trading: FakeTrading, holdings: dict[str, Holding]) -> None:
    [good, spoilt] = headers(sealed_bids(trading, 2))
    crooked = replace(spoilt, wrapped_shares={**spoilt.wrapped_shares, "P": b"\x04" + bytes(112)})
    trading.want_shares([good, crooked], closed_at=OPENS)

    holdings["P"].agent.round(OPENS)

    shares = released_shares(trading, "P")
    assert shares[f"{crooked.context.envelope_id}:price"] is None
    share = from_base64url(shares[f"{good.context.envelope_id}:price"] or "")
    assert share_matches(good, "P", share)
    assert "released 2 shares, 1 of them unreadable" in holdings["P"].lines[-1]


def test_releases_a_share_that_does_not_fit_its_commitment(
    trading: FakeTrading, holdings: dict[str, Holding]
) -> None:
    """Withheld, it would look like the holder's fault; the opening needs it to blame the bidder."""
    [bid] = headers(sealed_bids(trading, 1))
    crooked = replace(bid, share_commitments={**bid.share_commitments, "P": bytes(32)})
    trading.want_shares([crooked], closed_at=OPENS)

    holdings["P"].agent.round(OPENS)

    assert list(released_shares(trading, "P").values()) != [None]


def test_releases_an_empty_set(trading: FakeTrading, holdings: dict[str, Holding]) -> None:
    trading.want_shares([], closed_at=OPENS)

    holdings["P"].agent.round(OPENS)

    assert released_shares(trading, "P") == {}


def test_the_statement_names_holder_lot_and_root(trading: FakeTrading, holdings: dict[str, Holding]) -> None:
    trading.want_shares(headers(sealed_bids(trading)), closed_at=OPENS)

    holdings["R"].agent.round(OPENS)

    [statement] = trading.shares
    close = trading.wanted["shares_wanted"][0]["close"]
    assert isinstance(close, dict)
    assert set(statement) == {"holder", "lot", "root", "shares"}
    assert (statement["holder"], statement["lot"]) == ("R", LOT)
    assert statement["root"] == close["statement"]["root"]
    assert json.dumps(statement["shares"]).count(":price") == 3
