"""Pseudonyms of bidders."""

import pytest

from yuntai.trust.pseudonyms import pseudonym

KEY = bytes(range(32))
BIDDER = "91320700MA1ABCDE0A"


def test_is_stable_within_a_tender() -> None:
    # Computed once with openssl: HKDF-SHA256 without salt, then HMAC-SHA256, first 16 bytes.
    assert pseudonym(KEY, "E32", BIDDER) == "b9b5a9df472b2b67bc1179cca45d542b"


def test_cannot_be_followed_from_tender_to_tender() -> None:
    assert pseudonym(KEY, "E32", BIDDER) != pseudonym(KEY, "E33", BIDDER)


def test_differs_by_bidder_and_by_key() -> None:
    names = {
        pseudonym(KEY, "E32", BIDDER),
        pseudonym(KEY, "E32", BIDDER[:-1] + "B"),
        pseudonym(bytes(32), "E32", BIDDER),
    }
    assert len(names) == 3


@pytest.mark.parametrize("length", [0, 31])
def test_refuses_a_short_key(length: int) -> None:
    with pytest.raises(ValueError, match="at least 32 bytes"):
        pseudonym(bytes(length), "E32", BIDDER)
