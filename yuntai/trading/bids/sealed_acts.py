"""Who submitted or withdrew a bid: sealed to the holders at once, so that the log tells nobody early."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record_sealed
from yuntai.kernel.peers import own_key
from yuntai.standard.canonical import canonical
from yuntai.trading.bids.models import SealedAct
from yuntai.trading.tenders.models import Lot
from yuntai.trading.tenders.queries import holder_keys
from yuntai.trust import signing
from yuntai.trust.sealing import Context, seal

PART = "act"


@dataclass(frozen=True)
class ActFacts:
    """The facts of a sealed act.  salt: 64 hex digits, so that nobody can guess facts by their hash."""

    salt: str
    act: str
    envelope_id: str
    person_id: str
    person_name: str
    organization_code: str
    address: str
    at: str

    def commitment(self) -> str:
        """Return the hash (hex) that stands in the audit trail."""
        return hashlib.sha256(self.encode()).hexdigest()

    def encode(self) -> bytes:
        """Return the canonical JSON of the facts."""
        return canonical(vars(self))

    @classmethod
    def decode(cls, content: bytes) -> "ActFacts":
        """Read what `encode` wrote."""
        return cls(**json.loads(content))


def seal_act(*, act: str, lot: Lot, envelope_id: str, caller: Caller, now: datetime) -> SealedAct:
    """Store who acts, readable only with three holders' shares, and commit to it in the audit trail.

    The caller holds the transaction.
    """
    facts = ActFacts(
        salt=secrets.token_hex(32),
        act=act,
        envelope_id=envelope_id,
        person_id=caller.person_id,
        person_name=caller.person_name,
        organization_code=caller.organization_code,
        address=caller.address,
        at=now.isoformat(),
    )
    act_id = secrets.token_hex(16)
    context = Context(lot.tender.code, lot.code, PART, lot.tender.documents_sha256, act_id)
    header, body = seal(
        context,
        facts.encode(),
        holder_keys=holder_keys(lot),
        owner_public_key=signing.public_key(own_key()),
    )
    record_sealed(commitment=facts.commitment(), now=now)
    return SealedAct.objects.create(
        lot=lot,
        act_id=act_id,
        commitment=facts.commitment(),
        header=header.to_json(),
        body=body,
        sealed_at=now,
    )
