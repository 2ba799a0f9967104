"""Appointing the agency of a project: the initiator names it, changes it, or ends its appointment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import Crumb, Fact, Refusal
from yuntai.trading.pages.drafting_forms import AgencyForm
from yuntai.trading.pages.reader import person
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders import queries
from yuntai.trading.tenders.agencies import appoint_agency
from yuntai.trading.tenders.models import Project
from yuntai.trust import clock


@require_http_methods(["GET", "POST"])
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """Show a project with its agency and the agencies that ask for it, or appoint the one named."""
    caller = permitted(person(request), Permission.AGENCY_APPOINT)
    project = queries.initiated_project(caller, code)
    form = AgencyForm(request.POST or None, initial={"agency_code": request.GET.get("agency", "")})
    if request.method == "GET":
        return _show(request, project, form)
    if not form.is_valid():
        return _show(request, project, form, status=422)
    agency_code = form.cleaned_data["agency_code"]
    try:
        appoint_agency(project_code=code, agency_code=agency_code, caller=caller, now=clock.now())
    except DomainError as error:
        refusal = Refusal("委托没有确认", str(error), error.clause)
        return _show(request, project, form, refusal, error.status)
    return redirect("project-agency", code)


def _show(
    request: HttpRequest,
    project: Project,
    form: AgencyForm,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    drafts = project.tenders.filter(documents_open_at=None).exclude(agency_code__in=["", project.agency_code])
    appointed = (
        Fact("现委托的代理机构", project.agency_name, note=project.agency_code)
        if project.agency_code
        else Fact("现委托的代理机构", "没有委托")
    )
    context = {
        "project": project,
        "form": form,
        "refusal": refusal,
        "facts": (Fact("投资项目", project.name, note=project.code), appointed),
        "asking": drafts.order_by("code"),
        "crumbs": (Crumb("工作台", reverse("desk")), Crumb("委托代理机构")),
    }
    return render(request, "trading/agency.html", context, status=status)
