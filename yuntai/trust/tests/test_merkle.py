"""Merkle roots, against the recursive definition of RFC 6962 and its known values."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuntai.trust import merkle
from yuntai.trust.tests.sealed_bids import make_sealed


def defined(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + defined(leaves[:k]) + defined(leaves[k:])).digest()


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_follows_the_definition(leaves: list[bytes]) -> None:
    assert merkle.root(leaves) == defined(leaves)


def test_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_knows_the_root_of_one_empty_leaf() -> None:
    assert merkle.root([b""]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=20), st.data())
def test_any_change_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves[:at], leaves[at] + b"!", *leaves[at + 1 :]]

    assert merkle.root(changed) != merkle.root(leaves)
    assert merkle.root([*leaves, leaves[-1]]) != merkle.root(leaves)


def test_leaves_are_sorted_and_name_header_and_body() -> None:
    late, early = make_sealed(envelope_id="ff" * 16)[0], make_sealed(envelope_id="00" * 16)[0]
    technical = make_sealed(envelope_id="00" * 16, part="technical")[0]

    leaves = [json.loads(leaf) for leaf in merkle.bid_set_leaves([technical, late, early])]

    assert [(leaf["envelope_id"][:2], leaf["part"]) for leaf in leaves] == [
        ("00", "price"),
        ("00", "technical"),
        ("ff", "price"),
    ]
    assert leaves[0]["header_sha256"] == early.digest()
    assert leaves[0]["body_sha256"] == early.body_sha256
    assert set(leaves[0]) == {"envelope_id", "part", "header_sha256", "body_sha256"}


def test_refuses_two_headers_for_one_envelope_part() -> None:
    twice = [make_sealed(envelope_id="00" * 16)[0] for _ in range(2)]

    with pytest.raises(ValueError, match="two headers"):
        merkle.bid_set_leaves(twice)
