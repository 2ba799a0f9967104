"""Names under which bidders stand in the database until bids are opened.

The master key lives outside the database: whoever has only the tables can neither name a bidder nor see
that one bids in two tenders.
"""

import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MASTER_KEY_BYTES = 32


def pseudonym(master_key: bytes, tender: str, subject: str) -> str:
    """Return the name of `subject` within one tender, 32 hex digits.

    master_key: at least 32 random bytes.
    subject: what names the party outside, e.g. its organization code.
    """
    if len(master_key) < MASTER_KEY_BYTES:
        raise ValueError(f"The pseudonym key needs at least {MASTER_KEY_BYTES} bytes; got {len(master_key)}.")
    info = b"yuntai-pseudonym-v1|" + tender.encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master_key)
    return hmac.digest(key, subject.encode(), "sha256")[:16].hex()
