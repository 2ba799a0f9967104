"""C2SP chunked-encryption v1: a long message in authenticated chunks of 16 KiB, in two instances.

`encrypt` and `decrypt` are Cobblestone-256 (SHA-512, AES-256-GCM) unless another instance is given: `SM`
takes SM3 and SM4-GCM in the same frame.  Cobblestone-256 is encrypted here only because the stock encryptor
of `cryptography` draws its own salt, and a sealed bid must be computable again from its key; it is decrypted
by the stock decryptor.  SM4-GCM has no stock one.

The salt and a commitment to the key stand at the head of the ciphertext: GCM alone would allow one ciphertext
that opens to two messages under two keys.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512, SM3, HashAlgorithm
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

KEY_BYTES = 32
SALT_BYTES = 24
CHUNK_BYTES = 16 * 1024
COMMITMENT_BYTES = 32
TAG_BYTES = 16
_NONCE_BYTES = 12
_SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
_HEAD_BYTES = SALT_BYTES + COMMITMENT_BYTES


class CannotDecrypt(ValueError):
    """The ciphertext was made under another key or context, or was altered or cut."""


class Sm4Gcm:
    """SM4-GCM (RFC 8998) with the interface of AESGCM; nonces have 12 bytes, tags 16."""

    def __init__(self, key: bytes) -> None:
        self._sm4 = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes | memoryview, associated_data: bytes | None) -> bytes:
        encryptor = Cipher(self._sm4, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data or b"")
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return the plaintext.

        :raises InvalidTag: the data is not authentic, or shorter than a tag.
        """
        if len(data) < TAG_BYTES:
            raise InvalidTag
        mode = modes.GCM(nonce, data[-TAG_BYTES:])
        decryptor = Cipher(self._sm4, mode).decryptor()
        decryptor.authenticate_additional_data(associated_data or b"")
        return decryptor.update(data[:-TAG_BYTES]) + decryptor.finalize()


@dataclass(frozen=True)
class Instance:
    """aead_name: in the IANA registry of AEAD algorithms.  key_bytes: of the input key and of the cipher."""

    aead_name: bytes
    key_bytes: int
    aead: Callable[[bytes], AESGCM | Sm4Gcm]
    hash: HashAlgorithm


COBBLESTONE_256 = Instance(b"AEAD_AES_256_GCM", KEY_BYTES, AESGCM, SHA512())
SM = Instance(b"AEAD_SM4_GCM", 16, Sm4Gcm, SM3())


def encrypt(
    key: bytes, *, salt: bytes, context: bytes, plaintext: bytes, instance: Instance = COBBLESTONE_256
) -> bytes:
    """Return salt, key commitment and chunks.

    salt: 24 bytes, never twice under one key.
    """
    if len(key) != instance.key_bytes or len(salt) != SALT_BYTES:
        raise ValueError(f"The key has {instance.key_bytes} bytes and the salt {SALT_BYTES}.")
    chunk_key, base_nonce, commitment = _message_keys(key, salt, context, instance)
    aead = instance.aead(chunk_key)
    chunks, whole = [salt, commitment], memoryview(plaintext)  # whose slices are no copies
    # The last chunk is always shorter than 16 KiB, if need be empty: that is how its end is known.
    for number in range(len(plaintext) // CHUNK_BYTES + 1):
        nonce = (base_nonce ^ number).to_bytes(_NONCE_BYTES)
        start = number * CHUNK_BYTES
        chunks.append(aead.encrypt(nonce, whole[start : start + CHUNK_BYTES], None))
    return b"".join(chunks)


def decrypt(key: bytes, *, context: bytes, ciphertext: bytes, instance: Instance = COBBLESTONE_256) -> bytes:
    """Return the plaintext.

    :raises CannotDecrypt: nothing is returned unless every chunk is authentic and the last one is there.
    """
    try:
        if instance is not COBBLESTONE_256:
            return _decrypt(key, context, ciphertext, instance)
        decryptor = Cobblestone256Decryptor(key, context)
        return decryptor.update(ciphertext) + decryptor.finalize()
    except InvalidTag as error:
        raise CannotDecrypt("The body does not open under this key and context.") from error


def _decrypt(key: bytes, context: bytes, ciphertext: bytes, instance: Instance) -> bytes:
    salt, head = ciphertext[:SALT_BYTES], ciphertext[:_HEAD_BYTES]
    chunk_key, base_nonce, commitment = _message_keys(key, salt, context, instance)
    if not hmac.compare_digest(head, salt + commitment):
        raise InvalidTag
    aead = instance.aead(chunk_key)
    # A multiple of whole chunks has lost its end: then the last chunk, read as an empty one, has no tag.
    count = (len(ciphertext) - _HEAD_BYTES) // _SEALED_CHUNK_BYTES + 1
    starts = range(_HEAD_BYTES, _HEAD_BYTES + count * _SEALED_CHUNK_BYTES, _SEALED_CHUNK_BYTES)
    return b"".join(
        aead.decrypt(
            (base_nonce ^ number).to_bytes(_NONCE_BYTES),
            ciphertext[start : start + _SEALED_CHUNK_BYTES],
            None,
        )
        for number, start in enumerate(starts)
    )


def _message_keys(
    key: bytes, salt: bytes, context: bytes, instance: Instance = COBBLESTONE_256
) -> tuple[bytes, int, bytes]:
    """Return the chunk key, the base nonce as a number, and the commitment, by HKDF-Expand."""
    info = b"c2sp.org/chunked-encryption@v1+" + instance.aead_name + b"\0" + salt + context
    nonce_at = instance.key_bytes
    commitment_at = nonce_at + _NONCE_BYTES
    length = commitment_at + COMMITMENT_BYTES
    okm = HKDFExpand(instance.hash, length, info).derive(key)
    return okm[:nonce_at], int.from_bytes(okm[nonce_at:commitment_at]), okm[commitment_at:]
