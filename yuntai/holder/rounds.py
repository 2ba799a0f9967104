"""Keeps an agent at work until it is told to stop; waits longer while the trading system is silent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from yuntai.holder.agent import Agent, Log
from yuntai.holder.trading import TradingUnreachable

LONGEST_WAIT_SECONDS = 10.0


@dataclass
class Patience:
    """How long to wait before the next round.

    Doubles at each failure up to the longest wait, so that a trading system coming up is not stormed.
    """

    interval: float
    wait: float

    def after_success(self) -> float:
        self.wait = self.interval
        return self.interval

    def after_failure(self) -> float:
        self.wait = min(max(self.wait, 0.1) * 2, LONGEST_WAIT_SECONDS)
        return self.wait


def keep_working(
    agent: Agent, *, interval: float, stop: Event, log: Log, now: Callable[[], datetime]
) -> None:
    """Do rounds until `stop` is set."""
    patience = Patience(interval, interval)
    reachable = True
    while not stop.is_set():
        try:
            agent.round(now())
        except TradingUnreachable as error:
            wait = patience.after_failure()
            if reachable:
                log(f"交易系统：{error} 将继续尝试，间隔最长 {LONGEST_WAIT_SECONDS:.0f} 秒。")
            reachable = False
        else:
            wait = patience.after_success()
            if not reachable:
                log("交易系统：恢复应答。")
            reachable = True
        stop.wait(wait)
