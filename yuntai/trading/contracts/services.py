"""Drawing up the contract and signing it, each side with its certificate."""

import base64
import hashlib
from datetime import datetime

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record
from yuntai.kernel.errors import DomainError, NotFound
from yuntai.kernel.outbox.services import publish
from yuntai.kernel.recognition.identification import identify_for_act
from yuntai.procedures.vocabulary import Milestone
from yuntai.standard.messages import ContractSigned
from yuntai.trading.awards.queries import award_of
from yuntai.trading.contracts.models import Contract, ContractSignature, Side
from yuntai.trading.contracts.wording import contract_text
from yuntai.trading.opening.models import OpenedBid
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders.models import FinalStatus
from yuntai.trading.tenders.queries import locked_lot, require_own, require_running
from yuntai.trading.tenders.running import end_lot, reach
from yuntai.trust import certificates
from yuntai.trust.base64url import base64url
from yuntai.trust.certificates import CertificateRefused

PURPOSE = "contract"


class NotAwarded(DomainError):
    """There is no award to contract on."""

    code = "not-awarded"


class ContractExists(DomainError):
    """The contract is drawn up."""

    code = "contract-exists"


class ContractNotFound(NotFound):
    """There is no contract for that lot."""

    code = "contract-not-found"


class NotAParty(DomainError):
    """Only the initiator and the supplier sign."""

    code = "not-a-party"
    status = 403


class SignatureRefused(DomainError):
    """The signature is wrong, or by somebody else's certificate."""

    code = "signature-refused"
    status = 422


class AlreadySigned(DomainError):
    """This side has signed."""

    code = "already-signed"


def to_sign(contract: Contract) -> bytes:
    """Return the bytes that each side signs."""
    return f"yuntai-sign-v1|{PURPOSE}|{contract.sha256}".encode()


def draw_up_contract(*, lot_code: str, caller: Caller, now: datetime) -> Contract:
    """Draw up the contract from the documents and the winning bid; it departs from neither (art. 57).

    :raises NotAwarded: the lot is not awarded.
    :raises ContractExists: it is drawn up.
    """
    caller = permitted(caller, Permission.CONTRACT_DRAW_UP)
    with transaction.atomic():
        lot = locked_lot(lot_code)
        require_own(caller, lot.tender, asked=lot.code)
        require_running(lot)
        award = award_of(lot)
        if award is None:
            raise NotAwarded(f"{lot.code} 尚未定标，还不能拟定合同。")
        if Contract.objects.filter(lot=lot).exists():
            raise ContractExists(f"{lot.code} 的合同已拟定。")
        bid = OpenedBid.objects.get(opening__lot=lot, bidder_code=award.supplier_code)
        text = contract_text(lot=lot, award=award, bid=bid)
        contract = Contract.objects.create(
            lot=lot,
            code=f"{lot.code}-HT",
            initiator_code=lot.tender.project.initiator_code,
            initiator_name=lot.tender.project.initiator_name,
            supplier_code=award.supplier_code,
            supplier_name=award.supplier_name,
            price_yuan=award.price_yuan,
            duration_days=bid.form["duration_days"],
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            drawn_up_at=now,
        )
        record(caller=caller, act="draw-up-contract", subject=contract, before="", now=now)
    return contract


def sign_contract(
    *, lot_code: str, certificate: bytes, signature: bytes, caller: Caller, now: datetime
) -> Contract:
    """Add one side's signature; with the second the contract is concluded and the lot complete.

    certificate: DER.  signature: raw r||s over `to_sign(contract)`.

    :raises ContractNotFound: none is drawn up.
    :raises NotAParty: the caller's organization is neither initiator nor supplier.
    :raises SignatureRefused: the certificate is not the caller's organization's, or the signature is wrong.
    :raises AlreadySigned: this side has signed.
    """
    caller = permitted(caller, Permission.CONTRACT_SIGN)
    with transaction.atomic():
        lot = locked_lot(lot_code)
        require_running(lot)
        contract = Contract.objects.filter(lot=lot).first()
        if contract is None:
            raise ContractNotFound(f"{lot.code} 还没有拟定合同。")
        side = _side_of(contract, caller)
        if contract.signatures.filter(side=side).exists():
            raise AlreadySigned(f"{side.label}已签署 {contract.code}。")
        _check(contract, certificate, signature, caller, now)
        signed = ContractSignature.objects.create(
            contract=contract,
            side=side,
            person_id=caller.person_id,
            person_name=caller.person_name,
            certificate=base64.b64encode(certificate).decode(),
            signature=base64url(signature),
            signed_at=now,
        )
        record(caller=caller, act="sign-contract", subject=signed, before="", now=now)
        if contract.signatures.count() == len(Side):
            reach(lot, Milestone.CONTRACT_SIGNED, now)
            publish(_signed_message(contract, now), now=now)
            end_lot(lot, FinalStatus.COMPLETE, reason="合同已签订", clause="", caller=caller, now=now)
    return contract


def _side_of(contract: Contract, caller: Caller) -> Side:
    sides = {contract.initiator_code: Side.INITIATOR, contract.supplier_code: Side.SUPPLIER}
    side = sides.get(caller.organization_code)
    if side is None:
        raise NotAParty(f"{contract.code} 只由招标人和中标人签署。")
    return side


def _check(contract: Contract, certificate: bytes, signature: bytes, caller: Caller, now: datetime) -> None:
    try:
        identity = identify_for_act(certificate, now)
    except CertificateRefused as error:
        raise SignatureRefused(str(error)) from error
    signer = (identity.organization_code, identity.person_id)
    if signer != (caller.organization_code, caller.person_id):
        raise SignatureRefused("签署所用证书不是当前登录人的证书。请换用本人证书签署。")
    if not certificates.is_signed_by(certificate, to_sign(contract), signature):
        raise SignatureRefused("合同签名验证未通过。请刷新页面核对合同内容后重新签署。")


def _signed_message(contract: Contract, now: datetime) -> ContractSigned:
    return ContractSigned(
        occurred_at=now,
        lot_code=contract.lot.code,
        tender_code=contract.lot.tender.code,
        contract_code=contract.code,
        initiator_code=contract.initiator_code,
        initiator_name=contract.initiator_name,
        supplier_code=contract.supplier_code,
        supplier_name=contract.supplier_name,
        price_yuan=contract.price_yuan,
        signed_at=now,
        contract_sha256=contract.sha256,
    )
