"""Taking in sealed bids and withdrawing them.  Nothing here tells, or can tell, what is in one."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.documents import store
from yuntai.trading.bids import refusals
from yuntai.trading.bids.models import ONE_PER_BIDDER, Envelope
from yuntai.trading.bids.pseudonyms import pseudonym_of
from yuntai.trading.bids.queries import is_closed
from yuntai.trading.bids.receipts import receipt_for
from yuntai.trading.bids.sealed_acts import seal_act
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders.models import Lot
from yuntai.trading.tenders.queries import lot_for_submitting, require_running
from yuntai.trust import signing
from yuntai.trust.sealing import Header, MalformedHeader

PART = "bid"
SUBMIT = "yuntai-submit-v1"
WITHDRAW = "yuntai-withdraw-v1"


def submit_bid(
    *, lot_code: str, header: dict[str, Any], signature: bytes, caller: Caller, now: datetime
) -> Envelope:
    """Take in a sealed bid and return it with its signed receipt.

    The same bid once more, as when the first answer was lost, gets the receipt it got before.

    header: as `Header.to_json`.  signature: Ed25519 by the header's owner key over
    "yuntai-submit-v1|" + the header's digest.
    now: the instant at which the whole request had arrived; it alone decides the deadline.

    :raises Forbidden: the caller's organization is no registered bidder.
    :raises NotSealed: the header is not of a sealed bid.
    :raises WrongDocuments: it was sealed for another lot or other documents.
    :raises BidTooLate: `now` is at or after the deadline, or the set was closed before the request got here.
    :raises BidIncomplete: the body is not stored in full.
    :raises BidAlreadyReceived: the bidder has a standing bid.
    :raises EnvelopeUsed: this envelope was handed in before and withdrawn, or another has its number.
    """
    caller = permitted(caller, Permission.BID_SUBMIT)
    sealed = _read(header, signature, SUBMIT)
    with transaction.atomic():
        # A shared lock: many may submit at once, but moving the deadline or closing waits for them.
        lot = lot_for_submitting(lot_code)
        bidder = pseudonym_of(lot.tender.code, caller.organization_code)
        if (known := _already_taken(lot, sealed, bidder)) is not None:
            return known
        _require_open(lot, now)
        if _is_too_late(lot, now):
            raise refusals.BidTooLate(f"{lot.code} 已于 {_due(lot)} 截止投标并封标，逾期文件不予接收。")
        _require_outsider(lot, caller)
        _require_fitting(lot, sealed)
        envelope = Envelope(
            lot=lot,
            envelope_id=sealed.context.envelope_id,
            bidder=bidder,
            header=sealed.to_json(),
            header_sha256=sealed.digest(),
            body_sha256=sealed.body_sha256,
            body_length=sealed.body_length,
            receipt=receipt_for(sealed, now),
            received_at=now,
        )
        _store(envelope)
        seal_act(act="submit-bid", lot=lot, envelope_id=envelope.envelope_id, caller=caller, now=now)
    return envelope


def withdraw_bid(
    *, lot_code: str, envelope_id: str, signature: bytes, caller: Caller, now: datetime
) -> Envelope:
    """Withdraw a standing bid before the deadline; its wrapped shares are deleted, so nobody can open it.

    signature: Ed25519 by the owner key over "yuntai-withdraw-v1|" + the header's digest.

    :raises BidNotFound: the caller's organization has no such standing bid.
    :raises WithdrawalTooLate: the deadline has passed, or the set was closed before the request got here.
    :raises NotTheOwner: the signature is not by the key that sealed it.
    """
    caller = permitted(caller, Permission.BID_WITHDRAW)
    with transaction.atomic():
        lot = lot_for_submitting(lot_code)
        _require_open(lot, now)
        if _is_too_late(lot, now):
            raise refusals.WithdrawalTooLate(
                f"{lot.code} 已于 {_due(lot)} 截止投标并封标，投标文件不能再撤回。"
            )
        standing = Envelope.objects.select_for_update().filter(
            lot=lot,
            envelope_id=envelope_id,
            bidder=pseudonym_of(lot.tender.code, caller.organization_code),
            withdrawn_at=None,
        )
        envelope = standing.first()
        if envelope is None:
            raise refusals.BidNotFound("本单位在该标段没有这份可撤回的投标文件，请核对回执上的编号。")
        _read(envelope.header, signature, WITHDRAW)
        envelope.withdrawn_at = now
        envelope.header = envelope.header | {"wrapped_shares": {}}
        envelope.save()
        seal_act(act="withdraw-bid", lot=lot, envelope_id=envelope_id, caller=caller, now=now)
    return envelope


def _store(envelope: Envelope) -> None:
    try:
        with transaction.atomic():
            envelope.save()
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if broken == ONE_PER_BIDDER:
            raise refusals.BidAlreadyReceived(
                "本单位在该标段已有一份有效投标文件。如需更换，请先撤回，再递交新的。"
            ) from error
        if Envelope.objects.filter(envelope_id=envelope.envelope_id).exists():
            raise refusals.EnvelopeUsed(
                "这个密封包的编号已经用过：递交过的密封包，撤回后不能再次递交。请重新密封后再递交。"
            ) from error
        raise


def _is_too_late(lot: Lot, now: datetime) -> bool:
    # A request that arrived in time but was held up may find the set closed: nothing joins or leaves it then.
    return now >= lot.tender.bids_due_at or is_closed(lot)


def _already_taken(lot: Lot, sealed: Header, bidder: str) -> Envelope | None:
    return Envelope.objects.filter(
        lot=lot, bidder=bidder, header_sha256=sealed.digest(), withdrawn_at=None
    ).first()


def _read(header: dict[str, Any], signature: bytes, purpose: str) -> Header:
    try:
        sealed = Header.from_json(header)
    except MalformedHeader as error:
        raise refusals.NotSealed(
            f"收到的不是按接口标准密封的投标文件，已拒收：{error} 请用本页或投标工具重新密封后递交。"
        ) from error
    if not signing.is_valid(sealed.owner_public_key, f"{purpose}|{sealed.digest()}".encode(), signature):
        raise refusals.NotTheOwner("密封时设备密钥的签名不符。请在密封该文件的设备上重新办理。")
    return sealed


def _require_open(lot: Lot, now: datetime) -> None:
    require_running(lot)
    tender = lot.tender
    if tender.documents_open_at is None or now < tender.documents_open_at:
        raise refusals.NotTakingBids(f"{lot.code} 尚未发布公告，还不能递交投标文件。")


def _due(lot: Lot) -> str:
    return f"{localtime(lot.tender.bids_due_at):%Y-%m-%d %H:%M}"


def _require_outsider(lot: Lot, caller: Caller) -> None:
    insiders = {lot.tender.project.initiator_code, lot.tender.agency_code, settings.OPERATOR_CODE} - {""}
    if caller.organization_code in insiders:
        raise refusals.OwnTender("招标人、代理机构和交易系统运营机构不得在本项目投标。")


def _require_fitting(lot: Lot, sealed: Header) -> None:
    context = sealed.context
    wanted = (lot.tender.code, lot.code, PART, lot.tender.documents_sha256)
    if (context.tender, context.lot, context.part, context.documents_sha256) != wanted:
        raise refusals.WrongDocuments(
            "该文件是为其他标段或旧版招标文件密封的。请按当前招标文件重新密封后递交。"
        )
    if not store.is_stored(sealed.body_sha256):
        raise refusals.BidIncomplete(
            "加密文件尚未完整上传。请先上传完毕，再递交；截止时间前未完成视为未递交。"
        )
    if store.path_of(sealed.body_sha256).stat().st_size != sealed.body_length:
        raise refusals.NotSealed("加密文件长度与密封信息不符，已拒收。请重新密封后递交。")
