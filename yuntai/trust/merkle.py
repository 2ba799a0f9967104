"""Merkle trees of RFC 6962, and the leaves of a closed bid set (docs/connect/sealing.md, section 7)."""

import hashlib
from collections.abc import Iterable, Sequence

import rfc8785

from yuntai.trust.envelopes import Header


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over `leaves` in their order, 32 bytes; without leaves the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    # Pairing neighbours and carrying an odd last node up gives the tree RFC 6962 defines by recursion.
    while len(level) > 1:
        paired = [
            hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)
        ]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def bid_set_leaves(headers: Iterable[Header]) -> list[bytes]:
    """Return one leaf for each envelope part, sorted by envelope and part.

    :raises ValueError: two headers claim the same part of the same envelope.
    """
    by_name: dict[tuple[str, str], Header] = {}
    for header in headers:
        name = (header.context.envelope_id, header.context.part)
        if name in by_name:
            raise ValueError(f"Envelope {name[0]} has two headers for its part {name[1]}.")
        by_name[name] = header
    return [bid_set_leaf(by_name[name]) for name in sorted(by_name)]


def bid_set_leaf(header: Header) -> bytes:
    return rfc8785.dumps(
        {
            "envelope_id": header.context.envelope_id,
            "part": header.context.part,
            "header_sha256": header.digest(),
            "body_sha256": header.body_sha256,
        }
    )
