"""Waiting gives the first true answer, or says what it waited for."""

import pytest

from yuntai.city.demo.waiting import Stuck, wait_for


def test_returns_the_first_true_answer() -> None:
    answers = iter((None, "", "found", "later"))

    assert wait_for("结果", lambda: next(answers)) == "found"


def test_says_what_did_not_come() -> None:
    with pytest.raises(Stuck, match="等待开标超过 0 秒"):
        wait_for("开标", lambda: None, seconds=0)
