"""A tender drafted in one go: its project if new, the tender with its lots, its documents.

All or nothing: one transaction around the acts, each with its own checks and audit entry.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.trading.tenders.drafting import DocumentDraft, ProjectDraft, TenderDraft
from yuntai.trading.tenders.drafts import add_document
from yuntai.trading.tenders.models import Tender
from yuntai.trading.tenders.services import draft_tender, register_project


def draft_whole(
    *,
    project: ProjectDraft | None,
    tender_for: Callable[[str], TenderDraft],
    files: Iterable[DocumentDraft],
    caller: Caller,
    now: datetime,
) -> Tender:
    """Draft a tender with its documents, and register its project first when one is given.

    tender_for: returns the draft for a new project's code, "" when none was registered here.

    :raises DomainError: what the three services raise; nothing is kept then.
    """
    with transaction.atomic():
        code = register_project(draft=project, caller=caller, now=now).code if project else ""
        tender = draft_tender(draft=tender_for(code), caller=caller, now=now)
        add_files(tender_code=tender.code, files=files, caller=caller, now=now)
    return tender


def add_files(*, tender_code: str, files: Iterable[DocumentDraft], caller: Caller, now: datetime) -> None:
    """Add stored files to a draft's documents, all or none.

    :raises DomainError: what `add_document` raises.
    """
    with transaction.atomic():
        for file in files:
            add_document(
                tender_code=tender_code,
                name=file.name,
                sha256=file.sha256,
                size=file.size,
                caller=caller,
                now=now,
            )
