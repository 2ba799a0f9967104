"""The register of participants: search it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yuntai.kernel.templatetags.components import Cell, Column, Filter, Option, Table
from yuntai.kernel.templatetags.values import beijing_day
from yuntai.publicservice import places
from yuntai.publicservice.bigrams import LONGEST_QUERY
from yuntai.publicservice.pages.addresses import page_number, pages_of
from yuntai.publicservice.registry.queries import PublicParticipant, find_participants
from yuntai.publicservice.registry.registration import ROLES
from yuntai.standard.identifiers.regions import full_name, regions

COLUMNS = (
    Column("name", "单位名称"),
    Column("code", "统一社会信用代码", "code"),
    Column("roles", "身份"),
    Column("region", "地区"),
    Column("registered", "登记日期", "time"),
    Column("verified", "核实"),
)


@require_GET
def participants(request: HttpRequest) -> HttpResponse:
    """Show the register."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "role", "place")}
    text, role = asked["q"][:LONGEST_QUERY], asked["role"] if asked["role"] in ROLES else ""
    place = asked["place"] if asked["place"] in {region.code for region in regions()} else ""
    found = find_participants(text=text, role=role, region_code=place, page=page_number(request))
    parameters = {name: value for name, value in (("q", text), ("role", role), ("place", place)) if value}
    table = Table(
        caption="已登记的市场主体",
        columns=COLUMNS,
        rows=tuple(_cells(row) for row in found.rows),
        note="核实：平台运营机构已对照证照核对登记信息。核实只作标注，不是参加交易的前提。",
    )
    context = {
        "filters": _filters(text, role, place),
        "table": table,
        "pages": pages_of(found, parameters, "家单位"),
        "asked": bool(parameters),
    }
    return render(request, "publicservice/participants.html", context)


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
        _verified(row),
    )


def _verified(row: PublicParticipant) -> Cell:
    if row.verified_at is None:
        return Cell("尚未核实")
    open_roles = [ROLES.get(role, role) for role in row.roles if role not in row.verified_roles]
    note = f"{'、'.join(open_roles)}身份尚未核实" if open_roles else ""
    return Cell("已核实", note=note or beijing_day(row.verified_at))
