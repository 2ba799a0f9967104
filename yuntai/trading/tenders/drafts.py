"""Acts on a draft: add a document, move its deadline, discard it.  Nobody outside learns of any of them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localtime

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.documents import store
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders.bid_period import require_possible
from yuntai.trading.tenders.document_rules import require_name, require_room, require_size
from yuntai.trading.tenders.models import Document, HolderKey, Lot, Tender
from yuntai.trading.tenders.queries import locked_draft, own_draft
from yuntai.trading.tenders.refusals import DeadlineOnlyLater


def add_document(
    *, tender_code: str, name: str, sha256: str, size: int, caller: Caller, now: datetime
) -> Document:
    """Add a stored file to a draft's tender documents; one of the same name takes the old one's place.

    :raises AlreadyPublished: the notice is out; a change of the documents is an amendment.
    :raises DocumentRefused: its name or size will not do, or the tender's documents grow too large.
    :raises FileGone: the file was not uploaded.
    """
    caller = permitted(caller, Permission.TENDER_DRAFT)
    require_name(name)
    require_size(name, size)
    if not store.is_stored(sha256):
        raise store.FileGone(f"没有收到 {name} 的文件内容，请重新上传。")
    with transaction.atomic():
        draft = locked_draft(caller, tender_code)
        require_room(name, size, others=_size_of_others(draft, name))
        document = Document.objects.filter(tender=draft, name=name).first()
        before = version_of(document)
        document = document or Document(tender=draft, name=name)
        document.sha256, document.size, document.added_at = sha256, size, now
        document.save()
        record(caller=caller, act="add-document", subject=document, before=before, now=now)
    return document


def require_may_add(*, tender_code: str, name: str, size: int, caller: Caller) -> None:
    """Check, before a file is stored, all that `add_document` will check of it.  size: as announced, bytes.

    :raises DomainError: what `add_document` raises.
    """
    caller = permitted(caller, Permission.TENDER_DRAFT)
    draft = own_draft(caller, tender_code)
    require_name(name)
    require_size(name, size)
    require_room(name, size, others=_size_of_others(draft, name))


def move_draft_deadline(*, tender_code: str, bids_due_at: datetime, caller: Caller, now: datetime) -> Tender:
    """Move the deadline of a draft later; the holders, who ask what is wanted, move their keys along.

    :raises AlreadyPublished: the notice is out.
    :raises DeadlineOnlyLater: it is not later than the deadline so far.
    :raises DeadlinePassed, DeadlineTooFar, DeadlineTooSoon: see `bid_period.require_possible`.
    """
    caller = permitted(caller, Permission.TENDER_DRAFT)
    with transaction.atomic():
        draft = locked_draft(caller, tender_code)
        if bids_due_at <= draft.bids_due_at:
            raise DeadlineOnlyLater(
                f"投标截止时间只能推迟：须晚于现定的 {localtime(draft.bids_due_at):%Y-%m-%d %H:%M}，"
                "因为保管方的开标密钥已与它绑定。要提前的，请撤销草稿后重新立项。"
            )
        require_possible(draft.procedure, bids_due_at, must_tender=draft.must_tender, now=now)
        before = version_of(draft)
        draft.bids_due_at = bids_due_at
        draft.save()
        record(caller=caller, act="move-draft-deadline", subject=draft, before=before, now=now)
    return draft


def discard_draft(*, tender_code: str, caller: Caller, now: datetime) -> None:
    """Discard a draft with its lots, documents and holders' keys; its number is not given again.

    Stored files stay: they lie by their digest, and another tender may have the same ones.

    :raises AlreadyPublished: the notice is out; a published tender is cancelled, not discarded.
    """
    caller = permitted(caller, Permission.TENDER_DISCARD)
    with transaction.atomic():
        draft = locked_draft(caller, tender_code)
        before = version_of(draft)
        detail = {
            "title": draft.title,
            "lots": list(draft.lots.order_by("code").values_list("code", flat=True)),
            "documents": list(draft.documents.order_by("name").values_list("name", flat=True)),
        }
        HolderKey.objects.filter(lot__tender=draft).delete()
        Lot.objects.filter(tender=draft).delete()
        Document.objects.filter(tender=draft).delete()
        draft.delete()
        record(caller=caller, act="discard-draft", subject=draft, before=before, now=now, detail=detail)


def _size_of_others(draft: Tender, name: str) -> int:
    others = draft.documents.exclude(name=name).aggregate(total=Sum("size"))
    return int(others["total"] or 0)
