"""Acts on a running tender that every later app needs: reach a milestone, end, suspend, resume."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.outbox.services import publish
from yuntai.procedures.vocabulary import Milestone
from yuntai.standard.messages import LotEnded, TenderEnded, TenderResumed, TenderSuspended
from yuntai.trading.tenders.models import FinalStatus, Lot, LotMilestone, Suspension, Tender
from yuntai.trading.tenders.queries import locked_tender
from yuntai.trading.tenders.refusals import Ended, NotSuspended


def reach(lot: Lot, milestone: Milestone, at: datetime) -> None:
    """Store that `lot` reached `milestone`; the caller holds the lot's lock and writes the audit row."""
    LotMilestone.objects.create(lot=lot, milestone=milestone.value, at=at)


def end_lot(
    lot: Lot, status: FinalStatus, *, reason: str, clause: str, caller: Caller, now: datetime
) -> None:
    """End a lot for good and tell so, and its tender with the last of its lots; the caller holds both locks.

    reason, clause: stored with the lot; a completed lot's end is told without them, since it needs no reason.
    """
    before = version_of(lot)
    lot.final_status, lot.final_reason, lot.next_due_at = status.value, reason, None
    lot.save()
    record(caller=caller, act="end-lot", subject=lot, before=before, now=now)
    completed = status is FinalStatus.COMPLETE
    told = LotEnded(
        occurred_at=now,
        lot_code=lot.code,
        tender_code=lot.tender.code,
        final_status=status.value,  # type: ignore[arg-type]  # FinalStatus has the same three values
        reason="" if completed else reason,
        clause="" if completed else clause,
    )
    publish(told, now=now)
    _tell_tenders_end(lot.tender, told, now)


def _tell_tenders_end(tender: Tender, last: LotEnded, now: datetime) -> None:
    """Tell that the tender ended when no lot runs any more.  last: the end of the lot just told."""
    statuses = list(Lot.objects.filter(tender=tender).values_list("final_status", flat=True))
    if "" in statuses:
        return
    # A tender with one completed lot is complete; else it shares the fate of its lots.
    overall = FinalStatus.COMPLETE.value if FinalStatus.COMPLETE in statuses else last.final_status
    only = len(statuses) == 1
    told = TenderEnded(
        occurred_at=now,
        tender_code=tender.code,
        final_status=overall,  # type: ignore[arg-type]  # FinalStatus has the same three values
        reason=last.reason if only else "",
        clause=last.clause if only else "",
    )
    publish(told, now=now)


def suspend_tender(
    *, tender_code: str, reason: str, directive_id: str, directed_by: str, caller: Caller, now: datetime
) -> Suspension:
    """Let a tender stand still on an authority's directive; a directive obeyed before changes nothing.

    A second directive stands beside the first and is answered like it: both must be lifted.

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
        suspension = Suspension.objects.create(
            tender=tender,
            began_at=now,
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
    *,
    tender_code: str,
    reason: str,
    directive_id: str,
    lifted_directive_id: str,
    caller: Caller,
    now: datetime,
) -> Tender:
    """Lift one suspension; the tender goes on when no other stands, and gets the lost days back.

    The deadline and the end of a standstill move by the time the tender stood still, if they were ahead then.
    Lifting one of several is told to the audit trail only.  When the tender really goes on, each resumption
    of that standing time is answered by a `TenderResumed` of its own, so that no directive stays unanswered.
    A resumption obeyed before changes nothing and is not answered twice.

    directive_id: of the resumption.  lifted_directive_id: of the suspension it lifts.

    :raises TenderNotFound: there is none with that code.
    :raises NotSuspended: the tender has no standing suspension by that directive.
    """
    with transaction.atomic():
        tender = locked_tender(tender_code)
        if directive_id and Suspension.objects.filter(lifted_by=directive_id).exists():
            return tender
        standing = tender.suspensions.select_for_update().filter(ended_at=None)
        suspension = standing.filter(directive_id=lifted_directive_id).first()
        if suspension is None:
            raise NotSuspended(
                f"{tender.code} 没有因指令 {lifted_directive_id} 而处于暂停的事项，无需恢复。请核对指令编号。"
            )
        before = version_of(suspension)
        suspension.ended_at, suspension.lifted_by, suspension.lifted_reason = now, directive_id, reason
        suspension.save()
        record(caller=caller, act="lift-suspension", subject=suspension, before=before, now=now)
        if not standing.exists():
            _go_on(tender, caller, now)
    return tender


def _go_on(tender: Tender, caller: Caller, now: datetime) -> None:
    """Give back the lost days, wake the worker, and answer every resumption of the time just ended."""
    stood_still = _standing_time(tender, now)
    since = min(each.began_at for each in stood_still)
    before = version_of(tender)
    if since < tender.bids_due_at:
        # Bidders lose no day; the holders move their keys' instant along before they release anything.
        tender.bids_due_at += now - since
        tender.save()
    moved = _move_standstills(tender, since, now - since)
    if tender.documents_open_at is not None:
        # What is open already waits for people, not for the clock.
        waiting = tender.lots.filter(final_status="").exclude(milestones__milestone=Milestone.OPENED.value)
        waiting.update(next_due_at=max(tender.bids_due_at, now))
    detail = {"since": since.isoformat(), "standstills": moved}
    record(caller=caller, act="resume-tender", subject=tender, before=before, now=now, detail=detail)
    for each in stood_still:
        publish(
            TenderResumed(
                occurred_at=now,
                tender_code=tender.code,
                reason=each.lifted_reason[:200],
                directive_id=each.lifted_by,
                resumed_at=now,
                bids_due_at=tender.bids_due_at,
            ),
            now=now,
        )


def _standing_time(tender: Tender, until: datetime) -> Sequence[Suspension]:
    """Return the suspensions that, one overlapping the next, make one standing time up to `until`."""
    found: list[Suspension] = []
    since = until
    for each in tender.suspensions.order_by("-began_at", "-id"):
        # One that ended at the very instant the next began was followed by a moment of running.
        if each.ended_at is not None and (each.ended_at > since or each.ended_at == until):
            found.append(each)
            since = each.began_at
    return sorted(found, key=lambda each: (each.ended_at, each.pk))


def _move_standstills(tender: Tender, since: datetime, lost: timedelta) -> dict[str, str]:
    """Move each end of a standstill that was ahead at `since`; return the new ends by lot code."""
    ends = LotMilestone.objects.select_related("lot").filter(
        lot__tender=tender,
        lot__final_status="",
        milestone=Milestone.STANDSTILL_CLOSED.value,
        at__gt=since,
    )
    moved = {}
    for end in ends:
        end.at += lost
        end.save()
        moved[end.lot.code] = end.at.isoformat()
    return moved
