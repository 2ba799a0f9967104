"""Reads of tenders and lots, and the locks under which they are changed."""

from collections.abc import Iterable

from django.db.models import QuerySet

from yuntai.kernel.accounts.caller import Caller
from yuntai.trading.tenders.models import FinalStatus, HolderKey, Lot, Tender
from yuntai.trading.tenders.refusals import Ended, NotYours, Suspended, TenderNotFound
from yuntai.trust.sealing import HOLDERS


def tender(code: str) -> Tender:
    """Return the tender with that code.

    :raises TenderNotFound: there is none.
    """
    found = Tender.objects.select_related("project").filter(code=code).first()
    if found is None:
        raise _no_tender(code)
    return found


def lot(code: str) -> Lot:
    """Return the lot with that code, its tender and project with it.

    :raises TenderNotFound: there is none.
    """
    found = Lot.objects.select_related("tender__project").filter(code=code).first()
    if found is None:
        raise _no_tender(code)
    return found


def locked_tender(code: str) -> Tender:
    """Return the tender, locked until the transaction ends: no act on it can cross.

    :raises TenderNotFound: there is none.
    """
    found = Tender.objects.select_for_update(of=("self",)).select_related("project").filter(code=code).first()
    if found is None:
        raise _no_tender(code)
    return found


def locked_lot(code: str) -> Lot:
    """Return the lot with its tender, both locked, the tender first.

    :raises TenderNotFound: there is none.
    """
    its_tender = locked_tender(lot(code).tender.code)
    found = Lot.objects.select_for_update().get(code=code)
    found.tender = its_tender
    return found


def lot_for_submitting(code: str) -> Lot:
    """Return the lot with its tender under a shared lock.

    Many bids may come in at once; moving the deadline, suspending and closing wait for them, and they for it.

    :raises TenderNotFound: there is none.
    """
    known = lot(code)
    shared = Tender.objects.raw("SELECT * FROM tenders_tender WHERE id = %s FOR SHARE", [known.tender_id])
    known.tender = next(iter(shared))
    return known


def is_suspended(of: Tender) -> bool:
    """Return whether the tender stands still."""
    return of.suspensions.filter(ended_at=None).exists()


def require_running(of: Lot) -> None:
    """Check that `of` has neither ended nor been suspended.

    :raises Ended: it has a final status.
    :raises Suspended: its tender stands still.
    """
    if of.final_status:
        raise Ended(f"{of.code} 已{FinalStatus(of.final_status).label}，不能再办理。")
    suspension = of.tender.suspensions.filter(ended_at=None).first()
    if suspension is not None:
        raise Suspended(f"{of.tender.code} 正在暂停（{suspension.reason}），恢复后才能继续办理。")


def require_own(caller: Caller, of: Tender) -> None:
    """Check that `caller` acts for the tender's initiator or its agency.

    :raises NotYours: it does not.
    """
    if caller.organization_code not in {of.project.initiator_code, of.agency_code}:
        raise NotYours(f"{of.code} 由 {of.project.initiator_name} 发起，只有该单位及其代理机构可以办理。")


def holder_keys(of: Lot) -> dict[str, bytes]:
    """Return the holders' public keys for a lot, by letter."""
    return {key.letter: bytes(key.public_key) for key in of.holder_keys.all()}


def missing_letters(of: Lot) -> list[str]:
    """Return the letters of the holders that have no key for the lot yet."""
    present = set(of.holder_keys.values_list("letter", flat=True))
    return [letter for letter in HOLDERS if letter not in present]


def lots_wanting_keys(letter: str) -> Iterable[Lot]:
    """Yield lots for which the holder `letter` must make a key, or move its instant to a later deadline."""
    open_lots = Lot.objects.filter(final_status="").select_related("tender")
    known = {key.lot_id: key.opens_at for key in HolderKey.objects.filter(letter=letter, lot__in=open_lots)}
    for each in open_lots:
        if each.pk not in known or known[each.pk] < each.tender.bids_due_at:
            yield each


def published() -> QuerySet[Tender]:
    """Return the tenders whose notice is out, newest first."""
    return (
        Tender.objects.filter(documents_open_at__isnull=False)
        .select_related("project")
        .prefetch_related("lots__milestones", "suspensions")
        .order_by("-documents_open_at", "-id")
    )


def own_tenders(caller: Caller) -> QuerySet[Tender]:
    """Return the tenders of the caller's organization as initiator or agency, newest first."""
    code = caller.organization_code
    mine = Tender.objects.filter(project__initiator_code=code) | Tender.objects.filter(agency_code=code)
    return mine.select_related("project").prefetch_related("lots__milestones", "suspensions").order_by("-id")


def _no_tender(code: str) -> TenderNotFound:
    return TenderNotFound(f"没有编号为 {code} 的招标项目或标段，请核对编号。")
