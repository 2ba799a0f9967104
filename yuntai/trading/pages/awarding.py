"""Awarding after the standstill: one act that cannot be undone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import Crumb, IrreversibleAct, Refusal
from yuntai.kernel.templatetags.values import beijing, capitals, yuan
from yuntai.trading.awards.models import Candidate
from yuntai.trading.awards.queries import award_of, standstill_ends_at, standstill_of
from yuntai.trading.awards.services import award
from yuntai.trading.pages.lot_blocks import award_block, candidates_block
from yuntai.trading.pages.reader import person
from yuntai.trading.pages.standing import name_of, standing_suspension
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders.models import FinalStatus, Lot
from yuntai.trading.tenders.queries import published_lot, require_own
from yuntai.trust import clock


@require_http_methods(["GET", "POST"])
def awarding(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the award does, or why it is not time; a POST awards."""
    caller = permitted(person(request), Permission.AWARD_DECIDE)
    lot = published_lot(code)
    require_own(caller, lot.tender)
    if request.method == "GET":
        return _show(request, lot)
    try:
        award(lot_code=code, caller=caller, now=clock.now())
    except DomainError as error:
        return _show(request, lot, Refusal("没有定标", str(error), error.clause), error.status)
    return redirect(f"{reverse('tender', args=[lot.tender.code])}#award")


def _show(request: HttpRequest, lot: Lot, refusal: Refusal | None = None, status: int = 200) -> HttpResponse:
    standstill = standstill_of(lot)
    closed = refusal or _why_closed(lot)
    act = _act(lot, standstill.candidates.get(rank=1)) if standstill and closed is None else None
    tender = lot.tender
    context = {
        "lot": lot,
        "tender": tender,
        "name": name_of(lot),
        "act": act,
        "closed": closed,
        "now": clock.now(),
        "closes_at": standstill_ends_at(standstill) if standstill else None,
        "candidates": candidates_block(lot, ""),
        "award": award_block(lot, ""),
        "crumbs": (
            Crumb("工作台", reverse("desk")),
            Crumb(tender.title, reverse("tender", args=[tender.code])),
            Crumb("定标"),
        ),
    }
    return render(request, "trading/award.html", context, status=status)


def _act(lot: Lot, first: Candidate) -> IrreversibleAct:
    price = first.price_yuan
    return IrreversibleAct(
        title=f"定标：{name_of(lot)}",
        what=f"确定 {first.bidder_name} 为中标人，中标价 {yuan(price)}（{capitals(price)}）。",
        shown_to="所有人：发布中标结果公告，并向中标人发出中标通知书",
        from_when="按下后立即生效；自此 30 日内订立合同",
        url=reverse("award", args=[lot.code]),
        action="确定中标人",
        back_url=reverse("tender", args=[lot.tender.code]),
    )


def _why_closed(lot: Lot) -> Refusal | None:
    standstill = standstill_of(lot)
    if award_of(lot) is not None:
        return Refusal(
            "已经定标", "中标结果已公布，不能更改。", "", "办理合同", reverse("contract", args=[lot.code])
        )
    if lot.final_status:
        return Refusal(f"本标段已{FinalStatus(lot.final_status).label}", f"{lot.final_reason}。")
    if standstill is None:
        return Refusal("还没有公示中标候选人", "公示期满后才能定标。", "tendering-rules/54")
    suspension = standing_suspension(lot.tender)
    if suspension is not None:
        return Refusal("本项目已暂停", f"恢复后才能定标。原因：{suspension.reason}", "etendering/52")
    if clock.now() < standstill_ends_at(standstill):
        ends = beijing(standstill_ends_at(standstill))
        return Refusal("公示期未满", f"公示期到 {ends} 结束，届时方可定标。", "tendering-rules/54")
    return None
