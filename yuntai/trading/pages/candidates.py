"""Publishing the award candidates: first the end of the standstill, then the act on a page of its own."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import Cell, Crumb, IrreversibleAct, Refusal, Table
from yuntai.kernel.templatetags.values import beijing, beijing_day
from yuntai.law import workdays
from yuntai.law.days import SHANGHAI
from yuntai.procedures.timeline import limit_of
from yuntai.procedures.vocabulary import AtLeast, Deadline, Milestone
from yuntai.trading.awards.queries import standstill_of
from yuntai.trading.awards.services import MOST_DAYS, publish_candidates
from yuntai.trading.evaluating.models import Score
from yuntai.trading.evaluating.queries import evaluation_of, ranking
from yuntai.trading.pages import limits
from yuntai.trading.pages.drafting_forms import PlainForm
from yuntai.trading.pages.lot_blocks import CANDIDATE_COLUMNS, candidates_block
from yuntai.trading.pages.reader import person
from yuntai.trading.pages.standing import name_of, standing_suspension
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders.models import FinalStatus, Lot
from yuntai.trading.tenders.queries import published_lot, require_own
from yuntai.trust import clock


class StandstillForm(PlainForm):
    """The end of the standstill.  now: when it would begin."""

    closes_at = forms.DateTimeField(label="公示结束时间")

    def __init__(self, *args: Any, now: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self._now = now

    def clean_closes_at(self) -> datetime:
        """Refuse what no publication could have; least times of law the service holds."""
        closes_at: datetime = self.cleaned_data["closes_at"]
        if closes_at <= self._now:
            raise forms.ValidationError("公示结束时间须晚于现在。请改为今后的时间。")
        if closes_at > self._now + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(f"公示结束时间最多可定在 {MOST_DAYS} 日之后。请核对年份。")
        return closes_at


@require_http_methods(["GET", "POST"])
def candidates(request: HttpRequest, code: str) -> HttpResponse:
    """Show the ranking and ask for the end of the standstill; then the act; a POST publishes."""
    caller = permitted(person(request), Permission.CANDIDATES_PUBLISH)
    lot, now = published_lot(code), clock.now()
    require_own(caller, lot.tender, asked=lot.code)
    typed = request.POST if request.method == "POST" else request.GET
    if "closes_at" not in typed:
        return _ask(request, lot, now, _fresh_form(lot, now))
    form = StandstillForm(typed, now=now)
    if not form.is_valid():
        return _ask(request, lot, now, form, status=422)
    if request.method == "POST":
        return _publish(request, lot, form, caller)
    if _why_closed(lot) is not None:
        return _ask(request, lot, now, form)
    short = _too_short(lot, now, form.cleaned_data["closes_at"])
    if short is not None:
        return _ask(request, lot, now, form, short, 422)
    return _confirm(request, lot, now, form.cleaned_data["closes_at"])


def least_end(lot: Lot, now: datetime) -> datetime:
    """Return the least lawful end of a standstill that opens now, in Shanghai time.

    The law counts days, so the last day is given in full: three days from Monday end with Thursday.
    """
    soonest = limits.soonest_at(lot.tender, Milestone.STANDSTILL_CLOSED, {Milestone.STANDSTILL_OPEN: now})
    least = soonest or now + timedelta(days=1)
    return limits.end_of(least.astimezone(SHANGHAI).date()).astimezone(SHANGHAI)


def _fresh_form(lot: Lot, now: datetime) -> StandstillForm:
    return StandstillForm(now=now, initial={"closes_at": f"{least_end(lot, now):%Y-%m-%dT%H:%M}"})


def _ask(
    request: HttpRequest,
    lot: Lot,
    now: datetime,
    form: StandstillForm,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    rules, usual = limits.limits_before(lot.tender, Milestone.STANDSTILL_CLOSED), usual_rule(lot)
    least = least_end(lot, now)
    form.fields["closes_at"].help_text = (
        f"现在公示的，最早可定在 {least:%Y-%m-%d}；已填到该日结束，使公示日均为整日。可以更晚，不能更早。"
        if rules
        else "须晚于现在；公示期由招标人决定。"
    )
    closed = _why_closed(lot)
    context = _frame(lot) | {
        "form": form,
        "refusal": refusal,
        "closed": closed,
        "rules": _rule_sentences(rules, usual),
        "clause": rules[0].clause if rules else "",
        "latest_at": limits.latest_at(lot.tender, Milestone.STANDSTILL_OPEN, lot.schedule),
        "ranking": ranking_table(lot) if closed is None else None,
        "published": candidates_block(lot, ""),
        "now": now,
    }
    return render(request, "trading/candidates.html", context, status=status)


def usual_rule(lot: Lot) -> AtLeast | None:
    """Return the least time of a standstill that the law sets for tenders it demands, None without one."""
    found = (each for each in lot.tender.procedure.deadlines if each.before is Milestone.STANDSTILL_CLOSED)
    return next((each for each in found if isinstance(each, AtLeast)), None)


def _rule_sentences(rules: list[Deadline], usual: AtLeast | None) -> list[str]:
    """Return what the law asks of the standstill, for a tender it demands and for another."""
    if rules:
        counted = f"期限按北京时间的日期计算，开始当日不计入，第 {rules[0].span.n} 日当天即合法。"
        return [*(f"{limits.in_words(rule)}。" for rule in rules), counted]
    advice = f"；建议不少于 {usual.span}，否则投标人来不及提出异议" if usual else ""
    return [f"本项目自愿招标，不属于依法必须招标的项目，法律没有规定公示的最短期限，由招标人决定{advice}。"]


def _too_short(lot: Lot, now: datetime, closes_at: datetime) -> Refusal | None:
    soonest = limits.soonest_at(lot.tender, Milestone.STANDSTILL_CLOSED, {Milestone.STANDSTILL_OPEN: now})
    usual = usual_rule(lot)
    if soonest is None or usual is None or closes_at >= soonest:
        return None
    detail = f"{limits.in_words(usual)}；结束时间定在 {beijing(closes_at)}，最早为 {beijing_day(soonest)}。"
    return Refusal("公示期不足", f"{detail}请推迟公示结束时间。", usual.clause)


def _short_warning(lot: Lot, now: datetime, closes_at: datetime) -> str:
    """Return a warning for a lawful but very short standstill, "" for any other."""
    usual = usual_rule(lot)
    if usual is None or closes_at >= limit_of(usual, now, workdays.published()):
        return ""
    return (
        f"注意：公示期不足 {usual.span}。本项目自愿招标，法律不作要求，"
        "但投标人提出异议的时间很短，请确认是否需要延长。"
    )


def _confirm(request: HttpRequest, lot: Lot, now: datetime, closes_at: datetime) -> HttpResponse:
    first = _ranked(lot)[0]
    act = IrreversibleAct(
        title=f"公示中标候选人：{name_of(lot)}",
        what=(
            f"公示下列中标候选人，第一名为 {first.bidder_name}（{first.price_yuan:,.2f} 元），"
            f"公示期自现在起至 {beijing(closes_at)}。{_short_warning(lot, now, closes_at)}"
        ),
        shown_to="所有人：本系统、公共服务平台和行政监管系统同时公开",
        from_when="按下后立即生效，不能撤回；公示期内可以提出异议，期满后定标",
        url=reverse("candidates", args=[lot.code]),
        action="公示中标候选人",
        back_url=reverse("candidates", args=[lot.code]),
        hidden=(("closes_at", f"{closes_at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"),),
    )
    return render(request, "trading/act.html", _frame(lot) | {"act": act, "table": ranking_table(lot)})


def _publish(request: HttpRequest, lot: Lot, form: StandstillForm, caller: Caller) -> HttpResponse:
    now = clock.now()
    closes_at = form.cleaned_data["closes_at"]
    try:
        publish_candidates(lot_code=lot.code, closes_at=closes_at, caller=caller, now=now)
    except DomainError as error:
        refusal = Refusal("中标候选人没有公示", str(error), error.clause)
        return _ask(request, lot, now, form, refusal, error.status)
    return redirect(f"{reverse('tender', args=[lot.tender.code])}#candidates")


def ranking_table(lot: Lot) -> Table:
    """Return the bids that will be published, as the evaluation report ranks them."""
    most = lot.tender.procedure.candidates_at_most
    rows = tuple(
        (
            Cell(score.bidder_name, note=score.bidder_code),
            Cell(str(score.rank)),
            Cell(f"{score.price_yuan:,.2f}"),
            Cell(f"{score.points:.2f}"),
        )
        for score in _ranked(lot)[:most]
    )
    return Table("将公示的中标候选人", CANDIDATE_COLUMNS, rows, note=f"按评标报告排序，至多 {most} 名。")


def _ranked(lot: Lot) -> list[Score]:
    evaluation = evaluation_of(lot)
    return [score for score in ranking(evaluation) if score.rank] if evaluation else []


def _why_closed(lot: Lot) -> Refusal | None:
    if standstill_of(lot) is not None:
        return Refusal("中标候选人已公示", "公示不能撤回或重新发布。公示期满后定标。")
    if lot.final_status:
        return Refusal(f"本标段已{FinalStatus(lot.final_status).label}", f"{lot.final_reason}。")
    if evaluation_of(lot) is None:
        return Refusal("还没有评标报告", "评标专家提交评标报告后，才能公示中标候选人。")
    suspension = standing_suspension(lot.tender)
    if suspension is None:
        return None
    return Refusal("本项目已暂停", f"恢复后才能公示。原因：{suspension.reason}", "etendering/52")


def _frame(lot: Lot) -> dict[str, object]:
    tender = lot.tender
    return {
        "lot": lot,
        "tender": tender,
        "name": name_of(lot),
        "crumbs": (
            Crumb("工作台", reverse("desk")),
            Crumb(tender.title, reverse("tender", args=[tender.code])),
            Crumb("公示中标候选人"),
        ),
    }
