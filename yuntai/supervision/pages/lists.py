"""What all lists share: pages, filters kept in the address, and how tenders and warnings show as lines."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from yuntai.kernel.templatetags.components import NoticeRow, Option, Pages, Status, WarningNote
from yuntai.supervision.intake.limits import contract_due_at
from yuntai.supervision.intake.stages import Stage, StagedTender
from yuntai.supervision.monitoring.models import TenderWarning
from yuntai.supervision.pages import words

Row = TypeVar("Row", bound=Model)
ROWS = 20


def page_of(rows: QuerySet[Row], request: HttpRequest, *, unit: str) -> tuple[list[Row], Pages]:
    """Return the rows of the page that the address asks for, and where it stands."""
    page = Paginator(rows, ROWS).get_page(request.GET.get("page", "1"))
    parameters = {name: str(value) for name, value in request.GET.items() if name != "page" and value}
    pages = Pages(page.number, page.paginator.num_pages, page.paginator.count, parameters, unit)
    return list(page.object_list), pages


def chosen(request: HttpRequest, name: str, allowed: Mapping[str, str]) -> str:
    """Return the filter `name` of the address when it is a value that the list knows, else ""."""
    value = request.GET.get(name, "")
    return value if value in allowed else ""


def options(choices: Mapping[str, str], every: str) -> tuple[Option, ...]:
    """Return the options of a filter, led by `every`, which stands for no filter."""
    return (Option("", every), *(Option(value, label) for value, label in choices.items()))


def tender_row(tender: StagedTender, *, kind: str = "") -> NoticeRow:
    """Return the line of a tender.  kind: what stands first; "" for its stage."""
    return NoticeRow(
        kind=kind or str(Stage(tender.stage).label),
        title=tender.title,
        url=reverse("tender", args=[tender.tender_code]),
        place=tender.place,
        deadline=due_at(tender),
        deadline_label=words.TURNS_LABELS.get(Stage(tender.stage), ""),
        status=_mark(tender),
        demonstration=tender.demonstration,
    )


def _mark(tender: StagedTender) -> Status | None:
    if tender.final_status:
        return words.end_status(tender.final_status)
    if tender.suspended:
        return Status("已暂停", "alarm")
    return words.failed_lots_status(tender.failed_lots) if tender.failed_lots else None


def due_at(tender: StagedTender) -> datetime | None:
    """Return when the stage of a tender must be over, None when the law sets no end."""
    since = tender.waits_for_contract_since
    if tender.stage == Stage.CONTRACT and since is not None:
        return contract_due_at(since)
    return tender.turns_at


def warning_note(warning: TenderWarning) -> WarningNote:
    """Return how a warning shows in a list; its title names rule and tender and leads to it."""
    return WarningNote(
        title=f"{words.rule_name(warning.rule)}：{warning.tender.title}",
        level=words.level_name(warning.level),
        evidence=warning.evidence,
        clause=warning.clause,
        raised_at=warning.raised_at,
        rule=f"{warning.rule} 第 {warning.rule_version} 版",
        url=reverse("warning", args=[warning.warning_id]),
    )
