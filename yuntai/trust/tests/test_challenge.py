"""Login challenges."""

from datetime import datetime, timedelta, timezone

import pytest

from yuntai.trust.challenge import challenge_bytes
from yuntai.trust.tests.instants import SHANGHAI_NINE


def test_is_five_lines_with_the_instant_in_utc() -> None:
    in_china = SHANGHAI_NINE.astimezone(timezone(timedelta(hours=8))).replace(microsecond=999_999)

    text = challenge_bytes("http://localhost:8010", b"\x01\xab", in_china, "login")

    assert text == b"yuntai-login-v1\nhttp://localhost:8010\n01ab\n2026-03-02T01:00:00Z\nlogin"


@pytest.mark.parametrize(("origin", "purpose"), [("http://a\nb", "login"), ("http://a", "login\r\nadmin")])
def test_refuses_line_breaks(origin: str, purpose: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        challenge_bytes(origin, b"\x01", SHANGHAI_NINE, purpose)


def test_every_part_counts() -> None:
    def challenge(
        origin: str = "http://a", nonce: bytes = b"1", at: datetime = SHANGHAI_NINE, purpose: str = "x"
    ) -> bytes:
        return challenge_bytes(origin, nonce, at, purpose)

    others = {
        challenge(origin="http://b"),
        challenge(nonce=b"2"),
        challenge(at=SHANGHAI_NINE + timedelta(seconds=1)),
        challenge(purpose="y"),
    }
    assert len(others | {challenge()}) == 5
