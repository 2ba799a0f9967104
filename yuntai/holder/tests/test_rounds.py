"""A holder keeps going while the trading system does not."""

from datetime import timedelta
from threading import Event

import pytest

from yuntai.holder.rounds import LONGEST_WAIT_SECONDS, keep_working
from yuntai.holder.tests.fake_trading import FakeTrading, Holding
from yuntai.holder.trading import TradingRefused, TradingUnreachable
from yuntai.trust.tests.instants import SHANGHAI_NINE as NOW


class Script(Event):
    """A stop signal that notes each wait instead of waiting, does what is due then, and sets itself."""

    def __init__(self, rounds: int, *, trading: FakeTrading, up_after: int) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._rounds, self._trading, self._up_after = rounds, trading, up_after

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        self._trading.down = len(self.waits) < self._up_after
        if len(self.waits) == self._rounds:
            self.set()
        return self.is_set()


def worked(trading: FakeTrading, holding: Holding, *, rounds: int, up_after: int = 0) -> list[float]:
    trading.down = up_after > 0
    stop = Script(rounds, trading=trading, up_after=up_after)
    keep_working(holding.agent, interval=0.5, stop=stop, log=holding.lines.append, now=lambda: NOW)
    return stop.waits


def test_asks_at_its_interval(trading: FakeTrading, holding: Holding) -> None:
    assert worked(trading, holding, rounds=3) == [0.5, 0.5, 0.5]

    assert len(trading.nonces) == 3
    assert holding.lines == []


def test_waits_longer_while_nobody_answers_and_recovers(trading: FakeTrading, holding: Holding) -> None:
    waits = worked(trading, holding, rounds=9, up_after=7)

    assert waits == [1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0, 0.5, 0.5]
    assert max(waits) == LONGEST_WAIT_SECONDS
    assert [line.split("：")[0] for line in holding.lines] == ["交易系统"] * 2
    assert "connection refused" in holding.lines[0]
    assert holding.lines[1] == "交易系统：恢复应答。"


def test_does_its_work_after_an_outage(trading: FakeTrading, holding: Holding) -> None:
    trading.want_key(NOW + timedelta(days=1))

    worked(trading, holding, rounds=2, up_after=1)

    assert len(trading.keys) == 1


@pytest.mark.parametrize("wanted", [{}, {"keys_wanted": 1, "shares_wanted": []}], ids=["missing", "number"])
def test_takes_a_malformed_list_of_work_for_no_answer(
    trading: FakeTrading, holding: Holding, wanted: dict[str, list[dict[str, object]]]
) -> None:
    trading.wanted = wanted

    with pytest.raises(TradingUnreachable, match="待办清单的格式不对"):
        holding.agent.round(NOW)


def test_ignores_fields_a_newer_trading_system_adds(trading: FakeTrading, holding: Holding) -> None:
    trading.want_key(NOW + timedelta(days=1))
    trading.wanted["keys_wanted"][0]["industry"] = "construction"

    holding.agent.round(NOW)

    assert len(trading.keys) == 1


def test_says_when_the_trading_system_does_not_know_it(trading: FakeTrading, holding: Holding) -> None:
    trading.holders["P"] = bytes(32)

    with pytest.raises(TradingRefused, match="（403）：not signed by this holder"):
        holding.agent.round(NOW)
