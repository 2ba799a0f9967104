"""The page of one tender, and its opening record as CSV."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yuntai.kernel.peers import peers
from yuntai.kernel.templatetags.components import Crumb, Fact, Refusal, Status, Table
from yuntai.kernel.templatetags.values import beijing
from yuntai.law.clauses import CLAUSES
from yuntai.publicservice.codes.queries import codes_of
from yuntai.publicservice.pages import lots, timeline
from yuntai.publicservice.pages.following import follow_button
from yuntai.publicservice.portal import words
from yuntai.publicservice.portal.queries import LotView, TenderView, tender_view
from yuntai.trust import clock

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class LotSection:
    """One lot on the page; a part without content yet is None or ().

    unified_code: issued by the platform, "" until then.

    end: that it came to nothing, and why.
    """

    title: str
    code: str
    unified_code: str
    estimated_yuan: Decimal
    ceiling_price_yuan: Decimal | None
    status: Status
    end: Refusal | None
    opening: Table | None
    set_root: str
    candidates: Table | None
    candidates_note: str
    candidates_url: str
    rule: tuple[Fact, ...]
    award: tuple[Fact, ...]
    contract: tuple[Fact, ...]


@require_GET
def tender(request: HttpRequest, code: str) -> HttpResponse:
    """Show the tender `code`."""
    now = clock.now()
    view = tender_view(code, now=now)
    system = peers().get(view.tender.system)
    codes = codes_of(view.tender.code, view.tender.system)
    template = "publicservice/past_tender.html" if view.history else "publicservice/tender.html"
    context = {
        "now": now,
        "view": view,
        "crumbs": (Crumb("交易信息", reverse("home")), Crumb(view.tender.title)),
        "status": Status(view.stage.name, view.stage.tone),
        "follow": follow_button(request, code),
        "failed": lots.partly_failed(view.tender),
        "key_facts": timeline.key_facts(view, now=now),
        "parties": timeline.parties(view),
        "steps": timeline.steps(view, now=now),
        "steps_note": _steps_note(view),
        "banner": _banner(view),
        "lots": [_section(view, lot, codes.get(lot.facts.lot_code, "")) for lot in view.lots],
        "opened": any(lot.opening for lot in view.lots),
        "holders": _holders(view),
        "record": timeline.record_table(view),
        "system_title": system.title if system else view.tender.system,
    }
    return render(request, template, context)


@require_GET
def opening_csv(request: HttpRequest, code: str, lot_code: str) -> HttpResponse:
    """Answer the opening record of a lot as CSV."""
    view = tender_view(code, now=clock.now())
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(["统一社会信用代码", "投标人", "报价（元）", "工期（天）", "结果", "密封包编号", "备注"])
    mark = "演示" if view.tender.demonstration else ""
    for bid in view.opening_of(lot_code).bids:
        price = "" if bid.price_yuan is None else f"{bid.price_yuan:f}"
        days = bid.duration_days or ""
        outcome = words.OUTCOMES[bid.outcome]
        row = [bid.bidder_code, bid.bidder_name, price, days, outcome, bid.envelope_id, mark]
        writer.writerow([_harmless(str(cell)) for cell in row])
    # The mark at the start tells spreadsheet programs that this is UTF-8.
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{lot_code}-opening.csv"'
    return answer


def _harmless(cell: str) -> str:
    """Keep a spreadsheet program from taking a name for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _section(view: TenderView, lot: LotView, unified_code: str) -> LotSection:
    candidates = lot.candidates
    note = ""
    if candidates:
        opens, closes = candidates.standstill_opens_at, candidates.standstill_closes_at
        note = f"公示期 {beijing(opens)} 至 {beijing(closes)}。对结果有异议的，须在公示期内向招标人提出。"
    return LotSection(
        title=lot.facts.title,
        code=lot.facts.lot_code,
        unified_code=unified_code,
        estimated_yuan=lot.facts.estimated_yuan,
        ceiling_price_yuan=lot.facts.ceiling_price_yuan,
        status=Status(lot.stage.name, lot.stage.tone),
        end=_end(lot),
        opening=lots.opening_table(view.tender.code, lot.opening) if lot.opening else None,
        set_root=lot.opening.set_root if lot.opening else "",
        candidates=lots.candidates_table(candidates) if candidates else None,
        candidates_note=note,
        candidates_url=candidates.url if candidates else "",
        rule=lots.rule_facts(lot),
        award=lots.award_facts(lot),
        contract=lots.contract_facts(lot),
    )


def _holders(view: TenderView) -> list[tuple[str, str]]:
    """Return role and name of each keeper of opening keys, once however many lots it keeps keys of."""
    listed = view.notices[0].holders if view.notices else ()
    return list(dict.fromkeys((words.HOLDERS[holder.letter], holder.name) for holder in listed))


def _end(lot: LotView) -> Refusal | None:
    if lot.ending is None or lot.ending.final_status == "complete":
        return None
    name = words.FINAL[lot.ending.final_status]
    at, reason = beijing(lot.ending.occurred_at), lot.ending.reason or "交易系统没有说明原因"
    return Refusal(f"本标段已{name}", f"{at}。原因：{reason}", _registered_clause(lot.ending.clause))


def _registered_clause(key: str) -> str:
    """Return the key that a trading system cites, "" when the register does not have it."""
    return key if key in CLAUSES else ""


def _steps_note(view: TenderView) -> str:
    if len(view.lots) < 2:
        return ""
    if view.ending:
        return "以上为有结果的标段中最后完成者的进度；各标段的结果见下。"
    return "以上为仍在进行的标段中进度最慢者；各标段的阶段见下。"


def _banner(view: TenderView) -> Refusal | None:
    if view.ending and view.ending.final_status != "complete":
        name = words.FINAL[view.ending.final_status]
        unsaid = "各标段的原因见下。" if len(view.lots) > 1 else "交易系统没有说明原因。"
        return Refusal(
            f"本项目已{name}", view.ending.reason or unsaid, _registered_clause(view.ending.clause)
        )
    if view.suspension:
        order = view.suspension.directive_id
        by = f"依监督部门指令 {order} 暂停。" if order else "由交易系统暂停。"
        detail = f"{beijing(view.suspension.suspended_at)} 起{by}原因：{view.suspension.reason}"
        return Refusal("本项目已暂停", detail)
    return None
