"""Chunked encryption, against the stock Cobblestone-256 and against an attacker with two keys."""

import pytest
from cryptography.cobblestone import Cobblestone256Encryptor
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from yuntai.trust import chunked
from yuntai.trust.chunked import CHUNK_BYTES, CannotDecrypt

KEY, SALT, CONTEXT = bytes(range(32)), bytes(range(24)), b"a lot"
HEAD_BYTES, TAG_BYTES = 24 + 32, 16
EDGES = [n * CHUNK_BYTES + d for n in range(17) for d in (-1, 0, 1) if n * CHUNK_BYTES + d >= 0]


def encrypted(plaintext: bytes, key: bytes = KEY) -> bytes:
    return chunked.encrypt(key, salt=SALT, context=CONTEXT, plaintext=plaintext)


@settings(deadline=None)
@given(st.one_of(st.sampled_from(EDGES), st.integers(0, 256 * 1024)))
def test_gives_the_plaintext_back(length: int) -> None:
    plaintext = (bytes(range(251)) * (length // 251 + 1))[:length]

    body = encrypted(plaintext)

    chunks = length // CHUNK_BYTES + 1
    assert len(body) == HEAD_BYTES + length + chunks * TAG_BYTES
    assert chunked.decrypt(KEY, context=CONTEXT, ciphertext=body) == plaintext


@pytest.mark.parametrize("length", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 5 * CHUNK_BYTES])
def test_equals_the_stock_implementation_for_the_same_salt(length: int) -> None:
    stock = Cobblestone256Encryptor(KEY, CONTEXT)
    body = stock.update(bytes(length)) + stock.finalize()

    ours = chunked.encrypt(KEY, salt=body[:24], context=CONTEXT, plaintext=bytes(length))

    assert ours == body


@pytest.mark.parametrize("cut", [1, TAG_BYTES, CHUNK_BYTES + TAG_BYTES], ids=str)
def test_notices_a_missing_end(cut: int) -> None:
    body = encrypted(bytes(3 * CHUNK_BYTES + 5))

    with pytest.raises(CannotDecrypt):
        chunked.decrypt(KEY, context=CONTEXT, ciphertext=body[:-cut])


def test_notices_chunks_that_change_places() -> None:
    body = encrypted(bytes(3 * CHUNK_BYTES))
    size = CHUNK_BYTES + TAG_BYTES
    head, first, second, rest = (
        body[:56],
        body[56 : 56 + size],
        body[56 + size : 56 + 2 * size],
        body[56 + 2 * size :],
    )

    with pytest.raises(CannotDecrypt):
        chunked.decrypt(KEY, context=CONTEXT, ciphertext=head + second + first + rest)


@pytest.mark.parametrize("at", [0, 24, 56, -1], ids=["salt", "commitment", "chunk", "tag"])
def test_notices_one_flipped_bit(at: int) -> None:
    body = bytearray(encrypted(b"price"))
    body[at] ^= 1

    with pytest.raises(CannotDecrypt):
        chunked.decrypt(KEY, context=CONTEXT, ciphertext=bytes(body))


def test_does_not_open_under_another_context() -> None:
    with pytest.raises(CannotDecrypt):
        chunked.decrypt(KEY, context=b"another lot", ciphertext=encrypted(b"price"))


def test_refuses_a_short_key_or_salt() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        chunked.encrypt(KEY[:16], salt=SALT, context=CONTEXT, plaintext=b"")
    with pytest.raises(ValueError, match="salt 24"):
        chunked.encrypt(KEY, salt=SALT[:12], context=CONTEXT, plaintext=b"")


# --- One ciphertext for two keys (Dodis et al., 2018) -------------------------------------------------------


def times(a: int, b: int) -> int:
    """Multiply in GF(2^128) with GCM's bit order: bit 0 is the highest."""
    product = 0
    for bit in range(127, -1, -1):
        if b >> bit & 1:
            product ^= a
        a = (a >> 1) ^ (0xE1 << 120 if a & 1 else 0)
    return product


def inverse(a: int) -> int:
    """a to the power of 2^128 - 2."""
    result, power = 1 << 127, a
    for _ in range(127):
        power = times(power, power)
        result = times(result, power)
    return result


def aes_block(key: bytes, block: bytes) -> int:
    return int.from_bytes(Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(block))  # noqa: S305


def tag_parts(key: bytes, nonce: bytes) -> tuple[int, int]:
    """Return the hash key and the mask of a GCM tag."""
    return aes_block(key, bytes(16)), aes_block(key, nonce + (1).to_bytes(4))


def chunk_for_two(first: tuple[bytes, bytes], second: tuple[bytes, bytes]) -> bytes:
    """Return one block and one tag that AES-GCM takes for authentic under both key-nonce pairs."""
    (h1, mask1), (h2, mask2) = tag_parts(*first), tag_parts(*second)
    length = 128  # bits of ciphertext, no additional data
    # tag = block*H^2 + length*H + mask must come out the same for both: solve for the block.
    difference = times(length, h1) ^ times(length, h2) ^ mask1 ^ mask2
    block = times(difference, inverse(times(h1, h1) ^ times(h2, h2)))
    tag = times(block, times(h1, h1)) ^ times(length, h1) ^ mask1
    return block.to_bytes(16) + tag.to_bytes(16)


def message_keys(key: bytes) -> tuple[bytes, bytes, bytes]:
    chunk_key, base_nonce, commitment = chunked._message_keys(key, SALT, CONTEXT)
    return chunk_key, base_nonce.to_bytes(12), commitment


def test_a_body_made_for_two_keys_opens_under_one_only() -> None:
    other = bytes(range(1, 33))
    key_1, nonce_1, commitment = message_keys(KEY)
    key_2, nonce_2, other_commitment = message_keys(other)
    chunk = chunk_for_two((key_1, nonce_1), (key_2, nonce_2))

    # The attack is real: bare AES-GCM takes the chunk under both keys, with two different contents.
    first, second = (AESGCM(k).decrypt(n, chunk, None) for k, n in ((key_1, nonce_1), (key_2, nonce_2)))
    assert first != second

    body = SALT + commitment + chunk
    assert chunked.decrypt(KEY, context=CONTEXT, ciphertext=body) == first
    with pytest.raises(CannotDecrypt):
        chunked.decrypt(other, context=CONTEXT, ciphertext=body)
    assert chunked.decrypt(other, context=CONTEXT, ciphertext=SALT + other_commitment + chunk) == second
