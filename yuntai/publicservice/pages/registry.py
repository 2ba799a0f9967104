"""The register of participants: search it, register, change one's own registration."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yuntai.kernel.accounts.caller import Caller, required
from yuntai.kernel.accounts.middleware import caller_of
from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import Cell, Column, Crumb, Filter, Option, Table
from yuntai.kernel.templatetags.values import beijing_day
from yuntai.publicservice import places
from yuntai.publicservice.bigrams import LONGEST_QUERY
from yuntai.publicservice.pages.addresses import page_number, pages_of
from yuntai.publicservice.registry.queries import (
    OwnRegistration,
    PublicParticipant,
    find_participants,
    own_registration,
)
from yuntai.publicservice.registry.registration import ROLES, Registration
from yuntai.publicservice.registry.services import submit_registration
from yuntai.publicservice.roles import PARTICIPANT
from yuntai.standard.identifiers.regions import full_name, regions
from yuntai.trust import clock

COLUMNS = (
    Column("name", "单位名称"),
    Column("code", "统一社会信用代码", "code"),
    Column("roles", "身份"),
    Column("region", "地区"),
    Column("registered", "登记日期", "time"),
)
ROLE_HINTS = {
    "initiator": "招标人、采购人、出让人、转让方",
    "agency": "受托代办招标、采购、拍卖",
    "bidder": "投标人、供应商、竞买人、意向受让方",
}


def regions_to_choose() -> list[tuple[str, str]]:
    return [("", "请选择"), *((region.code, full_name(region.code)) for region in regions())]


class RegistrationForm(forms.Form):
    """What is typed; whether it is acceptable is the service's to say."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    initiator = forms.BooleanField(label=f"{ROLES['initiator']}（{ROLE_HINTS['initiator']}）", required=False)
    agency = forms.BooleanField(label=f"{ROLES['agency']}（{ROLE_HINTS['agency']}）", required=False)
    bidder = forms.BooleanField(label=f"{ROLES['bidder']}（{ROLE_HINTS['bidder']}）", required=False)
    region_code = forms.ChoiceField(
        label="单位所在地区",
        choices=regions_to_choose,
        help_text="营业执照或法人证书上的住所所在区县。",
        error_messages={"required": "没有选择地区。请从列表中选一个。"},
    )
    contact_name = forms.CharField(
        label="联系人",
        max_length=100,
        help_text="不对外公开，仅供平台核实信息。",
        error_messages={"required": "没有填写联系人。请填写办理登记的人。"},
    )
    contact_phone = forms.CharField(
        label="联系电话",
        max_length=30,
        help_text="手机，或带区号的座机。不对外公开。",
        error_messages={"required": "没有填写联系电话。请填写手机或带区号的座机。"},
    )

    def registration(self, caller: Caller) -> Registration:
        """Return what was typed, for the caller's own organization."""
        return Registration(
            organization_code=caller.organization_code,
            name=caller.organization_name,
            roles=tuple(role for role in ROLES if self.cleaned_data[role]),
            region_code=self.cleaned_data["region_code"],
            contact_name=self.cleaned_data["contact_name"],
            contact_phone=self.cleaned_data["contact_phone"],
        )


@require_GET
def participants(request: HttpRequest) -> HttpResponse:
    """Show the register."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "role", "place")}
    text, role = asked["q"][:LONGEST_QUERY], asked["role"] if asked["role"] in ROLES else ""
    place = asked["place"] if asked["place"] in {region.code for region in regions()} else ""
    found = find_participants(text=text, role=role, region_code=place, page=page_number(request))
    parameters = {name: value for name, value in (("q", text), ("role", role), ("place", place)) if value}
    table = Table(caption="已登记的市场主体", columns=COLUMNS, rows=tuple(_cells(row) for row in found.rows))
    context = {
        "filters": _filters(text, role, place),
        "table": table,
        "pages": pages_of(found, parameters, "家单位"),
        "asked": bool(parameters),
    }
    return render(request, "publicservice/participants.html", context)


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register the caller's organization, or change its registration."""
    caller = required(caller_of(request))
    standing = own_registration(caller.organization_code)
    if request.method == "GET":
        return _show_form(request, caller, RegistrationForm(initial=_initial(standing)), standing)
    form = RegistrationForm(request.POST)
    if not form.is_valid():
        return _show_form(request, caller, form, standing, status=422)
    try:
        submit_registration(
            registration=form.registration(caller),
            expected_version=form.cleaned_data["version"] or 0,
            caller=caller,
            now=clock.now(),
        )
    except DomainError as error:
        form.add_error(_field_of(error, form), str(error))
        return _show_form(request, caller, form, standing, status=error.status)
    return redirect(f"{reverse('register')}?done=1")


def _field_of(error: DomainError, form: RegistrationForm) -> str | None:
    field = getattr(error, "field", "")
    if field == "roles":
        return "initiator"
    return field if field in form.fields else None


def _show_form(
    request: HttpRequest,
    caller: Caller,
    form: RegistrationForm,
    standing: OwnRegistration | None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "caller": caller,
        "form": form,
        "standing": standing,
        "may_register": PARTICIPANT in caller.roles,
        "done": request.method == "GET" and request.GET.get("done") == "1" and standing is not None,
        "crumbs": (Crumb("市场主体", reverse("participants")), Crumb("登记")),
    }
    return render(request, "publicservice/register.html", context, status=status)


def _initial(standing: OwnRegistration | None) -> dict[str, object]:
    if standing is None:
        return {}
    known = standing.registration
    return {role: role in known.roles for role in ROLES} | {
        "version": standing.version,
        "region_code": known.region_code,
        "contact_name": known.contact_name,
        "contact_phone": known.contact_phone,
    }


def _filters(text: str, role: str, place: str) -> tuple[Filter, ...]:
    roles = (Option("", "全部身份"), *(Option(code, name) for code, name in ROLES.items()))
    listed = (Option("", "全部地区"), *(Option(each.code, full_name(each.code)) for each in regions()))
    return (
        Filter("q", "单位名称或统一社会信用代码", text, "search"),
        Filter("role", "身份", role, "select", roles),
        Filter("place", "地区", place, "select", listed),
    )


def _cells(row: PublicParticipant) -> tuple[Cell, ...]:
    return (
        Cell(row.name),
        Cell(row.organization_code),
        Cell("、".join(ROLES.get(role, role) for role in row.roles)),
        Cell(places.name(row.region_code)),
        Cell(beijing_day(row.registered_at)),
    )
