"""Evaluating a lot: what the rule computes from the opening record, and the expert's confirmation of it."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yuntai.evaluation.rules import Result
from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.errors import DomainError, Forbidden
from yuntai.kernel.templatetags.components import (
    Cell,
    Column,
    Crumb,
    Fact,
    Field,
    IrreversibleAct,
    Refusal,
    Table,
)
from yuntai.kernel.templatetags.values import beijing, yuan
from yuntai.trading.evaluating.models import Evaluation
from yuntai.trading.evaluating.queries import evaluation_of, ranking
from yuntai.trading.evaluating.services import RelatedExpert, compute, submit_evaluation
from yuntai.trading.opening.models import OpenedBid
from yuntai.trading.opening.queries import opened_bids, opening_of
from yuntai.trading.pages.reader import person
from yuntai.trading.pages.standing import name_of, standing_suspension
from yuntai.trading.permissions import POLICY, Permission
from yuntai.trading.tenders.models import FinalStatus, Lot
from yuntai.trading.tenders.queries import is_own, published_lot
from yuntai.trading.tenders.text_rules import LONGEST_OPINION, problem_of_text
from yuntai.trust import clock

COLUMNS = (
    Column("bidder", "投标人"),
    Column("rank", "排名", "number"),
    Column("price", "投标报价（元）", "number"),
    Column("deviation", "偏差率", "number"),
    Column("points", "得分", "number"),
    Column("remark", "说明"),
)


@require_http_methods(["GET", "POST"])
def evaluation(request: HttpRequest, code: str) -> HttpResponse:
    """Show the computed scoring; with an opinion in the address the act that confirms it; a POST confirms."""
    caller, lot = person(request), published_lot(code)
    _require_reader(caller, lot)
    typed = request.POST if request.method == "POST" else request.GET
    opinion = typed.get("opinion", "").replace("\r\n", "\n").strip()
    problem = problem_of_text("评审意见", opinion, LONGEST_OPINION, least=0)
    if problem:
        refusal = Refusal("评标报告没有提交", problem)
        return _show(request, caller, lot, refusal, 422, opinion=opinion)
    if request.method == "POST":
        return _submit(request, caller, lot, opinion)
    if "opinion" in typed and _may_submit(caller, lot):
        return _confirm(request, lot, opinion)
    return _show(request, caller, lot)


def score_table(lot: Lot, result: Result, bids: list[OpenedBid]) -> Table:
    """Return the scoring line by line, rejected bids last with their reason."""
    names = {bid.bidder_code: bid.bidder_name for bid in bids}
    left_out = list(result.left_out)
    rows = []
    for line in result.lines:
        trimmed = line.price in left_out and not line.rejected_reason
        if trimmed:
            left_out.remove(line.price)
        rows.append(
            (
                Cell(names[line.bidder], note=line.bidder),
                Cell(str(line.rank) if line.rank else "否决", tone="" if line.rank else "alarm"),
                Cell(f"{line.price:,.2f}"),
                Cell(_signed(line.deviation_percent)),
                Cell(f"{line.score:.2f}" if line.score is not None else ""),
                Cell(line.rejected_reason or ("最高或最低，不计入平均" if trimmed else "计入平均")),
            )
        )
    caption = f"按评标办法计算：{len(rows)} 家，其中有效 {len(result.ranked)} 家"
    return Table(caption, COLUMNS, tuple(rows), nothing="没有可评审的投标文件。", id="scores")


def rule_facts(lot: Lot, result: Result) -> tuple[Fact, ...]:
    """Return how the baseline came about."""
    ceiling, baseline = lot.ceiling_price_yuan, result.baseline
    left_out = "、".join(f"{price:,.2f} 元" for price in result.left_out) or "无"
    all_in = "报价家数不多，全部计入" if baseline is not None else ""
    return (
        Fact("评标基准价", yuan(baseline) if baseline is not None else "没有有效报价", kind="money"),
        Fact("最高投标限价", yuan(ceiling) if ceiling is not None else "没有设", kind="money"),
        Fact("未计入平均的报价", left_out, note="一个最低价和一个最高价" if result.left_out else all_in),
    )  # fmt: skip


def _show(
    request: HttpRequest,
    caller: Caller,
    lot: Lot,
    refusal: Refusal | None = None,
    status: int = 200,
    opinion: str = "",
) -> HttpResponse:
    opening, report = opening_of(lot), evaluation_of(lot)
    bids = opened_bids(lot)
    result = compute(lot, bids) if opening else None
    context = _frame(lot) | {
        "refusal": refusal,
        "closed": _why_closed(lot) if report is None else None,
        "report": _report_facts(report) if report else (),
        "scores": score_table(lot, result, bids) if result else None,
        "rule": rule_facts(lot, result) if result else (),
        "explanation": lot.tender.evaluation.explanation(),
        "rejected": result is not None and any(line.rejected_reason for line in result.lines),
        "opinion": _opinion_field(opinion) if _may_submit(caller, lot) else None,
    }
    return render(request, "trading/evaluation.html", context, status=status)


def _confirm(request: HttpRequest, lot: Lot, opinion: str) -> HttpResponse:
    ranked = compute(lot, opened_bids(lot)).ranked
    outcome = (
        f"{len(ranked)} 家有效投标按得分排序，第一名的得分为 {ranked[0].score}"
        if ranked
        else "所有投标均被否决，本标段流标"
    )
    act = IrreversibleAct(
        title=f"提交评标报告：{name_of(lot)}",
        what=f"确认计算结果并提交评标报告：{outcome}。"
        + (f"评审意见：{opinion}" if opinion else "没有评审意见。"),
        shown_to="招标人、代理机构和行政监督部门；中标候选人公示时，得分和排名向全社会公开",
        from_when="按下后立即生效，评标报告不能修改或重新提交",
        url=reverse("evaluation", args=[lot.code]),
        action="提交评标报告",
        back_url=reverse("evaluation", args=[lot.code]),
        hidden=(("opinion", opinion),),
    )
    return render(request, "trading/act.html", _frame(lot) | {"act": act})


def _submit(request: HttpRequest, caller: Caller, lot: Lot, opinion: str) -> HttpResponse:
    try:
        submit_evaluation(lot_code=lot.code, opinion=opinion, caller=caller, now=clock.now())
    except DomainError as error:
        return _show(
            request, caller, lot, Refusal("评标报告没有提交", str(error), error.clause), error.status
        )
    return redirect("evaluation", lot.code)


def _require_reader(caller: Caller, lot: Lot) -> None:
    """Check that the caller may read the scoring: experts, and the buying side once there is a report.

    :raises RelatedExpert: the caller's organization bids here.
    :raises Forbidden: neither expert nor buying side, or there is no report yet.
    """
    if any(bid.bidder_code == caller.organization_code for bid in opened_bids(lot)):
        raise RelatedExpert("所在单位参加本标段投标，应当回避，不能查看或评审。")
    if caller.roles & POLICY[Permission.EVALUATION_SUBMIT]:
        return
    if not is_own(caller, lot.tender):
        raise Forbidden("评标情况只供评标专家、招标人和代理机构查看。中标候选人公示后，得分在项目页公开。")
    if evaluation_of(lot) is None:
        raise Forbidden("评标报告尚未提交。提交前，评标情况只供评标专家查看；提交后在工作台提示。")


def _may_submit(caller: Caller, lot: Lot) -> bool:
    is_expert = bool(caller.roles & POLICY[Permission.EVALUATION_SUBMIT])
    return is_expert and evaluation_of(lot) is None and _why_closed(lot) is None


def _why_closed(lot: Lot) -> Refusal | None:
    if lot.final_status:
        return Refusal(f"本标段已{FinalStatus(lot.final_status).label}", f"{lot.final_reason}。")
    if opening_of(lot) is None:
        due = beijing(lot.tender.bids_due_at)
        return Refusal("尚未开标", f"{due} 截止并开标，开标后才能评审。")
    suspension = standing_suspension(lot.tender)
    if suspension is None:
        return None
    return Refusal("本项目已暂停", f"恢复后才能继续评审。原因：{suspension.reason}", "etendering/52")


def _report_facts(report: Evaluation) -> tuple[Fact, ...]:
    counted = sum(score.rank is not None for score in ranking(report))
    return (
        Fact("提交时间", beijing(report.evaluated_at)),
        Fact("评标专家", report.expert_name),
        Fact("有效投标", f"{counted} 家"),
        Fact("评审意见", report.opinion or "无"),
    )


def _opinion_field(typed: str) -> Field:
    return Field(
        "opinion",
        "评审意见",
        value=typed,
        kind="textarea",
        required=False,
        hint=f"最多 {LONGEST_OPINION} 字，写入评标报告。",
        clause="tendering-rules/53",
        maximum_length=LONGEST_OPINION,
    )


def _frame(lot: Lot) -> dict[str, object]:
    tender = lot.tender
    return {
        "lot": lot,
        "tender": tender,
        "name": name_of(lot),
        "crumbs": (
            Crumb("工作台", reverse("desk")),
            Crumb(tender.title, reverse("tender", args=[tender.code])),
            Crumb("评标"),
        ),
    }


def _signed(percent: Decimal | None) -> str:
    return f"{percent:+.2f}%" if percent is not None else ""
