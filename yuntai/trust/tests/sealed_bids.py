"""Ready-made holders and sealed bids for tests, honest ones and crooked ones."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace

from yuntai.trust.derivation import Derivation
from yuntai.trust.sealing import HOLDERS, INTERNATIONAL, NATIONAL, Context, Header, Suite, seal, unwrap_share

KEYS = {
    suite.code: {letter: suite.new_holder_key() for letter in HOLDERS} for suite in (INTERNATIONAL, NATIONAL)
}


def private_keys(suite: Suite) -> dict[str, bytes]:
    return {letter: private for letter, (private, _) in KEYS[suite.code].items()}


def public_keys(suite: Suite) -> dict[str, bytes]:
    return {letter: public for letter, (_, public) in KEYS[suite.code].items()}


PRIVATE_KEYS, PUBLIC_KEYS = private_keys(INTERNATIONAL), public_keys(INTERNATIONAL)
OWNER = bytes(range(32))
PRICE = "投标报价 12345678.90 元".encode()


def make_context(**changes: str) -> Context:
    facts = {
        "tender": "E3207000001000001001",
        "lot": "E3207000001000001001001",
        "part": "price",
        "documents_sha256": "5e" * 32,
        "envelope_id": os.urandom(16).hex(),
    }
    return Context(**(facts | changes))


def make_sealed(
    content: bytes = PRICE, *, suite: Suite = INTERNATIONAL, **changes: str
) -> tuple[Header, bytes]:
    keys = public_keys(suite)
    return seal(make_context(**changes), content, holder_keys=keys, owner_public_key=OWNER)


def released(header: Header, letters: str = "TPCR") -> dict[str, bytes | None]:
    """Return what honest holders release."""
    keys = private_keys(header.algorithms)
    return {letter: unwrap_share(header, letter, keys[letter]) for letter in letters}


def make_derivation(header: Header, key: bytes) -> Derivation:
    return Derivation(header.algorithms, key, header.binding())


def with_shares(header: Header, coins: Derivation, shares: Mapping[str, bytes]) -> Header:
    """Return the header of a bidder who wraps and commits to shares of his own choosing."""
    return replace(
        header,
        wrapped_shares={letter: wrap(coins, letter, share) for letter, share in shares.items()},
        share_commitments={letter: commit(coins, letter, share) for letter, share in shares.items()},
    )


def with_body(header: Header, body: bytes) -> Header:
    """Return the header of a bidder who signs for a body of his own making."""
    return replace(header, body_sha256=hashlib.sha256(body).hexdigest(), body_length=len(body))


def wrap(coins: Derivation, letter: str, share: bytes) -> bytes:
    info = b"\x00\x05share" + coins.bound_to + b"\x00\x01" + letter.encode()
    seed = coins.derive(f"ephemeral-{letter}")
    return coins.suite.wrap(public_keys(coins.suite)[letter], info=info, share=share, seed=seed)


def commit(coins: Derivation, letter: str, share: bytes) -> bytes:
    label = b"\x00\x10share-commitment"
    return coins.suite.digest(label + coins.bound_to + b"\x00\x01" + letter.encode() + share)
