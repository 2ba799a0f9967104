"""An operator's pages: enter its system, go through the tests, change the key."""

from collections.abc import Callable

import httpx
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuntai.kernel.accounts.caller import Caller, required
from yuntai.kernel.accounts.middleware import caller_of
from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import Crumb, DocumentToSign, FormError, Status
from yuntai.publicservice.connect_api import bytes_of, raw
from yuntai.publicservice.pages.addresses import absolute
from yuntai.publicservice.pages.own_system import own_system_view
from yuntai.publicservice.pages.registration_form import regions_to_choose
from yuntai.publicservice.pages.responsible import MISSING, add_lines, persons
from yuntai.publicservice.pages.system_words import KINDS, TONES
from yuntai.publicservice.portal import words
from yuntai.publicservice.systems import services, trying
from yuntai.publicservice.systems.entering import INDUSTRIES, Entry
from yuntai.publicservice.systems.models import State
from yuntai.publicservice.systems.queries import SystemView
from yuntai.standard.system_entry import PURPOSE
from yuntai.trust import clock


class EntryForm(forms.Form):
    """What is typed; whether it is acceptable is the service's to say."""

    code = forms.CharField(
        label="系统代码",
        max_length=60,
        help_text="小写字母、数字、连字符，如 trading-harbour。报文以它署名，登记后不能更改。",
        error_messages={"required": MISSING},
    )
    title = forms.CharField(label="系统名称", max_length=100, error_messages={"required": MISSING})
    kind = forms.ChoiceField(
        label="类别", choices=[("", "请选择"), *KINDS.items()], error_messages={"required": MISSING}
    )
    industry = forms.ChoiceField(
        label="行业",
        choices=[("", "不分行业"), *((each, words.kind(each)) for each in INDUSTRIES)],
        required=False,
        help_text="交易系统和监管系统必选。",
    )
    region_code = forms.ChoiceField(
        label="地区",
        choices=regions_to_choose,
        help_text="服务或监管的地区，含其下辖地区。",
        error_messages={"required": MISSING},
    )
    url = forms.CharField(
        label="接收地址",
        max_length=300,
        required=False,
        help_text="平台在其后加 /exchange/v1/messages 发送报文。只发送、不接收的系统留空；监管系统必填。",
    )
    public_key = forms.CharField(
        label="系统的公钥",
        max_length=60,
        help_text="Ed25519 公钥 32 字节的 base64url 文本，43 个字符。私钥留在系统内，不要填写。",
        error_messages={"required": MISSING},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        add_lines(self)

    def entry(self) -> Entry:
        """Return what was typed."""
        data = self.cleaned_data
        names = ("code", "title", "kind", "industry", "region_code", "url", "public_key")
        return Entry(
            **{name: data[name] for name in names},
            responsible=persons(self),
        )


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a system of the caller's organization."""
    caller = required(caller_of(request))
    if request.method == "GET":
        return _form(request, caller, EntryForm())
    form = EntryForm(request.POST)
    if not form.is_valid():
        return _form(request, caller, form, status=422)
    try:
        system = services.enter_system(entry=form.entry(), caller=caller, now=clock.now())
    except DomainError as error:
        field = getattr(error, "field", "")
        form.add_error({"responsible": "name_1"}.get(field, field) or None, str(error))
        return _form(request, caller, form, status=error.status)
    return redirect(reverse("system-trial", args=[system.code]))


@require_GET
def trial(request: HttpRequest, code: str) -> HttpResponse:
    """Show the operator each test of its system and what to do next."""
    return _trial(request, required(caller_of(request)), code)


@require_POST
def sign(request: HttpRequest, code: str) -> HttpResponse:
    """Take the operator's signature."""
    return _act(
        request,
        code,
        lambda caller: services.sign_entry(
            code=code,
            certificate=bytes_of(request.POST.get("certificate", "")),
            signature=raw(request.POST.get("signature", "")),
            caller=caller,
            now=clock.now(),
        ),
    )


@require_POST
def challenge(request: HttpRequest, code: str) -> HttpResponse:
    """Take the system's signature over the challenge."""
    return _act(
        request,
        code,
        lambda caller: services.answer_challenge(
            code=code, signature=request.POST.get("signature", ""), now=clock.now()
        ),
    )


@require_POST
def call(request: HttpRequest, code: str) -> HttpResponse:
    """Send the platform's test messages to the system."""

    def send(caller: Caller) -> None:
        with httpx.Client(trust_env=False, follow_redirects=False) as http:
            trying.call_system(code=code, caller=caller, http=http, now=clock.now())

    return _act(request, code, send)


@require_POST
def restart(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the trial stream anew."""
    return _act(request, code, lambda caller: trying.restart_trial(code=code, caller=caller, now=clock.now()))


@require_POST
def change_key(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a new key, which is then signed for and proved as the first was."""
    return _act(
        request,
        code,
        lambda caller: services.change_key(
            code=code, public_key=request.POST.get("public_key", ""), caller=caller, now=clock.now()
        ),
    )


def _act(request: HttpRequest, code: str, act: Callable[[Caller], object]) -> HttpResponse:
    caller = required(caller_of(request))
    try:
        act(caller)
    except DomainError as error:
        return _trial(request, caller, code, error)
    return redirect(reverse("system-trial", args=[code]))


def _form(request: HttpRequest, caller: Caller, form: EntryForm, status: int = 200) -> HttpResponse:
    context = {
        "caller": caller,
        "form": form,
        "crumbs": (Crumb("对接系统", reverse("systems")), Crumb("登记系统")),
    }
    return render(request, "publicservice/enter_system.html", context, status=status)


def _trial(
    request: HttpRequest, caller: Caller, code: str, refused: DomainError | None = None
) -> HttpResponse:
    view = own_system_view(code, caller, clock.now())
    context = {
        "view": view,
        "crumbs": (
            Crumb("对接系统", reverse("systems")),
            Crumb(view.title, reverse("system", args=[code])),
            Crumb("对接测试" if view.state == State.TRIAL else "密钥"),
        ),
        "status": Status(view.state_name, TONES[view.state]),
        "errors": (FormError("", str(refused)),) if refused else (),
        "on_trial": view.state == State.TRIAL,
        "done": sum(each.passed_at is not None for each in view.tests),
        "next_test": next((each.test.code for each in view.tests if each.passed_at is None), ""),
        "document": _document(view),
        "trial_url": absolute(f"/api/v1/systems/{code}/trial"),
    }
    return render(request, "publicservice/trial.html", context, status=refused.status if refused else 200)


def _document(view: SystemView) -> DocumentToSign | None:
    if not view.statement_sha256:
        return None
    return DocumentToSign("登记内容", view.statement_sha256, PURPOSE)
