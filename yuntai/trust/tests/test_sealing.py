"""Sealing and opening by honest bidders and holders."""

import os
import time
from base64 import b64encode
from itertools import combinations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from yuntai.trust.sealing import (
    HOLDERS,
    THRESHOLD,
    MalformedHeader,
    NotEnoughShares,
    ShareUnreadable,
    open_sealed,
    seal,
    share_matches,
    unwrap_share,
)
from yuntai.trust.tests.sealed_bids import (
    OWNER,
    PRICE,
    PRIVATE_KEYS,
    PUBLIC_KEYS,
    make_context,
    make_sealed,
    released,
)

SUBSETS = ["".join(letters) for n in range(5) for letters in combinations(HOLDERS, n)]
# Eight bytes of length stand before the content, so a chunk fills at 16 KiB less eight.
EDGES = [n * 16384 - 8 + d for n in range(1, 17) for d in (-1, 0, 1)]


@settings(deadline=None, max_examples=60)
@given(st.one_of(st.sampled_from(EDGES), st.integers(0, 256 * 1024)))
def test_gives_the_content_back(length: int) -> None:
    content = (bytes(range(251)) * (length // 251 + 1))[:length]
    header, body = make_sealed(content)

    opened = open_sealed(header, body, shares=released(header), holder_keys=PUBLIC_KEYS)

    assert opened.content == content
    assert opened.holder_faults == ()


@pytest.mark.parametrize("letters", SUBSETS)
def test_opens_for_three_holders_and_never_for_two(letters: str) -> None:
    header, body = make_sealed()
    shares = released(header, letters)

    if len(letters) >= THRESHOLD:
        opened = open_sealed(header, body, shares=shares, holder_keys=PUBLIC_KEYS)
        assert opened.content == PRICE
    else:
        with pytest.raises(NotEnoughShares, match=f"现有 {len(letters)} 份"):
            open_sealed(header, body, shares=shares, holder_keys=PUBLIC_KEYS)


def test_hides_content_and_key_from_whoever_has_header_body_and_two_shares() -> None:
    header, body = make_sealed()
    key = open_sealed(header, body, shares=released(header), holder_keys=PUBLIC_KEYS).key
    seen = body + repr(header.to_json()).encode() + b"".join(s for s in released(header, "TP").values() if s)

    for secret in (PRICE, b"12345678.90", key, key.hex().encode(), b64encode(key)):
        assert secret not in seen


def test_same_entropy_gives_the_same_bytes_and_is_drawn_once() -> None:
    drawn: list[int] = []

    def entropy(length: int) -> bytes:
        drawn.append(length)
        return b"\x07" * length

    context = make_context()
    first = seal(context, PRICE, holder_keys=PUBLIC_KEYS, owner_public_key=OWNER, entropy=entropy)
    second = seal(context, PRICE, holder_keys=PUBLIC_KEYS, owner_public_key=OWNER, entropy=entropy)

    assert first == second
    assert drawn == [32, 32]


def test_two_seals_of_one_bid_share_no_secret_value() -> None:
    context = make_context()
    first, second = (
        seal(context, PRICE, holder_keys=PUBLIC_KEYS, owner_public_key=OWNER)[0] for _ in range(2)
    )

    assert first.key_commitment != second.key_commitment
    assert first.body_sha256 != second.body_sha256
    assert all(first.wrapped_shares[h] != second.wrapped_shares[h] for h in HOLDERS)


def test_a_holder_can_check_its_share_before_the_opening() -> None:
    header, _ = make_sealed()
    share = unwrap_share(header, "P", PRIVATE_KEYS["P"])

    assert share_matches(header, "P", share)
    assert not share_matches(header, "C", share)
    assert not share_matches(header, "P", bytes(32))


def test_reads_a_holders_key_from_pem() -> None:
    header, _ = make_sealed()
    key = ec.derive_private_key(int.from_bytes(PRIVATE_KEYS["T"]), ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    assert unwrap_share(header, "T", pem) == unwrap_share(header, "T", PRIVATE_KEYS["T"])


@pytest.mark.parametrize(
    "key", [PRIVATE_KEYS["C"], bytes(32), b"\xff" * 32, b"no key"], ids=["C", "0", "big", "text"]
)
def test_a_share_does_not_unwrap_under_another_key(key: bytes) -> None:
    header, _ = make_sealed()

    with pytest.raises(ShareUnreadable, match="保管方 P"):
        unwrap_share(header, "P", key)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({h: PUBLIC_KEYS[h] for h in "TPC"}, "四个保管方"),
        (PUBLIC_KEYS | {"S": PUBLIC_KEYS["T"]}, "四个保管方"),
        (PUBLIC_KEYS | {"C": PUBLIC_KEYS["C"][1:]}, "65 字节，实际为 64 字节"),
        (PUBLIC_KEYS | {"C": b"\x04" + bytes(64)}, "曲线点"),
    ],
    ids=["three", "five", "short", "no point"],
)
def test_refuses_to_seal_to_wrong_holder_keys(keys: dict[str, bytes], says: str) -> None:
    with pytest.raises(MalformedHeader, match=says):
        seal(make_context(), PRICE, holder_keys=keys, owner_public_key=OWNER)


def test_refuses_to_seal_for_a_malformed_owner() -> None:
    with pytest.raises(MalformedHeader, match="32 字节"):
        seal(make_context(), PRICE, holder_keys=PUBLIC_KEYS, owner_public_key=OWNER[:31])


def test_two_hundred_bids_open_with_every_check_in_two_seconds() -> None:
    bids = [make_sealed(os.urandom(3000)) for _ in range(200)]
    shares = [released(header) for header, _ in bids]

    started = time.process_time()
    for (header, body), given_shares in zip(bids, shares, strict=True):
        open_sealed(header, body, shares=given_shares, holder_keys=PUBLIC_KEYS)

    assert time.process_time() - started < 2.0
