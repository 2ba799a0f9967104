"""The recovery holder stays offline: it makes keys, and releases by hand only."""

from pathlib import Path

import pytest

from yuntai.holder.agent import Agent
from yuntai.holder.home import Home
from yuntai.holder.tests.fake_trading import LOT, FakeTrading, Holding
from yuntai.holder.trading import Trading
from yuntai.trust.tests.instants import SHANGHAI_NINE as NOW
from yuntai.trust.tests.instants import TICK


@pytest.fixture
def recovery(trading: FakeTrading, tmp_path: Path) -> Holding:
    recovery = Holding(trading, tmp_path, letter="R", releases=False)
    trading.want_key(NOW + TICK)
    recovery.agent.round(NOW)
    trading.wanted["keys_wanted"] = []
    trading.want_shares([], closed_at=NOW + TICK)
    return recovery


def test_makes_keys_but_releases_nothing_by_itself(trading: FakeTrading, recovery: Holding) -> None:
    recovery.agent.round(NOW + TICK)

    assert len(trading.keys) == 1
    assert trading.shares == []


def test_releases_a_lot_by_hand(trading: FakeTrading, recovery: Holding) -> None:
    assert recovery.agent.release_lot(LOT, NOW + TICK)

    assert [statement["holder"] for statement in trading.shares] == ["R"]


def test_releases_by_hand_no_earlier_than_others(trading: FakeTrading, recovery: Holding) -> None:
    assert not recovery.agent.release_lot(LOT, NOW)

    assert trading.shares == []
    assert "时间未到" in recovery.lines[-1]


def test_says_when_nobody_wants_the_lot(trading: FakeTrading, recovery: Holding) -> None:
    assert not recovery.agent.release_lot("another", NOW + TICK)

    assert trading.shares == []
    assert "现在不要这个标段的份额" in recovery.lines[-1]


def test_releases_nothing_without_the_trading_systems_key(trading: FakeTrading, tmp_path: Path) -> None:
    home = Home.prepare(tmp_path / "R", letter="R")
    trading.holders["R"] = home.public_key()
    trading.want_shares([], closed_at=NOW)
    lines: list[str] = []
    agent = Agent(home=home, trading=Trading(trading.client(), home), releases=True, log=lines.append)

    assert not agent.release_lot(LOT, NOW)

    assert trading.shares == []
    assert "没有交易系统的公钥" in lines[-1]
