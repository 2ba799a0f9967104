"""The national suite seals and opens like the international one, and names whoever cheated."""

import os
from dataclasses import replace
from itertools import combinations
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuntai.trust import chunked, der, sm2
from yuntai.trust.chunked import CHUNK_BYTES, CannotDecrypt
from yuntai.trust.padding import pad
from yuntai.trust.sealing import (
    HOLDERS,
    INTERNATIONAL,
    NATIONAL,
    BidderFault,
    Header,
    MalformedHeader,
    NotEnoughShares,
    PlatformFault,
    ShareUnreadable,
    open_sealed,
    seal,
    unwrap_share,
)
from yuntai.trust.tests.sealed_bids import (
    OWNER,
    PRICE,
    make_context,
    make_derivation,
    make_sealed,
    private_keys,
    public_keys,
    released,
    with_body,
    with_shares,
)

KEYS = public_keys(NATIONAL)
SM4_KEY, SALT, CONTEXT = bytes(range(16)), bytes(range(24)), b"a lot"
HEAD_BYTES, SEALED_CHUNK = 24 + 32, CHUNK_BYTES + 16


def sealed(content: bytes = PRICE) -> tuple[Header, bytes]:
    return make_sealed(content, suite=NATIONAL)


def opened_key(header: Header, body: bytes) -> bytes:
    return open_sealed(header, body, shares=released(header), holder_keys=KEYS).key


@pytest.mark.parametrize("number", range(5))
def test_opens_with_three_holders_and_never_with_fewer(number: int) -> None:
    header, body = sealed()

    for letters in combinations(HOLDERS, number):
        shares = released(header, "".join(letters))
        if number >= 3:
            opened = open_sealed(header, body, shares=shares, holder_keys=KEYS)
            assert (opened.content, opened.holder_faults) == (PRICE, ())
        else:
            with pytest.raises(NotEnoughShares, match=f"现有 {number} 份"):
                open_sealed(header, body, shares=shares, holder_keys=KEYS)


def test_its_header_reads_back_and_names_the_suite() -> None:
    header, _ = sealed()

    assert header.suite == "national-1"
    assert len(header.wrapped_shares["T"]) == 161
    assert Header.from_json(header.to_json()) == header


def test_a_header_cannot_be_relabelled_to_the_other_suite() -> None:
    national, _ = sealed()
    international, _ = make_sealed()

    for header, other in ((national, "international-1"), (international, "national-1")):
        with pytest.raises(MalformedHeader, match="wrapped_shares"):
            Header.from_json(header.to_json() | {"suite": other})


def test_the_same_key_gives_the_same_bytes() -> None:
    context = make_context()

    def again() -> tuple[Header, bytes]:
        return seal(context, PRICE, holder_keys=KEYS, owner_public_key=OWNER, entropy=bytes)

    assert again() == again()


# --- Whose fault it is --------------------------------------------------------------------------------------


@pytest.mark.parametrize("liar", HOLDERS)
@pytest.mark.parametrize("lie", [bytes(32), b"", None], ids=["garbage", "empty", "unreadable"])
def test_a_share_that_does_not_match_names_its_holder(liar: str, lie: bytes | None) -> None:
    header, body = sealed()

    opened = open_sealed(header, body, shares=released(header) | {liar: lie}, holder_keys=KEYS)

    assert (opened.content, opened.holder_faults) == (PRICE, (liar,))


def test_a_wrapped_share_that_encrypts_differently_is_the_bidders_fault() -> None:
    """The share inside is right, but the one-time scalar is not the derived one."""
    header, body = sealed()
    share = released(header)["R"]
    assert share is not None
    info = b"\0\x05share" + header.binding() + b"\0\x01R"
    own = sm2.encrypt(KEYS["R"], share + sm2.sm3(info), sm2.random_ephemerals())
    crooked = replace(header, wrapped_shares=dict(header.wrapped_shares) | {"R": own})
    assert unwrap_share(crooked, "R", private_keys(NATIONAL)["R"]) == share

    with pytest.raises(BidderFault, match="R（恢复保管方）"):
        open_sealed(crooked, body, shares=released(crooked), holder_keys=KEYS)


def test_a_share_of_another_polynomial_is_the_bidders_fault() -> None:
    header, body = sealed()
    coins = make_derivation(header, opened_key(header, body))
    crooked = with_shares(header, coins, coins.shares() | {"R": bytes(32)})

    with pytest.raises(BidderFault, match="R（恢复保管方）"):
        open_sealed(crooked, body, shares=released(crooked), holder_keys=KEYS)


def test_another_key_than_the_committed_one_is_the_bidders_fault() -> None:
    header, body = sealed()
    crooked = replace(header, key_commitment=bytes(32))

    with pytest.raises(BidderFault, match="承诺的密钥"):
        open_sealed(crooked, body, shares=released(crooked), holder_keys=KEYS)


def test_a_body_under_another_key_is_the_bidders_fault() -> None:
    header, body = sealed()
    coins = make_derivation(header, opened_key(header, body))
    foreign = chunked.encrypt(
        bytes(16), salt=coins.body_salt(), context=coins.bound_to, plaintext=pad(PRICE), instance=chunked.SM
    )

    with pytest.raises(BidderFault, match="正文"):
        opened_key(with_body(header, foreign), foreign)


def test_an_altered_body_is_the_platforms_fault() -> None:
    header, body = sealed()

    with pytest.raises(PlatformFault):
        opened_key(header, body[:-1] + bytes([body[-1] ^ 1]))


@pytest.mark.parametrize("field", ["tender", "lot", "part"])
def test_an_envelope_moved_elsewhere_does_not_unwrap(field: str) -> None:
    header, _ = sealed()
    moved = replace(header, context=replace(header.context, **{field: "elsewhere"}))

    with pytest.raises(ShareUnreadable, match="保管方 P"):
        unwrap_share(moved, "P", private_keys(NATIONAL)["P"])


def test_one_holders_share_does_not_unwrap_as_anothers() -> None:
    header, _ = sealed()

    with pytest.raises(ShareUnreadable, match="保管方 P"):
        unwrap_share(header, "P", private_keys(NATIONAL)["C"])


def test_reads_a_holders_key_from_pem() -> None:
    header, _ = sealed()
    key = private_keys(NATIONAL)["T"]
    pem = der.to_pem(sm2.private_key_der(key), "PRIVATE KEY")

    assert unwrap_share(header, "T", pem) == unwrap_share(header, "T", key)


@pytest.mark.parametrize(
    "odd", [b"\x04" + bytes(64), public_keys(INTERNATIONAL)["C"]], ids=["no point", "P-256"]
)
def test_refuses_to_seal_to_a_point_of_another_curve(odd: bytes) -> None:
    with pytest.raises(MalformedHeader, match="曲线点"):
        seal(
            make_context(),
            PRICE,
            holder_keys=KEYS | {"C": odd},
            owner_public_key=OWNER,
        )


# --- The body -----------------------------------------------------------------------------------------------


def encrypted(plaintext: bytes, key: bytes = SM4_KEY) -> bytes:
    return chunked.encrypt(key, salt=SALT, context=CONTEXT, plaintext=plaintext, instance=chunked.SM)


def decrypted(body: bytes, key: bytes = SM4_KEY, context: bytes = CONTEXT) -> bytes:
    return chunked.decrypt(key, context=context, ciphertext=body, instance=chunked.SM)


EDGES = [n * CHUNK_BYTES + d for n in range(4) for d in (-1, 0, 1) if n * CHUNK_BYTES + d >= 0]


@settings(deadline=None, max_examples=40)
@given(st.one_of(st.sampled_from(EDGES), st.integers(0, 100_000)))
def test_a_body_gives_the_plaintext_back(length: int) -> None:
    plaintext = (bytes(range(251)) * (length // 251 + 1))[:length]

    body = encrypted(plaintext)

    assert len(body) == HEAD_BYTES + length + (length // CHUNK_BYTES + 1) * 16
    assert decrypted(body) == plaintext


@pytest.mark.parametrize("length", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 9])
@pytest.mark.parametrize("cut", [1, 16, SEALED_CHUNK, SEALED_CHUNK + 16, HEAD_BYTES], ids=str)
def test_a_body_without_its_end_is_noticed(length: int, cut: int) -> None:
    with pytest.raises(CannotDecrypt):
        decrypted(encrypted(bytes(length))[:-cut])


@pytest.mark.parametrize("at", [0, 24, 56, -1], ids=["salt", "commitment", "chunk", "tag"])
def test_one_flipped_bit_in_a_body_is_noticed(at: int) -> None:
    body = bytearray(encrypted(b"price"))
    body[at] ^= 1

    with pytest.raises(CannotDecrypt):
        decrypted(bytes(body))


def test_a_body_does_not_open_under_another_key_or_context() -> None:
    body = encrypted(b"price")

    with pytest.raises(CannotDecrypt):
        decrypted(body, key=bytes(16))
    with pytest.raises(CannotDecrypt):
        decrypted(body, context=b"another lot")


def test_a_body_of_two_chunks_in_the_wrong_order_is_noticed() -> None:
    body = encrypted(os.urandom(2 * CHUNK_BYTES))
    first, second = HEAD_BYTES, HEAD_BYTES + SEALED_CHUNK
    swapped = body[:first] + body[second : second + SEALED_CHUNK] + body[first:second]

    with pytest.raises(CannotDecrypt):
        decrypted(swapped + body[second + SEALED_CHUNK :])


def test_two_hundred_bids_open_with_every_check_in_seconds() -> None:
    bids = [sealed(os.urandom(3000)) for _ in range(200)]
    shares = [released(header) for header, _ in bids]
    started = process_time()

    for (header, body), given_shares in zip(bids, shares, strict=True):
        open_sealed(header, body, shares=given_shares, holder_keys=KEYS)

    assert process_time() - started < 5
