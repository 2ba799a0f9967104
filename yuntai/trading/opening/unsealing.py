"""From shares and ciphertext to opened bids, each with the fault named when it does not open.

It reads the file store and changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.documents import store
from yuntai.kernel.recognition.identification import identify_signer
from yuntai.standard.bidfile import BidFileError, BidForm, unpack
from yuntai.trading.bids.models import Envelope, SealedAct
from yuntai.trading.bids.pseudonyms import pseudonym_of
from yuntai.trading.bids.sealed_acts import ActFacts
from yuntai.trading.opening.models import ActFault, OpenedBid, Opening, Outcome
from yuntai.trading.tenders.models import Lot
from yuntai.trust import certificates
from yuntai.trust.base64url import from_base64url
from yuntai.trust.certificates import CertificateRefused
from yuntai.trust.sealing import (
    BidderFault,
    Header,
    MalformedHeader,
    NotEnoughShares,
    Opened,
    PlatformFault,
    SealError,
    open_sealed,
    share_matches,
)


@dataclass(frozen=True)
class Material:
    """What opening a lot needs.  releases: by letter, shares by "<envelope id>:<part>"."""

    lot: Lot
    releases: Mapping[str, Mapping[str, str | None]]
    holder_keys: Mapping[str, bytes]

    def open(self, header: Header, body: bytes) -> Opened:
        """Open one envelope part; raises what `open_sealed` raises."""
        name = f"{header.context.envelope_id}:{header.context.part}"
        shares = {letter: read_share(given.get(name)) for letter, given in self.releases.items()}
        return open_sealed(header, body, shares=shares, holder_keys=self.holder_keys)


@dataclass(frozen=True)
class UnsealedBid:
    """One envelope after the attempt.

    form, bidder_name: None and "" unless it opened; the name is the certificate's.  key: content key, hex.
    holder_faults: letters whose share was wrong.
    lacks_shares: it did not open, but one more good share might open it or show whose fault it is.
    """

    envelope: Envelope
    outcome: Outcome
    fault: str = ""
    form: BidForm | None = None
    bidder_name: str = ""
    key: str = ""
    holder_faults: list[str] = field(default_factory=list)
    lacks_shares: bool = False

    def to_row(self, opening: Opening) -> OpenedBid:
        """Return the row to store."""
        row = OpenedBid(
            opening=opening,
            envelope=self.envelope,
            outcome=self.outcome,
            fault=self.fault[:300],
            key=self.key,
        )
        if self.form is not None:
            row.bidder_code, row.bidder_name = self.form.bidder_code, self.bidder_name
            row.price_yuan, row.duration_days = self.form.price_yuan, self.form.duration_days
            row.form = self.form.model_dump(mode="json")
        return row


@dataclass(frozen=True)
class RevealedAct:
    """A sealed act after the attempt.

    facts: None when nothing readable came out.  fault: an `ActFault`, "" when all is well.
    lacks_shares: as of a bid.
    """

    stored: SealedAct
    facts: ActFacts | None = None
    fault: str = ""
    lacks_shares: bool = False

    @property
    def caller(self) -> Caller:
        """Return who acted; the system itself when that did not come out."""
        if self.facts is None:
            return Caller.system(settings.SYSTEM_CODE)
        return Caller(
            person_id=self.facts.person_id,
            person_name=self.facts.person_name,
            organization_code=self.facts.organization_code,
            organization_name="",
            roles=frozenset({"bidder"}),
            role="bidder",
            address=self.facts.address,
        )


def unseal_bids(material: Material, envelopes: Iterable[Envelope]) -> list[UnsealedBid]:
    """Open each envelope; one that fails does not stop the others (Decree 20 art. 31)."""
    return [_unseal(material, envelope) for envelope in envelopes]


def _unseal(material: Material, envelope: Envelope) -> UnsealedBid:
    header = Header.from_json(envelope.header)
    try:
        opened = material.open(header, _body(envelope))
        form, bidder_name = _read(opened, header, envelope)
    except (BidderFault, BidFileError, CertificateRefused) as error:
        return UnsealedBid(envelope, Outcome.BIDDER_FAULT, str(error))
    except NotEnoughShares as error:
        doubtful = list(error.doubtful)
        return UnsealedBid(
            envelope, Outcome.PLATFORM_FAULT, str(error), holder_faults=doubtful, lacks_shares=True
        )
    except SealError as error:
        return UnsealedBid(envelope, Outcome.PLATFORM_FAULT, str(error))
    return UnsealedBid(
        envelope,
        Outcome.OPENED,
        form=form,
        bidder_name=bidder_name,
        key=opened.key.hex(),
        holder_faults=list(opened.holder_faults),
    )


def _body(envelope: Envelope) -> bytes:
    try:
        # By the header's digest, which the closed set vouches for; a column beside it might be altered.
        return store.read(envelope.header["body_sha256"])
    except store.FileGone as error:
        raise PlatformFault("加密文件在服务器上已不存在，属平台原因。") from error


def _read(opened: Opened, header: Header, envelope: Envelope) -> tuple[BidForm, str]:
    """Check what came out: form, signature, and that the signer is the one who submitted it.

    Returns the form and the bidder's name as certified; the name in the form is the bidder's own word.
    """
    bid = unpack(opened.content, header.context)
    certificate = bid.certificates[0]
    # Judged as of the submission: a certificate that expired since does no harm to the bid.
    identity = identify_signer(certificate, envelope.received_at)
    if not certificates.is_signed_by(certificate, bid.signed, bid.signature):
        raise BidderFault("投标文件内的电子签名验证未通过。")
    signers_pseudonym = pseudonym_of(header.context.tender, identity.organization_code)
    if bid.form.bidder_code != identity.organization_code or signers_pseudonym != envelope.bidder:
        raise BidderFault("投标文件的签名单位、投标人与递交单位不是同一单位。")
    return bid.form, identity.organization_name


def unseal_acts(material: Material, acts: Iterable[SealedAct]) -> list[RevealedAct]:
    """Open the sealed acts and hold each against the commitment that stands in the audit trail."""
    return [_reveal(material, act) for act in acts]


def _reveal(material: Material, act: SealedAct) -> RevealedAct:
    try:
        opened = material.open(Header.from_json(act.header), bytes(act.body))
    except SealError as error:
        lacks = isinstance(error, NotEnoughShares)
        return RevealedAct(act, fault=ActFault.DID_NOT_OPEN, lacks_shares=lacks)
    try:
        facts = ActFacts.decode(opened.content)
    except (ValueError, TypeError):
        return RevealedAct(act, fault=ActFault.DOES_NOT_MATCH)
    matches = facts.commitment() == act.commitment
    return RevealedAct(act, facts, fault="" if matches else ActFault.DOES_NOT_MATCH)


def misfits(headers: Iterable[Mapping[str, Any]], letter: str, shares: Mapping[str, str | None]) -> list[str]:
    """Return "<envelope id>:<part>" of each header whose share by `letter` does not fit its commitment.

    shares: by the same names, base64url; what is missing, null or unreadable does not fit.  A header that was
    spoilt in storage is left to the opening, which finds the whole set changed.
    """
    found = []
    for written in headers:
        try:
            header = Header.from_json(dict(written))
        except MalformedHeader:
            continue
        name = f"{header.context.envelope_id}:{header.context.part}"
        share = read_share(shares.get(name))
        if share is None or not share_matches(header, letter, share):
            found.append(name)
    return found


def read_share(text: str | None) -> bytes | None:
    """Read a released share; what is no base64url counts as called unreadable."""
    try:
        return None if text is None else from_base64url(text)
    except ValueError:
        return None
