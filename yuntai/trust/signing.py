"""Ed25519 signatures of systems, key holders and bidders' devices; keys are raw 32-byte values."""

import hashlib
import os
from base64 import b64decode, b64encode
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_BYTES = 32


class BadKeyFile(ValueError):
    """A key file does not hold the base64 text of 32 bytes."""


def new_private_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


# A system signs with one key and checks with a few, thousands of times; reading a key is the dearer part.
@lru_cache(maxsize=4)
def _private(private: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(private)


@lru_cache(maxsize=64)
def _public(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def public_key(private: bytes) -> bytes:
    return _private(private).public_key().public_bytes_raw()


def sign(private: bytes, data: bytes) -> bytes:
    """Return the signature, 64 bytes."""
    return _private(private).sign(data)


def is_valid(public: bytes, data: bytes, signature: bytes) -> bool:
    """Was `data` signed by the holder of `public`?  A key or signature of the wrong form is a no."""
    try:
        _public(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public: bytes) -> str:
    """Return the first 16 hex digits of the key's SHA-256: a name for it, not a proof of it."""
    return hashlib.sha256(public).hexdigest()[:16]


def save_private(path: Path, key: bytes) -> None:
    """Write a new key file that only its owner may read.

    :raises FileExistsError: a key is never overwritten.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(b64encode(key) + b"\n")


def load_private(path: Path) -> bytes:
    """Read a key file.

    :raises BadKeyFile: it does not hold a key.
    """
    try:
        key = b64decode(path.read_text(encoding="ascii").strip(), validate=True)
    except ValueError as error:
        raise BadKeyFile(f"{path}: expected the base64 text of a key.") from error
    if len(key) != KEY_BYTES:
        raise BadKeyFile(f"{path}: expected a key of {KEY_BYTES} bytes, found {len(key)}.")
    return key
