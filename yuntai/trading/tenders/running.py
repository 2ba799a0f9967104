"""Acts on a running tender that every later app needs: reach a milestone, end, suspend, resume."""

from datetime import datetime

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.outbox.services import publish
from yuntai.procedures.vocabulary import Milestone
from yuntai.standard.messages import TenderEnded, TenderResumed, TenderSuspended
from yuntai.trading.tenders.models import FinalStatus, Lot, LotMilestone, Suspension, Tender
from yuntai.trading.tenders.queries import locked_tender
from yuntai.trading.tenders.refusals import Ended, NotSuspended


def reach(lot: Lot, milestone: Milestone, at: datetime) -> None:
    """Store that `lot` reached `milestone`; the caller holds the lot's lock and writes the audit row."""
    LotMilestone.objects.create(lot=lot, milestone=milestone.value, at=at)


def end_lot(
    lot: Lot, status: FinalStatus, *, reason: str, clause: str, caller: Caller, now: datetime
) -> None:
    """End a lot for good, and its tender with the last of its lots; the caller holds both locks."""
    before = version_of(lot)
    lot.final_status, lot.final_reason, lot.next_due_at = status.value, reason, None
    lot.save()
    record(caller=caller, act="end-lot", subject=lot, before=before, now=now)
    statuses = set(Lot.objects.filter(tender=lot.tender).values_list("final_status", flat=True))
    if "" in statuses:
        return
    # A tender with one completed lot is complete; else it shares the fate of its lots.
    overall = FinalStatus.COMPLETE.value if FinalStatus.COMPLETE in statuses else status.value
    told = TenderEnded(
        occurred_at=now,
        tender_code=lot.tender.code,
        final_status=overall,  # type: ignore[arg-type]  # FinalStatus has the same three values
        reason=reason,
        clause=clause,
    )
    publish(told, now=now)


def suspend_tender(
    *, tender_code: str, reason: str, directive_id: str, directed_by: str, caller: Caller, now: datetime
) -> Suspension:
    """Let a tender stand still on an authority's directive; a directive obeyed before changes nothing.

    :raises TenderNotFound: there is none with that code.
    :raises Ended: every lot has ended; there is nothing left to suspend.
    """
    with transaction.atomic():
        tender = locked_tender(tender_code)
        obeyed = Suspension.objects.filter(tender=tender, directive_id=directive_id).first()
        if obeyed is not None:
            return obeyed
        if not tender.lots.filter(final_status="").exists():
            raise Ended(f"{tender.code} 已结束，无可暂停的活动。")
        # A second directive finds the tender standing still: it is noted and answered, nothing else changes.
        running = tender.suspensions.filter(ended_at=None).exists()
        suspension = Suspension.objects.create(
            tender=tender,
            began_at=now,
            ended_at=now if running else None,
            reason=reason,
            directive_id=directive_id,
            directed_by=directed_by,
        )
        Lot.objects.filter(tender=tender).update(next_due_at=None)
        record(caller=caller, act="suspend-tender", subject=suspension, before="", now=now)
        publish(
            TenderSuspended(
                occurred_at=now,
                tender_code=tender.code,
                reason=reason[:200],
                directive_id=directive_id,
                suspended_at=now,
            ),
            now=now,
        )
    return suspension


def resume_tender(
    *, tender_code: str, reason: str, directive_id: str, caller: Caller, now: datetime
) -> Tender:
    """Let a suspended tender go on; a deadline that was still ahead moves by the time it stood still.

    :raises TenderNotFound: there is none with that code.
    :raises NotSuspended: it is not suspended.
    """
    with transaction.atomic():
        tender = locked_tender(tender_code)
        suspension = tender.suspensions.select_for_update().filter(ended_at=None).first()
        if suspension is None:
            raise NotSuspended(f"{tender.code} 没有处于暂停状态，无需恢复。")
        before = version_of(tender)
        suspension.ended_at = now
        suspension.save()
        if suspension.began_at < tender.bids_due_at:
            # Bidders lose no day; the holders move their keys' instant along before they release anything.
            tender.bids_due_at += now - suspension.began_at
            tender.save()
        due_at = max(tender.bids_due_at, now)
        Lot.objects.filter(tender=tender, final_status="").update(next_due_at=due_at)
        record(caller=caller, act="resume-tender", subject=tender, before=before, now=now)
        publish(
            TenderResumed(
                occurred_at=now,
                tender_code=tender.code,
                reason=reason[:200],
                directive_id=directive_id,
                resumed_at=now,
                bids_due_at=tender.bids_due_at,
            ),
            now=now,
        )
    return tender
