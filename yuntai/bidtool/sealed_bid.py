"""Sealing a bid on the bidder's device, and what the device signs about the sealed bid afterwards."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yuntai.bidtool.forms import check_form
from yuntai.bidtool.key_bundle import KeyBundle
from yuntai.bidtool.lots import PublishedLot
from yuntai.standard.bidfile import BidForm, pack
from yuntai.trust import signing
from yuntai.trust.base64url import base64url
from yuntai.trust.sealing import Header, seal

SUBMIT = "yuntai-submit-v1"
WITHDRAW = "yuntai-withdraw-v1"


@dataclass(frozen=True)
class SealedBid:
    """A sealed bid on the device that sealed it.

    body: ciphertext, uploaded as it is.  owner_key: Ed25519 private key, 32 bytes; it alone can withdraw.
    """

    header: Header
    body: bytes = field(repr=False)
    owner_key: bytes = field(repr=False)

    @property
    def envelope_id(self) -> str:
        return self.header.context.envelope_id

    def submission(self) -> dict[str, Any]:
        """Return the small request that hands the bid in."""
        return {"header": self.header.to_json(), "signature": self._signature(SUBMIT)}

    def withdrawal(self) -> dict[str, Any]:
        """Return the request that takes the bid back."""
        return {"envelope_id": self.envelope_id, "signature": self._signature(WITHDRAW)}

    def _signature(self, purpose: str) -> str:
        return base64url(signing.sign(self.owner_key, f"{purpose}|{self.header.digest()}".encode()))


def seal_bid(
    form: BidForm,
    files: Mapping[str, bytes],
    *,
    lot: PublishedLot,
    bundle: KeyBundle,
    entropy: Callable[[int], bytes] = os.urandom,
) -> SealedBid:
    """Sign the bid with the person's key and seal it to the lot's four holders.

    files: attachments by name.  entropy: give another only to repeat an example.

    :raises BadForm: the form is for another lot or another organization.
    :raises BidFileError: a file's name will not do.
    :raises MalformedHeader: a published key is not a public key.
    """
    check_form(form, lot, bundle)
    context = lot.context(secrets.token_hex(16))
    content = pack(form, files, context=context, certificates=[bundle.certificate], sign=bundle.sign)
    owner_key = signing.new_private_key()
    header, body = seal(
        context,
        content,
        holder_keys=lot.holder_keys,
        owner_public_key=signing.public_key(owner_key),
        entropy=entropy,
    )
    return SealedBid(header, body, owner_key)
