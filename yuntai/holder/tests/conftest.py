"""What every test of a holder starts from."""

from pathlib import Path

import pytest

from yuntai.holder.tests.fake_trading import FakeTrading, Holding


@pytest.fixture
def trading() -> FakeTrading:
    return FakeTrading()


@pytest.fixture
def holding(trading: FakeTrading, tmp_path: Path) -> Holding:
    return Holding(trading, tmp_path)
