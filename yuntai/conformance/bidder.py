"""The tester's own bidder: logs in, seals, hands in and withdraws, written from the published pages.

It shares no code with our bid tool: that a second tool written from the documents works is part of the test.
"""

import base64
import json
import secrets
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from yuntai.conformance.check import BadAnswer
from yuntai.conformance.description import Description
from yuntai.conformance.wire import Answer, Wire
from yuntai.standard.bidfile import BidForm, pack
from yuntai.trust import certificates, clock, signing
from yuntai.trust.base64url import base64url, from_base64url
from yuntai.trust.challenge import challenge_bytes
from yuntai.trust.sealing import Context, Header, seal

PRICE = "1000000.00"


class BadKeyFile(Exception):
    """A key file can't be read; str(error) says so in Chinese."""


@dataclass(frozen=True)
class TestBidder:
    """A person of a registered bidder.  certificate: DER.  private_key_pem: P-256."""

    __test__ = False  # no test of pytest's

    organization_code: str
    organization_name: str
    certificate: bytes
    private_key_pem: bytes = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> "TestBidder":
        """Read a key file (JSON) as bid tools do.

        :raises BadKeyFile: it is none.
        """
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                str(values["organization_code"]),
                str(values["organization_name"]),
                ssl.PEM_cert_to_DER_cert(values["certificate_pem"]),
                values["private_key_pem"].encode(),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadKeyFile(f"{path} 不是证书密钥文件（JSON）。请换用投标工具导出的文件。") from error

    def sign(self, data: bytes) -> bytes:
        """Sign with the certificate's key, raw r||s."""
        return certificates.sign_with(self.private_key_pem, data)


@dataclass(frozen=True)
class Bid:
    """A sealed bid with the key of the device that sealed it."""

    header: Header
    body: bytes = field(repr=False)
    owner_key: bytes = field(repr=False)

    def signature(self, purpose: str) -> str:
        """Return the owner's signature for `purpose`."""
        return base64url(signing.sign(self.owner_key, f"{purpose}|{self.header.digest()}".encode()))


def log_in(wire: Wire, system: Description, bidder: TestBidder) -> Answer:
    """Answer the login challenge and return what came back; the wire keeps the session.

    :raises BadAnswer: the challenge is not of the published form.
    """
    came = wire.get(system.address("login_challenge"))
    given = came.document()
    try:
        issued_at, nonce = datetime.fromisoformat(given["issued_at"]), bytes.fromhex(given["nonce"])
        to_sign = challenge_bytes(str(given["origin"]), nonce, issued_at, str(given["purpose"]))
    except (KeyError, TypeError, ValueError) as error:
        raise BadAnswer(came, "登录挑战有 origin、nonce、issued_at、purpose") from error
    answer = {
        "certificate": base64.b64encode(bidder.certificate).decode(),
        "signature": base64url(bidder.sign(to_sign)),
    }
    return wire.ask("POST", system.address("login_answer"), json=answer)


def seal_for(lot: dict[str, Any], bidder: TestBidder) -> Bid:
    """Seal a bid of the tester's for `lot`, as the interface gives it.

    :raises KeyError, ValueError: the lot is not of the published form.
    """
    context = Context(lot["tender_code"], lot["code"], "bid", lot["documents_sha256"], secrets.token_hex(16))
    form = BidForm(
        tender_code=lot["tender_code"],
        lot_code=lot["code"],
        bidder_code=bidder.organization_code,
        bidder_name=bidder.organization_name,
        price_yuan=PRICE,  # type: ignore[arg-type]  # text, as in JSON
        duration_days=100,
        project_lead="检测用",
        quality="合格",
        note="检测认证用投标文件，检测后即撤回。",
        made_at=clock.now(),
    )
    content = pack(form, {}, context=context, certificates=[bidder.certificate], sign=bidder.sign)
    owner_key = signing.new_private_key()
    keys = {holder["letter"]: from_base64url(holder["public_key"]) for holder in lot["holders"]}
    header, body = seal(context, content, holder_keys=keys, owner_public_key=signing.public_key(owner_key))
    return Bid(header, body, owner_key)


def hand_in(wire: Wire, system: Description, bid: Bid) -> Answer:
    """Upload the ciphertext and submit the bid; return the answer to the submit."""
    wire.ask("PUT", system.address("upload", sha256=bid.header.body_sha256), content=bid.body)
    content = {"header": bid.header.to_json(), "signature": bid.signature("yuntai-submit-v1")}
    return wire.ask("POST", system.address("hand_in", code=bid.header.context.lot), json=content)


def withdraw(wire: Wire, system: Description, bid: Bid) -> Answer:
    """Withdraw the bid."""
    content = {
        "envelope_id": bid.header.context.envelope_id,
        "signature": bid.signature("yuntai-withdraw-v1"),
    }
    return wire.ask("POST", system.address("withdraw", code=bid.header.context.lot), json=content)
