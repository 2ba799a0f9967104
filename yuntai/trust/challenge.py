"""The bytes a person's certificate key signs to log in; the browser builds the same ones."""

from datetime import UTC, datetime


def challenge_bytes(origin: str, nonce: bytes, issued_at: datetime, purpose: str) -> bytes:
    """Return the challenge as UTF-8 lines, without a newline at the end.

    origin: scheme, host and port of the system asking, so that a signature is of no use to another site.
    nonce: drawn for this challenge; accepted once.
    issued_at: aware; written in UTC to the second.
    purpose: what the signature will be used for, e.g. "login".

    :raises ValueError: a line break in `origin` or `purpose` would let one challenge read as another.
    """
    if any("\n" in text or "\r" in text for text in (origin, purpose)):
        raise ValueError("Origin and purpose must each fit on one line.")
    instant = issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return "\n".join(("yuntai-login-v1", origin, nonce.hex(), instant, purpose)).encode()
