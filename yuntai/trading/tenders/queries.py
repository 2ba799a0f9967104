"""Reads of tenders and lots, and the locks under which they are changed."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import localtime

from yuntai.kernel.accounts.caller import Caller
from yuntai.procedures.vocabulary import Milestone, Stage
from yuntai.trading.tenders.models import (
    Document,
    FinalStatus,
    HolderKey,
    Lot,
    LotMilestone,
    Project,
    Tender,
)
from yuntai.trading.tenders.refusals import AlreadyPublished, Ended, NotYours, Suspended, TenderNotFound
from yuntai.trust.sealing import HOLDERS


def tender(code: str) -> Tender:
    """Return the tender with that code.

    :raises TenderNotFound: there is none.
    """
    found = Tender.objects.select_related("project").filter(code=code).first()
    if found is None:
        raise no_tender(code)
    return found


def lot(code: str) -> Lot:
    """Return the lot with that code, its tender and project with it.

    :raises TenderNotFound: there is none.
    """
    found = Lot.objects.select_related("tender__project").filter(code=code).first()
    if found is None:
        raise no_tender(code)
    return found


def locked_tender(code: str) -> Tender:
    """Return the tender, locked until the transaction ends: no act on it can cross.

    :raises TenderNotFound: there is none.
    """
    found = Tender.objects.select_for_update(of=("self",)).select_related("project").filter(code=code).first()
    if found is None:
        raise no_tender(code)
    return found


def locked_project(code: str) -> Project:
    """Return the project, locked until the transaction ends.

    :raises TenderNotFound: there is none.
    """
    found = Project.objects.select_for_update().filter(code=code).first()
    if found is None:
        raise no_project(code)
    return found


def own_draft(caller: Caller, code: str) -> Tender:
    """Return a draft of the caller's organization as it stands, without a lock.

    :raises TenderNotFound: there is none with that code, or it is another's draft.
    :raises NotYours: it is another's, and published.
    :raises AlreadyPublished: its notice is out.
    """
    return _require_draft(caller, tender(code))


def locked_draft(caller: Caller, code: str) -> Tender:
    """Return a draft of the caller's organization, locked; refusals as in `own_draft`."""
    return _require_draft(caller, locked_tender(code))


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

    :raises TenderNotFound: there is none, or its tender is a draft.
    """
    known = lot(code)
    shared = Tender.objects.raw("SELECT * FROM tenders_tender WHERE id = %s FOR SHARE", [known.tender_id])
    its_tender = next(iter(shared), None)
    if its_tender is None or its_tender.documents_open_at is None:  # a draft, or one discarded meanwhile
        raise no_tender(code)
    known.tender = its_tender
    return known


def require_running(of: Lot) -> None:
    """Check that `of` is published and has neither ended nor been suspended.

    :raises TenderNotFound: its tender is a draft.
    :raises Ended: it has a final status.
    :raises Suspended: its tender stands still.
    """
    if of.tender.documents_open_at is None:
        raise no_tender(of.code)
    if of.final_status:
        raise Ended(f"{of.code} 已{FinalStatus(of.final_status).label}，不能再办理。")
    suspension = of.tender.suspensions.filter(ended_at=None).first()
    if suspension is not None:
        raise Suspended(f"{of.tender.code} 正在暂停（{suspension.reason}），恢复后才能继续办理。")


def require_own(caller: Caller, of: Tender, *, asked: str = "") -> None:
    """Check that `caller` acts for the tender's initiator or its agency.

    asked: the code the caller named, when that was a lot's.

    :raises TenderNotFound: it does not, and the tender is a draft: nobody else learns that there is one.
    :raises NotYours: it does not.
    """
    if not is_own(caller, of):
        if of.documents_open_at is None:
            raise no_tender(asked or of.code)
        raise NotYours(f"{of.code} 由 {of.project.initiator_name} 发起，只有该单位及其代理机构可以办理。")


def holder_keys(of: Lot) -> dict[str, bytes]:
    """Return the holders' public keys for a lot, by letter."""
    return {key.letter: bytes(key.public_key) for key in of.holder_keys.all()}


def missing_letters(of: Lot) -> list[str]:
    """Return the letters of the holders that have no key bound to the lot's deadline yet."""
    bound = of.holder_keys.filter(opens_at=F("lot__tender__bids_due_at"))
    present = set(bound.values_list("letter", flat=True))
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


def visible_tender(caller: Caller | None, code: str) -> Tender:
    """Return a tender whose notice is out, or a draft of the caller's own organization.

    :raises TenderNotFound: there is none, or it is somebody else's draft.
    """
    found = tender(code)
    if found.documents_open_at is None and (caller is None or not is_own(caller, found)):
        raise no_tender(code)
    return found


def published_lot(code: str) -> Lot:
    """Return a lot whose tender's notice is out.

    :raises TenderNotFound: there is none, or its tender is a draft.
    """
    found = lot(code)
    if found.tender.documents_open_at is None:
        raise no_tender(code)
    return found


def is_own(caller: Caller, of: Tender) -> bool:
    """Return whether `caller` acts for the tender's initiator or its agency."""
    return caller.organization_code in {of.project.initiator_code, of.agency_code}


def visible_document(caller: Caller | None, sha256: str, name: str) -> Document:
    """Return a tender document by digest and name; one of a draft only to those who draft it.

    :raises TenderNotFound: no visible tender has it.
    """
    found = Document.objects.select_related("tender__project").filter(sha256=sha256, name=name)
    for document in found.order_by("-tender__documents_open_at"):
        its_tender = document.tender
        if its_tender.documents_open_at is not None or (caller is not None and is_own(caller, its_tender)):
            return document
    raise TenderNotFound(f"没有名为 {name}、摘要相符的招标文件。请从招标项目页重新下载。")


def own_projects(caller: Caller) -> QuerySet[Project]:
    """Return the projects that the caller may draft tenders of, newest first."""
    code = caller.organization_code
    mine = Q(initiator_code=code)
    if "agency" in caller.roles:
        mine |= Q(agency_code=code) | Q(registered_by=code)
    return Project.objects.filter(mine).order_by("-id")


def matching(tenders: QuerySet[Tender], text: str) -> QuerySet[Tender]:
    """Return those of `tenders` whose title, initiator or code has `text` in it."""
    return tenders.filter(
        Q(title__icontains=text) | Q(project__initiator_name__icontains=text) | Q(code__istartswith=text)
    )


def in_stage(tenders: QuerySet[Tender], stage: Stage, now: datetime) -> QuerySet[Tender]:
    """Return those of `tenders` that have a running lot between the two milestones of `stage`."""
    running = Lot.objects.filter(_reached(stage.opens, now), ~_reached(stage.closes, now), final_status="")
    return tenders.filter(Exists(running.filter(tender=OuterRef("pk"))))


def ended(tenders: QuerySet[Tender]) -> QuerySet[Tender]:
    """Return those of `tenders` whose lots have all come to their end."""
    return tenders.exclude(Exists(Lot.objects.filter(tender=OuterRef("pk"), final_status="")))


def suspended(tenders: QuerySet[Tender]) -> QuerySet[Tender]:
    """Return those of `tenders` that stand still."""
    return tenders.filter(suspensions__isnull=False, suspensions__ended_at=None).distinct()


def _reached(milestone: Milestone, now: datetime) -> Q:
    """Return the condition that a lot has passed `milestone`; the tender fixes some for all its lots."""
    if milestone is Milestone.DOCUMENTS_OPEN:
        return Q(tender__documents_open_at__lte=now)
    if milestone in {Milestone.BIDS_DUE, Milestone.DOCUMENTS_CLOSED}:
        return Q(tender__bids_due_at__lte=now)
    return Q(Exists(LotMilestone.objects.filter(lot=OuterRef("pk"), milestone=milestone.value, at__lte=now)))


def _require_draft(caller: Caller, found: Tender) -> Tender:
    require_own(caller, found)
    if found.documents_open_at is not None:
        at = localtime(found.documents_open_at)
        raise AlreadyPublished(f"{found.code} 已于 {at:%Y-%m-%d %H:%M} 发布公告，不能再改草稿。")
    return found


def initiated_project(caller: Caller, code: str) -> Project:
    """Return a project whose initiator the caller's organization is.

    :raises TenderNotFound: there is none.
    """
    found = Project.objects.filter(code=code, initiator_code=caller.organization_code).first()
    if found is None:
        raise no_project(code)
    return found


def no_project(code: str) -> TenderNotFound:
    """Return the one answer for a project that is not there and for one that is not the caller's."""
    return TenderNotFound(
        f"没有编号为 {code} 的本单位投资项目。请核对编号；代理机构须先由招标人在该项目上确认委托。"
    )


def no_tender(code: str) -> TenderNotFound:
    """Return the one answer for what is not there and for a draft that is not the caller's."""
    return TenderNotFound(f"没有编号为 {code} 的招标项目或标段，请核对编号。")
