"""Register the caller's organization, change its registration, read every version, send a paper."""

from dataclasses import replace

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuntai.kernel.accounts.caller import Caller, required
from yuntai.kernel.accounts.middleware import caller_of
from yuntai.kernel.documents import store
from yuntai.kernel.errors import DomainError, NotFound
from yuntai.kernel.templatetags.components import Crumb, Fact, Field, Status, from_bound
from yuntai.publicservice.pages.registration_form import (
    FILE_TYPES,
    PAPER_HINT,
    RegistrationForm,
    initial_of,
)
from yuntai.publicservice.registry.papers import KINDS
from yuntai.publicservice.registry.services import submit_registration
from yuntai.publicservice.registry.verification import return_registration, verify_registration
from yuntai.publicservice.registry.versions import State, Version, paper_of, versions_of
from yuntai.publicservice.roles import OPERATOR, PARTICIPANT
from yuntai.trust import clock

TONES = {State.WAITING: "next", State.VERIFIED: "open", State.RETURNED: "alarm", State.REPLACED: "ended"}


class RegistrationNotShown(NotFound):
    """There is no such registration, or the caller may not read it."""

    code = "registration-not-shown"


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register the caller's organization, or change its registration."""
    caller = required(caller_of(request))
    newest = next(iter(versions_of(caller.organization_code)), None)
    if request.method == "GET":
        return _show_form(request, caller, RegistrationForm(initial=initial_of(newest)), newest)
    caller.acting_as({PARTICIPANT})  # before any file of somebody else is stored
    form = RegistrationForm(request.POST, request.FILES)
    form.is_valid()
    form.take_papers(request)
    if form.errors:
        return _show_form(request, caller, form, newest, status=422)
    try:
        submit_registration(
            registration=form.registration(caller),
            expected_version=form.cleaned_data["version"] or 0,
            caller=caller,
            now=clock.now(),
        )
    except DomainError as error:
        form.add_error(_field_of(error, form), str(error))
        return _show_form(request, caller, form, newest, status=error.status)
    return redirect(f"{reverse('register')}?done=1")


@require_GET
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """Show every version of a registration to its organization and to the operator, who may decide."""
    caller = required(caller_of(request))
    return _show_versions(request, caller, _readable(caller, code))


@require_POST
def verify(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Mark a version as verified."""
    caller = required(caller_of(request))
    verify_registration(organization_code=code, number=number, caller=caller, now=clock.now())
    return redirect(f"{reverse('desk')}?verified={code}")


@require_POST
def send_back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Return a version with reasons."""
    caller = required(caller_of(request))
    reasons = request.POST.get("reasons", "")
    try:
        return_registration(
            organization_code=code, number=number, reasons=reasons, caller=caller, now=clock.now()
        )
    except DomainError as error:
        if error.status != 422:
            raise
        return _show_versions(request, caller, _readable(caller, code), typed=reasons, refusal=error)
    return redirect(f"{reverse('desk')}?returned={code}")


@require_GET
def paper(request: HttpRequest, code: str, number: int, kind: str) -> FileResponse:
    """Send a paper to the organization that handed it in, or to the operator."""
    _readable(required(caller_of(request)), code)
    found = paper_of(code, number, kind)
    if found is None:
        raise RegistrationNotShown(f"{code} 的第 {number} 版登记没有这份材料，请从登记版本页重新打开。")
    path = store.path_of(found.sha256)
    if not path.is_file():
        raise store.FileGone(f"“{found.name}”的文件内容不在服务器上，请登记单位重新提交。")
    # Always saved, never shown: what somebody handed in must not run as a page of this system.
    answer = FileResponse(
        path.open("rb"), as_attachment=True, filename=found.name, content_type=found.media_type
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def status_of(version: Version) -> Status:
    """Return how far a version has come."""
    return Status(version.state.value, TONES[version.state])


def _readable(caller: Caller, code: str) -> tuple[Version, ...]:
    found = versions_of(code) if code == caller.organization_code or OPERATOR in caller.roles else ()
    if not found:
        raise RegistrationNotShown(f"没有 {code} 的登记，或不是本单位的登记。请用该单位的证书登录后查看。")
    return found


def _field_of(error: DomainError, form: RegistrationForm) -> str | None:
    field = getattr(error, "field", "")
    if field == "roles":
        return "initiator"
    return field if field in form.fields else None


def _show_form(
    request: HttpRequest,
    caller: Caller,
    form: RegistrationForm,
    newest: Version | None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "caller": caller,
        "form": form,
        "newest": newest,
        "state": status_of(newest) if newest else None,
        "paper_fields": [_paper_field(form, kind, newest) for kind in KINDS],
        "may_register": PARTICIPANT in caller.roles,
        "done": request.method == "GET" and request.GET.get("done") == "1" and newest is not None,
        "crumbs": (Crumb("市场主体", reverse("participants")), Crumb("登记")),
    }
    return render(request, "publicservice/register.html", context, status=status)


def _paper_field(form: RegistrationForm, kind: str, newest: Version | None) -> Field:
    """Return the field of one kind of paper, which says what has been handed in."""
    have = [f"已选好：{paper.name}。" for paper in form.papers if paper.kind == kind]
    if newest is not None and not have:
        have = [f"已交：{each.name}；不选新文件就沿用。" for each in newest.papers if each.kind == kind]
    return replace(from_bound(form[kind]), hint="".join(have) or PAPER_HINT, accept=FILE_TYPES)


def _show_versions(
    request: HttpRequest,
    caller: Caller,
    found: tuple[Version, ...],
    typed: str = "",
    refusal: DomainError | None = None,
) -> HttpResponse:
    newest, is_operator = found[0], OPERATOR in caller.roles
    first = Crumb("工作台", reverse("desk")) if is_operator else Crumb("登记", reverse("register"))
    reasons = Field(
        name="reasons",
        label="退回理由",
        value=typed,
        kind="textarea",
        hint="逐条写明哪一项与哪份材料不符、如何补正。登记单位会看到。",
        error=str(refusal) if refusal else "",
        maximum_length=1000,
    )
    context = {
        "name": dict(newest.facts)["单位名称"],
        "code": newest.organization_code,
        "newest": newest,
        "versions": [(version, status_of(version), _facts(version)) for version in found],
        "paper_names": KINDS,
        "may_decide": is_operator and newest.state is State.WAITING,
        "reasons": reasons,
        "crumbs": (first, Crumb("登记版本")),
    }
    status = refusal.status if refusal else 200
    return render(request, "publicservice/registration_versions.html", context, status=status)


def _facts(version: Version) -> list[Fact]:
    return [Fact(name, value) for name, value in version.facts]
