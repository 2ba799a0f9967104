"""Everything a sealed bid derives from its key K.  Same key and binding, same bytes, for ever.

Because no other randomness goes in, whoever holds K can compute the whole header again and compare it: an
opening is checked without any holder showing a private key.  Format: docs/connect/sealing.md, section 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from yuntai.trust import shamir
from yuntai.trust.chunked import SALT_BYTES
from yuntai.trust.envelopes import HOLDERS, prefixed
from yuntai.trust.suites import Suite

KEY_BYTES = 32
POINTS = {letter: x for x, letter in enumerate(HOLDERS, start=1)}


@dataclass(frozen=True)
class Derivation:
    """The values of one sealed bid.

    key: K, 32 uniformly random bytes, used for this bid only.
    bound_to: the binding of context, suite and owner.
    """

    suite: Suite
    key: bytes
    bound_to: bytes

    def derive(self, label: str, length: int = KEY_BYTES) -> bytes:
        return self.suite.expand(self.key, prefixed(label) + self.bound_to, length)

    def key_commitment(self) -> bytes:
        return self.suite.digest(prefixed("key-commitment") + self.bound_to + self.key)

    def shares(self) -> dict[str, bytes]:
        coefficients = self.derive("coefficient-1"), self.derive("coefficient-2")
        return {letter: shamir.share_at(x, self.key, *coefficients) for letter, x in POINTS.items()}

    def wrapped_shares(self, holder_keys: Mapping[str, bytes]) -> dict[str, bytes]:
        return {
            letter: self.suite.wrap(
                holder_keys[letter],
                info=share_info(self.bound_to, letter),
                share=share,
                seed=self.derive(f"ephemeral-{letter}"),
            )
            for letter, share in self.shares().items()
        }

    def share_commitments(self) -> dict[str, bytes]:
        return {
            letter: share_commitment(self.suite, self.bound_to, letter, share)
            for letter, share in self.shares().items()
        }

    def body_salt(self) -> bytes:
        return self.derive("body-salt", SALT_BYTES)

    def body_key(self) -> bytes:
        return self.derive("body-key", self.suite.body_key_bytes)


def share_commitment(suite: Suite, bound_to: bytes, letter: str, share: bytes) -> bytes:
    return suite.digest(prefixed("share-commitment") + bound_to + prefixed(letter) + share)


def share_info(bound_to: bytes, letter: str) -> bytes:
    """Return what a wrapped share is bound to: its envelope and its holder."""
    return prefixed("share") + bound_to + prefixed(letter)
