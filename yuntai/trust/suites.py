"""Cipher suites of sealed bids: each is one value behind one interface, found by the code in the header.

A suite joins by implementing `Suite` and standing in `SUITES`; nothing else in sealing names an algorithm.  A
released suite is never changed or removed: archives must open for decades.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec

from yuntai.trust import chunked, hpke
from yuntai.trust.national import National


class Suite(Protocol):
    """The algorithms of one sealed bid.

    public_key_bytes, wrapped_share_bytes: exact lengths, so that a reader can refuse a malformed header.
    body_key_bytes: how long a key `encrypt_body` takes.
    """

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str:
        """Return how a page calls it, in Chinese."""

    @property
    def public_key_bytes(self) -> int: ...
    @property
    def wrapped_share_bytes(self) -> int: ...
    @property
    def body_key_bytes(self) -> int: ...

    def new_holder_key(self) -> tuple[bytes, bytes]:
        """Return a fresh private key (raw) and its public key, for one holder and one lot."""

    def takes(self, public_key: bytes) -> bool:
        """Is this a public key on the suite's curve?"""

    def digest(self, message: bytes) -> bytes:
        """Return the 32-byte hash commitments are made of."""

    def expand(self, key: bytes, info: bytes, length: int) -> bytes:
        """Return up to 32 bytes derived from a uniformly random key."""

    def wrap(self, public_key: bytes, *, info: bytes, share: bytes, seed: bytes) -> bytes:
        """Return the share encrypted to a holder, always the same for the same arguments."""

    def unwrap(self, private_key: bytes, *, info: bytes, wrapped: bytes) -> bytes:
        """Return the share.

        :raises ValueError: wrong key, wrong info, or altered bytes.
        """

    def encrypt_body(self, key: bytes, *, salt: bytes, context: bytes, plaintext: bytes) -> bytes:
        """Return the body, committing to its key and beginning with the salt (24 bytes)."""

    def decrypt_body(self, key: bytes, *, context: bytes, body: bytes) -> bytes:
        """Return the plaintext.

        :raises ValueError: wrong key, wrong context, or altered bytes.
        """


@dataclass(frozen=True)
class International:
    """HPKE on P-256, SHA-256, Cobblestone-256; private keys are 32-byte scalars."""

    code: str = "international-1"
    title: str = "国际算法（P-256、AES-256、SHA-256）"
    public_key_bytes: int = hpke.PUBLIC_KEY_BYTES
    wrapped_share_bytes: int = hpke.PUBLIC_KEY_BYTES + 32 + 16  # point, share, tag
    body_key_bytes: int = chunked.KEY_BYTES

    def new_holder_key(self) -> tuple[bytes, bytes]:
        key = ec.generate_private_key(ec.SECP256R1())
        scalar = key.private_numbers().private_value.to_bytes(hpke.PRIVATE_KEY_BYTES)
        return scalar, hpke.raw_public_key(key.public_key())

    def takes(self, public_key: bytes) -> bool:
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
        except ValueError:
            return False
        return len(public_key) == self.public_key_bytes

    def digest(self, message: bytes) -> bytes:
        return hashlib.sha256(message).digest()

    def expand(self, key: bytes, info: bytes, length: int) -> bytes:
        if not 0 < length <= 32:
            raise ValueError("HKDF-Expand is written here for one block: 1 to 32 bytes.")
        return hmac.digest(key, info + b"\x01", "sha256")[:length]

    def wrap(self, public_key: bytes, *, info: bytes, share: bytes, seed: bytes) -> bytes:
        return hpke.seal(public_key, info=info, plaintext=share, seed=seed)

    def unwrap(self, private_key: bytes, *, info: bytes, wrapped: bytes) -> bytes:
        key = ec.derive_private_key(int.from_bytes(private_key), ec.SECP256R1())
        return hpke.open_sealed(key, info=info, sealed=wrapped)

    def encrypt_body(self, key: bytes, *, salt: bytes, context: bytes, plaintext: bytes) -> bytes:
        return chunked.encrypt(key, salt=salt, context=context, plaintext=plaintext)

    def decrypt_body(self, key: bytes, *, context: bytes, body: bytes) -> bytes:
        return chunked.decrypt(key, context=context, ciphertext=body)


INTERNATIONAL = International()
NATIONAL = National()
_ALL: tuple[Suite, ...] = (INTERNATIONAL, NATIONAL)
SUITES: Mapping[str, Suite] = MappingProxyType({suite.code: suite for suite in _ALL})


def suite_of(public_keys: Iterable[bytes]) -> Suite | None:
    """Return the suite on whose curve these keys lie; None when they lie on no curve or on two."""
    keys = list(public_keys)
    return next((suite for suite in _ALL if all(map(suite.takes, keys))), None)
