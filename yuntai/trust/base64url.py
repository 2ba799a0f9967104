"""Bytes as text, base64url without padding: one accepted form, so that what is signed is what is read."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def base64url(raw: bytes) -> str:
    """Return base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Return the bytes of base64url without padding.

    :raises ValueError: `text` is not the one form `base64url` writes for these bytes.
    """
    if not _ALPHABET.fullmatch(text):
        raise ValueError("not base64url without padding")
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64url(raw) != text:
        raise ValueError("unused bits of the last character are not zero")
    return raw
