"""A holder makes keys, keeps them, and lets an opening move later only."""

from datetime import timedelta
from pathlib import Path

import pytest

from yuntai.holder.tests.fake_trading import LOT, TENDER, FakeTrading, Holding, given_key
from yuntai.holder.trading import TradingUnreachable
from yuntai.trust.suites import SUITES, Suite
from yuntai.trust.tests.instants import SHANGHAI_NINE as NOW
from yuntai.trust.tests.instants import TICK

OPENS = NOW + timedelta(days=20)


def test_hands_in_a_key_with_the_opening(trading: FakeTrading, holding: Holding) -> None:
    trading.want_key(OPENS)

    holding.agent.round(NOW)

    [statement] = trading.keys
    assert statement["holder"] == "P"
    assert statement["lot"] == LOT
    assert statement["opens_at"] == "2026-03-22T01:00:00Z"
    assert set(statement) == {"holder", "lot", "opens_at", "public_key"}
    kept = holding.home.lot_key(LOT)
    assert kept is not None
    assert kept.public_key == given_key(trading)
    assert (kept.tender, kept.opens_at, kept.released_root) == (TENDER, OPENS, "")


def test_hands_in_the_same_key_again_after_a_restart(trading: FakeTrading, tmp_path: Path) -> None:
    trading.want_key(OPENS)
    Holding(trading, tmp_path).agent.round(NOW)
    first = given_key(trading)

    Holding(trading, tmp_path).agent.round(NOW)

    assert given_key(trading) == first


@pytest.mark.parametrize("suite", SUITES.values(), ids=lambda suite: str(suite.code))
def test_makes_a_key_of_the_suite_that_is_wanted(
    trading: FakeTrading, holding: Holding, suite: Suite
) -> None:
    trading.want_key(OPENS, suite=suite.code)

    holding.agent.round(NOW)

    assert [each.code for each in SUITES.values() if each.takes(given_key(trading))] == [suite.code]


def test_makes_no_key_for_a_suite_it_does_not_know(trading: FakeTrading, holding: Holding) -> None:
    trading.want_key(OPENS, suite="national-2")

    holding.agent.round(NOW)

    assert trading.keys == []
    (line,) = holding.lines
    assert line == f"标段 {LOT}：没有提供公钥：本程序不认识密封算法 national-2。请升级保管方程序后重试。"


def test_makes_another_key_for_another_lot(trading: FakeTrading, holding: Holding) -> None:
    trading.want_key(OPENS)
    holding.agent.round(NOW)
    first = given_key(trading)
    trading.want_key(OPENS, lot="E3207000001000001001002")

    holding.agent.round(NOW)

    assert given_key(trading) != first


def test_keeps_the_key_even_when_handing_it_in_fails(trading: FakeTrading, holding: Holding) -> None:
    trading.want_key(OPENS)
    trading.refuses = {"keys"}

    holding.agent.round(NOW)

    assert holding.home.lot_key(LOT) is not None
    assert holding.lines == [f"标段 {LOT}：没有提供公钥：提交公钥没有成功（409）：现在不收。请稍后再试。"]


def test_takes_over_an_opening_that_moves_later(trading: FakeTrading, holding: Holding) -> None:
    trading.want_key(OPENS)
    holding.agent.round(NOW)
    first = given_key(trading)
    trading.want_key(OPENS + TICK)

    holding.agent.round(NOW)

    kept = holding.home.lot_key(LOT)
    assert kept is not None
    assert kept.opens_at == OPENS + TICK
    assert trading.keys[-1]["opens_at"] == "2026-03-22T01:00:01Z"
    assert given_key(trading) == first


def test_refuses_an_opening_that_moves_earlier_and_says_so_once(
    trading: FakeTrading, holding: Holding
) -> None:
    trading.want_key(OPENS)
    holding.agent.round(NOW)
    trading.want_key(OPENS - TICK)

    holding.agent.round(NOW)
    holding.agent.round(NOW + TICK)

    kept = holding.home.lot_key(LOT)
    assert kept is not None
    assert kept.opens_at == OPENS
    assert len(trading.keys) == 1
    refusals = [line for line in holding.lines if "只能推迟，不能提前" in line]
    assert len(refusals) == 1


@pytest.mark.parametrize("before", [timedelta(0), TICK], ids=["now", "past"])
def test_refuses_a_first_opening_that_is_not_in_the_future(
    trading: FakeTrading, holding: Holding, before: timedelta
) -> None:
    trading.want_key(NOW - before)

    holding.agent.round(NOW)

    assert trading.keys == []
    assert holding.home.lot_key(LOT) is None
    assert "已过" in holding.lines[0]


def test_gives_a_key_for_an_opening_a_moment_away(trading: FakeTrading, holding: Holding) -> None:
    trading.want_key(NOW + TICK)

    holding.agent.round(NOW)

    assert len(trading.keys) == 1


def test_refuses_to_move_a_lot_to_another_tender(trading: FakeTrading, holding: Holding) -> None:
    trading.want_key(OPENS)
    holding.agent.round(NOW)
    trading.want_key(OPENS, tender="E3207000001000001002")

    holding.agent.round(NOW)

    assert len(trading.keys) == 1
    assert "该标段属于招标项目" in holding.lines[-1]


@pytest.mark.parametrize("lot", ["../../signing", "a/b", "", ".hidden", "x" * 65])
def test_takes_no_lot_that_is_no_code(trading: FakeTrading, holding: Holding, lot: str) -> None:
    trading.want_key(OPENS, lot=lot)

    with pytest.raises(TradingUnreachable, match="待办清单的格式不对"):
        holding.agent.round(NOW)

    assert trading.keys == []


def test_one_refused_lot_does_not_stop_the_next(trading: FakeTrading, holding: Holding) -> None:
    trading.want_key(NOW - TICK, lot="late")
    late = trading.wanted["keys_wanted"]
    trading.want_key(OPENS)
    trading.wanted["keys_wanted"] = late + trading.wanted["keys_wanted"]

    holding.agent.round(NOW)

    assert [statement["lot"] for statement in trading.keys] == [LOT]


def test_one_broken_lot_file_does_not_stop_the_next(trading: FakeTrading, holding: Holding) -> None:
    trading.want_key(OPENS)
    holding.agent.round(NOW)
    (holding.home.path / "lots" / f"{LOT}.json").write_text("{", encoding="utf-8")
    broken = trading.wanted["keys_wanted"]
    trading.want_key(OPENS, lot="other")
    trading.wanted["keys_wanted"] = broken + trading.wanted["keys_wanted"]

    holding.agent.round(NOW)

    assert trading.keys[-1]["lot"] == "other"
    assert "读不出来" in holding.lines[-2]


def test_keeps_its_files_to_itself(trading: FakeTrading, holding: Holding) -> None:
    trading.want_key(OPENS)
    holding.agent.round(NOW)

    files = [path for path in holding.home.path.rglob("*") if path.is_file()]
    assert len(files) == 3
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_never_logs_a_key(trading: FakeTrading, holding: Holding) -> None:
    trading.want_key(OPENS)
    holding.agent.round(NOW)

    kept = holding.home.lot_key(LOT)
    assert kept is not None
    log = "\n".join(holding.lines)
    assert kept.private_key.hex() not in log
    assert (holding.home.path / "signing.key").read_text(encoding="ascii").strip() not in log


def test_signs_each_request_for_work_with_a_new_nonce(trading: FakeTrading, holding: Holding) -> None:
    holding.agent.round(NOW)
    holding.agent.round(NOW)

    assert len(set(trading.nonces)) == 2
    assert {len(nonce) for nonce in trading.nonces} == {32}
