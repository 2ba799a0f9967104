"""The desk: what the operator must look at; where one's own registration stands; what one follows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yuntai.kernel.accounts.caller import Caller, required
from yuntai.kernel.accounts.middleware import caller_of
from yuntai.kernel.templatetags.components import Cell, Column, Table
from yuntai.kernel.templatetags.values import beijing
from yuntai.publicservice.pages.addresses import page_number, pages_of
from yuntai.publicservice.pages.following import followed_on_desk
from yuntai.publicservice.pages.registration import status_of
from yuntai.publicservice.registry.versions import versions_of, waiting
from yuntai.publicservice.roles import OPERATOR, PARTICIPANT
from yuntai.trust import clock

COLUMNS = (
    Column("name", "单位"),
    Column("code", "统一社会信用代码", "code"),
    Column("version", "版本"),
    Column("submitted", "提交时间", "time"),
)


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Show what the caller has to do here."""
    caller = required(caller_of(request))
    now = clock.now()
    context: dict[str, object] = {"now": now, **followed_on_desk(request, now)}
    if OPERATOR in caller.roles:
        context |= _operators(request)
    if PARTICIPANT in caller.roles:
        context |= _participants(caller)
    return render(request, "publicservice/desk.html", context)


def _operators(request: HttpRequest) -> dict[str, object]:
    found = waiting(page_number(request))
    rows = tuple(
        (
            Cell(row.name, url=reverse("registration-versions", args=[row.organization_code])),
            Cell(row.organization_code),
            Cell(f"第 {row.number} 版", note="变更，原版仍有效" if row.verified_before else "首次核实"),
            Cell(beijing(row.submitted_at)),
        )
        for row in found.rows
    )
    table = Table(
        caption=f"{found.total} 份登记待核实，先提交的在前",
        columns=COLUMNS,
        rows=rows,
        note="核实只作标注：登记提交后即可参加交易，不因等待核实而受限。",
        nothing="没有待核实的登记。",
    )
    decided = {word: request.GET.get(word, "") for word in ("verified", "returned")}
    return {"waiting": table, "pages": pages_of(found, {}, "份登记"), **decided}


def _participants(caller: Caller) -> dict[str, object]:
    newest = next(iter(versions_of(caller.organization_code)), None)
    return {"is_participant": True, "newest": newest, "state": status_of(newest) if newest else None}
