"""Drafting a tender in one guided form: project, tender, lots, deadline, documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import Crumb, Field, FormError, Refusal, errors_of
from yuntai.trading.pages.drafting_forms import MOST_LOTS, LotForms, ProjectForm, TenderForm
from yuntai.trading.pages.reader import person
from yuntai.trading.pages.uploads import KeptFile, UploadRefused, files_of, kept_before
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders import queries
from yuntai.trading.tenders.document_rules import MEGABYTE, MOST_BYTES
from yuntai.trading.tenders.refusals import DocumentRefused
from yuntai.trading.tenders.whole_draft import draft_whole
from yuntai.trust import clock

KEPT = "new-tender"  # where the session keeps what was typed
NEW = "new"
NEW_PROJECT = (NEW, "登记新项目（填写下面几项）")
LOTS = "lots"
LONGEST_KEPT, MOST_KEPT = 1000, 500  # a session is no place for more
DOCUMENTS = Field(
    "documents",
    "招标文件",
    kind="file",
    multiple=True,
    required=False,
    hint=f"可多选，每份不超过 {MOST_BYTES // MEGABYTE} MB。现在没有的，立项后、发布前仍可上传。",
    clause="etendering/20",
)


@dataclass
class Guided:
    """The parts of the form.  typed: None for an empty form."""

    project: ProjectForm
    tender: TenderForm
    lots: Any
    files: list[KeptFile]
    refusal: Refusal | None = None

    @property
    def registers_project(self) -> bool:
        """Whether a new project is registered with the tender."""
        return self.tender["project_code"].value() in {None, "", NEW}

    def is_valid(self) -> bool:
        """Check every part, so that all that is wrong shows at once."""
        parts = [self.tender, self.lots, *([self.project] if self.registers_project else [])]
        outcomes = [part.is_valid() for part in parts]
        return all(outcomes)

    @property
    def errors(self) -> tuple[FormError, ...]:
        """What the summary lists, in the order of the page."""
        errors = errors_of(self.project) if self.registers_project else ()
        errors += errors_of(self.tender)
        for number, lot in enumerate(self.lots, start=1):
            errors += tuple(FormError(each.field, f"标段 {number} {each.text}") for each in errors_of(lot))
        return errors


@require_http_methods(["GET", "POST"])
def new_tender(request: HttpRequest) -> HttpResponse:
    """Show the form, add a lot to it, or draft the tender."""
    caller, now = permitted(person(request), Permission.TENDER_DRAFT), clock.now()
    if request.method == "GET":
        return _show(request, _kept(request, caller, now))
    try:
        files = files_of(request)
    except (UploadRefused, DocumentRefused) as error:
        form = _bound(request.POST, caller, now, files=[])
        form.refusal = Refusal("没有立项", str(error))
        return _show(request, form, status=error.status)
    if request.POST.get("act") == "more":
        _keep(request, files, more_lots=1)
        return redirect(f"{reverse('new-tender')}#lots")
    return _draft(request, _bound(request.POST, caller, now, files), caller, now)


@require_POST
def autosave(request: HttpRequest) -> HttpResponse:
    """Keep what was typed so far with the session."""
    permitted(person(request), Permission.TENDER_DRAFT)
    _keep(request, kept_before(request.POST.getlist("kept")))
    return HttpResponse(status=204)


def _draft(request: HttpRequest, form: Guided, caller: Caller, now: datetime) -> HttpResponse:
    if not form.is_valid():
        return _show(request, form, status=422)
    lots = tuple(lot.draft() for lot in form.lots if lot.has_changed())
    try:
        tender = draft_whole(
            project=form.project.draft() if form.registers_project else None,
            tender_for=lambda code: form.tender.draft(lots, code),
            files=form.files,
            caller=caller,
            now=now,
        )
    except DomainError as error:
        form.refusal = Refusal("没有立项", str(error), error.clause)
        return _show(request, form, status=error.status)
    request.session.pop(KEPT, None)
    return redirect("draft", tender.code)


def _show(request: HttpRequest, form: Guided, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "documents": DOCUMENTS,
        "more": len(form.lots) < MOST_LOTS,
        "crumbs": (Crumb("工作台", reverse("desk")), Crumb("新建招标项目")),
    }
    return render(request, "trading/new_tender.html", context, status=status)


def _bound(typed: QueryDict, caller: Caller, now: datetime, files: list[KeptFile]) -> Guided:
    data = typed.copy()
    data[f"{LOTS}-INITIAL_FORMS"] = "0"  # a lot left empty is no lot, however often the form was shown
    return Guided(
        ProjectForm(data, prefix="project", by_agency=caller.role == "agency"),
        TenderForm(data, projects=_projects(caller, data.get("project_code", "")), now=now),
        LotForms(data, prefix=LOTS),
        files,
    )


def _kept(request: HttpRequest, caller: Caller, now: datetime) -> Guided:
    typed: Mapping[str, list[str]] = request.session.get(KEPT, {})
    values = {name: kept[-1] for name, kept in typed.items() if kept}
    asked = request.GET.get("project", "")
    if asked:
        values["project_code"] = asked
    projects = _projects(caller, values.get("project_code", ""))
    total = values.get(f"{LOTS}-TOTAL_FORMS", "1")
    count = min(int(total), MOST_LOTS) if total.isdecimal() else 1
    lots = [_without_prefix(values, f"{LOTS}-{number}-") for number in range(max(count, 1))]
    return Guided(
        ProjectForm(
            initial=_without_prefix(values, "project-"), prefix="project", by_agency=caller.role == "agency"
        ),
        TenderForm(initial=values, projects=projects, now=now),
        LotForms(initial=lots, prefix=LOTS),
        kept_before(typed.get("kept", [])),
    )


def _keep(request: HttpRequest, files: list[KeptFile], more_lots: int = 0) -> None:
    typed = {
        name: [value[:LONGEST_KEPT] for value in request.POST.getlist(name)]
        for name in list(request.POST)[:MOST_KEPT]
        if name != "csrfmiddlewaretoken"
    }
    total = typed.get(f"{LOTS}-TOTAL_FORMS", ["1"])[-1]
    count = int(total) if total.isdecimal() else 1
    typed[f"{LOTS}-TOTAL_FORMS"] = [str(min(count + more_lots, MOST_LOTS))]
    typed["kept"] = [file.token for file in files]
    request.session[KEPT] = typed


def _projects(caller: Caller, asked: str) -> list[tuple[str, str]]:
    own = [(each.code, f"{each.name}（{each.code}）") for each in queries.own_projects(caller)]
    project = queries.project(asked) if asked and asked not in dict(own) else None
    found = [(project.code, f"{project.name}（{project.code}）")] if project else []
    return [NEW_PROJECT, *found, *own]


def _without_prefix(values: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
