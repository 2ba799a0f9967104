"""Taking in what trading systems tell of a lot: opening record, candidates, award, contract, end.

Like `services`: each act may come twice and changes things once.
"""

from datetime import datetime

from django.db import transaction

from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.inbox.apply import Delivery
from yuntai.standard.canonical import digest
from yuntai.standard.messages import (
    AwardPublished,
    CandidatesPublished,
    ContractSigned,
    LotEnded,
    OpeningRecorded,
)
from yuntai.supervision.intake.models import AwardCandidate, OpenedBid, WatchedLot
from yuntai.supervision.intake.services import UnknownTender, changed_facts, tender_told_by

LotMessage = OpeningRecorded | CandidatesPublished | AwardPublished | ContractSigned | LotEnded


def note_opening(*, message: OpeningRecorded, delivery: Delivery, now: datetime) -> None:
    """Keep the opening record of a lot.

    :raises UnknownTender, ForeignMessage: see `tender_told_by`.
    """
    with transaction.atomic():
        lot = _lot_of(message, delivery)
        facts = {"opened_at": message.opened_at, "opening_sha256": digest(message.body())}
        if _note(lot, facts, act="note-opening", delivery=delivery, now=now):
            # An opening record told anew takes the place of the earlier one; both messages stay readable.
            OpenedBid.objects.filter(lot=lot).delete()
            OpenedBid.objects.bulk_create(
                OpenedBid(lot=lot, **bid.model_dump(exclude={"header_sha256"})) for bid in message.bids
            )


def note_candidates(*, message: CandidatesPublished, delivery: Delivery, now: datetime) -> None:
    """Keep the award candidates of a lot and their standstill.

    :raises UnknownTender, ForeignMessage: see `tender_told_by`.
    """
    with transaction.atomic():
        lot = _lot_of(message, delivery)
        facts = {
            "candidates_published_at": message.occurred_at,
            "candidates_sha256": digest(message.body()),
            "standstill_opens_at": message.standstill_opens_at,
            "standstill_closes_at": message.standstill_closes_at,
        }
        if _note(lot, facts, act="note-candidates", delivery=delivery, now=now):
            AwardCandidate.objects.filter(lot=lot).delete()
            AwardCandidate.objects.bulk_create(
                AwardCandidate(lot=lot, **each.model_dump()) for each in message.candidates
            )


def note_award(*, message: AwardPublished, delivery: Delivery, now: datetime) -> None:
    """Keep the award of a lot.

    :raises UnknownTender, ForeignMessage: see `tender_told_by`.
    """
    facts = {
        "awarded_at": message.awarded_at,
        "supplier_code": message.supplier_code,
        "supplier_name": message.supplier_name,
        "award_price_yuan": message.price_yuan,
    }
    with transaction.atomic():
        _note(_lot_of(message, delivery), facts, act="note-award", delivery=delivery, now=now)


def note_contract(*, message: ContractSigned, delivery: Delivery, now: datetime) -> None:
    """Keep that the contract of a lot was signed.

    :raises UnknownTender, ForeignMessage: see `tender_told_by`.
    """
    facts = {
        "contract_signed_at": message.signed_at,
        "contract_code": message.contract_code,
        "contract_price_yuan": message.price_yuan,
        "contract_sha256": message.contract_sha256,
    }
    with transaction.atomic():
        _note(_lot_of(message, delivery), facts, act="note-contract", delivery=delivery, now=now)


def note_lot_end(*, message: LotEnded, delivery: Delivery, now: datetime) -> None:
    """Keep how a lot ended; it has one end, the first that was told.

    :raises UnknownTender, ForeignMessage: see `tender_told_by`.
    """
    with transaction.atomic():
        lot = _lot_of(message, delivery)
        if lot.final_status:
            return
        facts: dict[str, object] = {
            "final_status": message.final_status,
            "ended_at": message.occurred_at,
            "end_reason": message.reason,
            "end_clause": message.clause,
        }
        _note(lot, facts, act="note-lot-end", delivery=delivery, now=now)


def _lot_of(message: LotMessage, delivery: Delivery) -> WatchedLot:
    tender = tender_told_by(message.tender_code, delivery)
    lot = WatchedLot.objects.filter(tender=tender, lot_code=message.lot_code).first()
    if lot is None:
        raise UnknownTender(
            f"项目 {message.tender_code} 登记时没有标段 {message.lot_code}，不能记入。请核对标段编号。"
        )
    return lot


def _note(lot: WatchedLot, facts: dict[str, object], *, act: str, delivery: Delivery, now: datetime) -> bool:
    """Save `facts` on `lot` with their audit row; return False when all of them stood there already."""
    before = version_of(lot)
    if not changed_facts(lot, facts):
        return False
    lot.save()
    record(caller=delivery.caller, act=act, subject=lot, before=before, now=now)
    return True
