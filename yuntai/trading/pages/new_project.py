"""Registering an investment project."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import Crumb, Refusal
from yuntai.trading.pages.drafting_forms import ProjectForm
from yuntai.trading.pages.reader import person
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders.services import register_project
from yuntai.trust import clock


@require_http_methods(["GET", "POST"])
def new_project(request: HttpRequest) -> HttpResponse:
    """Show the form of a project, or register it and go on to its tender."""
    caller = permitted(person(request), Permission.PROJECT_REGISTER)
    form = ProjectForm(request.POST or None, by_agency=caller.role == "agency")
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            project = register_project(draft=form.draft(), caller=caller, now=clock.now())
        except DomainError as error:
            refusal = Refusal("项目没有登记", str(error), error.clause)
        else:
            return redirect(f"{reverse('new-tender')}?{urlencode({'project': project.code})}")
    context = {
        "form": form,
        "refusal": refusal,
        "crumbs": (Crumb("工作台", reverse("desk")), Crumb("登记投资项目")),
    }
    refused = refusal is not None or bool(form.errors)
    return render(request, "trading/new_project.html", context, status=422 if refused else 200)
