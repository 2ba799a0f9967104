"""The receipt a bidder gets: what we hold and since when, signed by this system."""

from datetime import datetime
from typing import Any

from django.conf import settings

from yuntai.kernel.peers import own_key
from yuntai.standard.canonical import canonical
from yuntai.trust import signing
from yuntai.trust.base64url import base64url
from yuntai.trust.sealing import Header


def receipt_for(header: Header, received_at: datetime) -> dict[str, Any]:
    """Return the signed receipt of an envelope: {"statement": …, "signature": base64url}.

    It names lot, envelope, the hashes of header and body and the instant, never the bidder.
    """
    statement = {
        "system": settings.SYSTEM_CODE,
        "lot": header.context.lot,
        "envelope_id": header.context.envelope_id,
        "header_sha256": header.digest(),
        "body_sha256": header.body_sha256,
        "body_length": header.body_length,
        "received_at": received_at.isoformat().replace("+00:00", "Z"),
    }
    return signed(statement)


def signed(statement: dict[str, Any]) -> dict[str, Any]:
    """Return `statement` with this system's Ed25519 signature over its canonical JSON."""
    signature = signing.sign(own_key(), canonical(statement))
    return {"statement": statement, "signature": base64url(signature)}
