"""Who answers for a system (主要负责人员): the lines of a form, and the page that changes them."""

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yuntai.kernel.accounts.caller import required
from yuntai.kernel.accounts.middleware import caller_of
from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import Crumb
from yuntai.publicservice.pages.own_system import own_system_view
from yuntai.publicservice.systems import services
from yuntai.publicservice.systems.entering import Responsible
from yuntai.publicservice.systems.queries import SystemView
from yuntai.trust import clock

MISSING = "没有填写。请填写后再提交。"
LINES = 3
"""How many persons an empty form takes; the interface takes ten."""


def add_lines(form: forms.Form, lines: int = LINES) -> None:
    """Give `form` a name and a duty for each of `lines` persons; the first must be filled."""
    for number in range(1, lines + 1):
        first = number == 1
        form.fields[f"name_{number}"] = forms.CharField(
            label=f"负责人员 {number} 的姓名",
            max_length=50,
            required=first,
            help_text="依法对外公布。" if first else "",
            error_messages={"required": MISSING},
        )
        form.fields[f"duty_{number}"] = forms.CharField(
            label=f"负责人员 {number} 的职务",
            max_length=50,
            required=first,
            help_text="如主要负责人、技术负责人。" if first else "",
            error_messages={"required": MISSING},
        )


def persons(form: forms.Form) -> tuple[Responsible, ...]:
    """Return who was typed into a valid form, empty lines included."""
    data = form.cleaned_data
    names = sorted((name for name in data if name.startswith("name_")), key=lambda name: int(name[5:]))
    return tuple(Responsible(data[name], data[f"duty_{name[5:]}"]) for name in names)


class ResponsibleForm(forms.Form):
    """The persons of one system, with room for one more."""

    def __init__(self, view: SystemView, typed: QueryDict | None = None) -> None:
        initial: dict[str, str] = {}
        for number, each in enumerate(view.responsible, start=1):
            initial |= {f"name_{number}": each.name, f"duty_{number}": each.duty}
        super().__init__(typed, initial=initial)
        add_lines(self, max(LINES, len(view.responsible) + 1))


@require_http_methods(["GET", "POST"])
def responsible(request: HttpRequest, code: str) -> HttpResponse:
    """Change who answers for a system of the caller's organization."""
    caller, now = required(caller_of(request)), clock.now()
    view, status = own_system_view(code, caller, now), 200
    form = ResponsibleForm(view, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                services.change_responsible(code=code, responsible=persons(form), caller=caller, now=now)
                return redirect(reverse("system", args=[code]))
        except DomainError as error:
            form.add_error("name_1", str(error))
            status = error.status
    crumbs = (
        Crumb("对接系统", reverse("systems")),
        Crumb(view.title, reverse("system", args=[code])),
        Crumb("变更负责人员"),
    )
    context = {"view": view, "form": form, "crumbs": crumbs}
    return render(request, "publicservice/responsible.html", context, status=status)
