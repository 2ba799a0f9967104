"""C2SP chunked-encryption v1, instance Cobblestone-256: a long message in authenticated chunks of 16 KiB.

Only encryption is written here, because the stock one of `cryptography` draws its own salt and a sealed bid
must be computable again from its key.  Decryption is left to the stock implementation.

The salt and a commitment to the key stand at the head of the ciphertext: AES-GCM alone would allow one
ciphertext that opens to two messages under two keys.
"""

import hmac

from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
SALT_BYTES = 24
CHUNK_BYTES = 16 * 1024
_PREFIX = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"


class CannotDecrypt(ValueError):
    """The ciphertext was made under another key or context, or was altered or cut."""


def encrypt(key: bytes, *, salt: bytes, context: bytes, plaintext: bytes) -> bytes:
    """Return salt, key commitment and chunks.

    salt: 24 bytes, never twice under one key.
    """
    if len(key) != KEY_BYTES or len(salt) != SALT_BYTES:
        raise ValueError(f"The key has {KEY_BYTES} bytes and the salt {SALT_BYTES}.")
    chunk_key, base_nonce, commitment = _message_keys(key, salt, context)
    aead = AESGCM(chunk_key)
    chunks = [salt, commitment]
    # The last chunk is always shorter than 16 KiB, if need be empty: that is how its end is known.
    for number in range(len(plaintext) // CHUNK_BYTES + 1):
        nonce = (base_nonce ^ number).to_bytes(12)
        start = number * CHUNK_BYTES
        chunks.append(aead.encrypt(nonce, plaintext[start : start + CHUNK_BYTES], None))
    return b"".join(chunks)


def decrypt(key: bytes, *, context: bytes, ciphertext: bytes) -> bytes:
    """Return the plaintext.

    :raises CannotDecrypt: nothing is returned unless every chunk is authentic and the last one is there.
    """
    decryptor = Cobblestone256Decryptor(key, context)
    try:
        return decryptor.update(ciphertext) + decryptor.finalize()
    except InvalidTag as error:
        raise CannotDecrypt("The body does not open under this key and context.") from error


def _message_keys(key: bytes, salt: bytes, context: bytes) -> tuple[bytes, int, bytes]:
    """Return the chunk key, the base nonce as a number, and the commitment, by HKDF-Expand-SHA-512."""
    info = _PREFIX + salt + context
    first = hmac.digest(key, info + b"\x01", "sha512")
    second = hmac.digest(key, first + info + b"\x02", "sha512")
    okm = first + second
    return okm[:32], int.from_bytes(okm[32:44]), okm[44:76]
