"""The page of one connected system, and what may be decided about it there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yuntai.kernel.accounts.caller import Caller, required
from yuntai.kernel.accounts.middleware import caller_of
from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import (
    Cell,
    Column,
    Crumb,
    Fact,
    Field,
    FormError,
    Option,
    Refusal,
    Status,
    Table,
)
from yuntai.kernel.templatetags.values import beijing
from yuntai.publicservice import places
from yuntai.publicservice.certification.queries import Mark, mark_of
from yuntai.publicservice.pages.addresses import page_number, pages_of
from yuntai.publicservice.pages.certificate_tables import mark_fact, mark_status
from yuntai.publicservice.pages.hours import hours
from yuntai.publicservice.pages.quality_table import quality_table
from yuntai.publicservice.pages.system_alarms import alarms_of
from yuntai.publicservice.pages.system_words import KINDS, TONES, responsible_text, seconds
from yuntai.publicservice.permissions import POLICY, Permission
from yuntai.publicservice.portal import words
from yuntai.publicservice.quality.queries import Quality, corrections_of, qualities
from yuntai.publicservice.reconciliation.models import Outcome, Reconciliation
from yuntai.publicservice.reconciliation.queries import last_runs
from yuntai.publicservice.systems import standing
from yuntai.publicservice.systems.models import ConnectedSystem, State
from yuntai.publicservice.systems.queries import KeyView, SystemView, system_view
from yuntai.publicservice.systems.reasons import REASONS
from yuntai.publicservice.systems.traffic import by_hour
from yuntai.trust import clock

TURN_COLUMNS = (
    Column("at", "时间", "time"),
    Column("state", "状态"),
    Column("reason", "理由和查明的情况"),
    Column("by", "办理"),
)
KEY_COLUMNS = (
    Column("number", "序号", "number"),
    Column("key", "公钥（Ed25519，base64url）", "code"),
    Column("from", "生效", "time"),
    Column("until", "失效", "time"),
    Column("proof", "证明"),
)
TEST_COLUMNS = (Column("title", "测试"), Column("state", "结果"), Column("at", "通过时间", "time"))


@require_GET
def system(request: HttpRequest, code: str) -> HttpResponse:
    """Show one system."""
    return _show(request, system_view(code, now=clock.now()))


@require_GET
def corrections(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the system corrected, the wrong and the right beside one another."""
    view = system_view(code, now=clock.now())
    found = corrections_of(code, page=page_number(request))
    context = {
        "view": view,
        "found": found.rows,
        "pages": pages_of(found, {}, "次更正"),
        "crumbs": (
            Crumb("对接系统", reverse("systems")),
            Crumb(view.title, reverse("system", args=[code])),
            Crumb("更正"),
        ),
    }
    return render(request, "publicservice/corrections.html", context)


@require_POST
def turn(request: HttpRequest, code: str) -> HttpResponse:
    """Refuse, suspend or resume the system, for a listed reason."""
    caller = required(caller_of(request))
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")
    detail, now = request.POST.get("detail", ""), clock.now()
    try:
        if act == "resume":
            standing.resume_system(code=code, detail=detail, caller=caller, now=now)
        elif act == "refuse":
            standing.refuse_system(code=code, reason=reason, detail=detail, caller=caller, now=now)
        else:
            standing.suspend_system(code=code, reason=reason, detail=detail, caller=caller, now=now)
    except DomainError as error:
        return _show(request, system_view(code, now=now), error, detail)
    return redirect(reverse("system", args=[code]))


def _show(
    request: HttpRequest, view: SystemView, refused: DomainError | None = None, typed: str = ""
) -> HttpResponse:
    now, caller, run = clock.now(), caller_of(request), last_runs().get(view.code)
    mark = mark_of(view.code, now=now)
    context = {
        "view": view,
        "crumbs": (Crumb("对接系统", reverse("systems")), Crumb(view.title)),
        "status": Status(view.state_name, TONES[view.state]),
        "mark": mark_status(mark) if view.kind == "trading" else None,
        "banner": _banner(view),
        "alarms": alarms_of(view, run, now),
        "figures": _figures(view),
        "reconciled": _reconciled(view, run),
        "facts": _facts(view, mark),
        "hours": hours(by_hour(now=now, only=view.code), now),
        "tests": tests_table(view),
        "quality": quality_table(qualities(now=now).get(view.code, Quality())),
        "keys": _keys(view),
        "turns": _turns(view),
        "is_own": _is_own(caller, view),
        "decision": _decision(caller, view, typed),
        "errors": (FormError("detail", str(refused)),) if refused else (),
    }
    return render(request, "publicservice/system.html", context, status=refused.status if refused else 200)


def _reconciled(view: SystemView, run: Reconciliation | None) -> str:
    if run is not None:
        return f"最近一次对账：{beijing(run.at)}，{Outcome(run.outcome).label}。"
    return "还没有对过账。" if view.url else "本系统没有接收地址，由它向平台询问对账。"


def _is_own(caller: Caller | None, view: SystemView) -> bool:
    return bool(caller and caller.organization_code and caller.organization_code == view.operator_code)


def _banner(view: SystemView) -> Refusal | None:
    if not view.reason:
        return None
    reason, turned = REASONS[view.reason], view.turns[0]
    detail = (
        f"{beijing(turned.at)} 由{turned.by}作出。理由：{reason.text}。"
        f"查明的情况：{turned.detail}。{reason.remedy}。"
    )
    return Refusal(f"本系统{view.state_name}", detail, view.clause)


def _figures(view: SystemView) -> tuple[Fact, ...]:
    passed = view.traffic
    return (
        Fact("今日收到", f"{passed.received_today:,} 条", note=f"累计 {passed.received:,} 条"),
        Fact("时延中位", seconds(passed.delay_p50), note=f"99% 在 {seconds(passed.delay_p99)} 以内"),
        Fact("最近心跳", beijing(passed.last_heard_at) if passed.last_heard_at else "无"),
        Fact("今日退回", f"{passed.rejected_today:,} 条", note=f"累计 {passed.rejected:,} 条"),
        Fact(
            "待送达",
            f"{passed.waiting:,} 条",
            note=f"已送达 {passed.delivered:,} 条，被拒收 {passed.refused:,} 条",
        ),
    )


def _facts(view: SystemView, mark: Mark) -> tuple[Fact, ...]:
    facts = [
        Fact("系统代码", view.code, kind="code"),
        Fact("类别", KINDS[view.kind]),
        Fact("行业", words.kind(view.industry)) if view.industry else None,
        Fact("地区", f"{places.name(view.region_code)}及其下辖地区") if view.region_code else None,
        Fact("运营机构", view.operator_name or "未登记", note=view.operator_code),
        Fact("主要负责人员", responsible_text(view) or "未登记"),
        mark_fact(mark) if view.kind == "trading" else None,
        Fact("接收地址", view.url or "只发送，不接收"),
        Fact("登记时间", beijing(view.entered_at)),
    ]
    return tuple(each for each in facts if each is not None)


def tests_table(view: SystemView) -> Table | None:
    """Return which technical tests the system passed; None for one that the platform lists itself."""
    if not view.tests:
        return None
    rows = tuple(
        (
            Cell(each.test.title),
            Cell("通过" if each.passed_at else "未做", tone="open" if each.passed_at else "next"),
            Cell(beijing(each.passed_at) if each.passed_at else ""),
        )
        for each in view.tests
    )
    return Table(caption="对接测试", columns=TEST_COLUMNS, rows=rows, id="tests")


def _keys(view: SystemView) -> Table:
    return Table(
        caption="密钥",
        columns=KEY_COLUMNS,
        rows=tuple(_key_cells(key, listed=not view.tests) for key in view.keys),
        id="keys",
        note="用于核对报文签名。更换密钥须由运营机构用证书签署，并由新密钥应答挑战；旧密钥到失效时止。",
    )


def _key_cells(key: KeyView, *, listed: bool) -> tuple[Cell, ...]:
    proof = [
        "运营机构已签署" if key.is_signed else "",
        "系统已证明持有" if key.is_proved else "",
        "随平台部署列入名单" if listed and not key.is_signed and key.number == 1 else "",
    ]
    return (
        Cell(str(key.number)),
        Cell(key.public_key, note=f"密钥编号 {key.key_id}"),
        Cell(beijing(key.valid_from) if key.valid_from else "尚未生效"),
        Cell(beijing(key.valid_until) if key.valid_until else "在用" if key.valid_from else ""),
        Cell("，".join(part for part in proof if part) or "待签署"),
    )


def _turns(view: SystemView) -> Table:
    return Table(
        caption="对接经过",
        columns=TURN_COLUMNS,
        rows=tuple(
            (
                Cell(beijing(each.at)),
                Cell(str(State(each.state).label)),
                Cell(
                    REASONS[each.reason].text if each.reason else each.detail or "登记",
                    note=_note(each.reason, each.detail),
                ),
                Cell(each.by),
            )
            for each in view.turns
        ),
        id="turns",
        note="拒绝和暂停只能以列明的理由作出，理由和依据在此公布。",
    )


def _note(reason: str, detail: str) -> str:
    return detail if reason else ""


def _decision(caller: Caller | None, view: SystemView, typed: str) -> dict[str, object] | None:
    """Return the form by which `caller` may turn the system now; None when it has no say."""
    if caller is None:
        return None
    detail = Field(
        "detail", "查明的情况", typed, kind="textarea", hint="1 至 300 个字，对外公布。", maximum_length=300
    )
    if view.state == State.SUSPENDED:
        own_wish = view.reason == standing.OWN_REQUEST
        judges = bool(caller.roles & POLICY[Permission.JUDGE_SYSTEM])
        if not (_is_own(caller, view) if own_wish else judges):
            return None
        return {"act": "resume", "verb": "恢复对接", "fields": (detail,)}
    reasons = standing.reasons_for(caller, ConnectedSystem.objects.get(code=view.code))
    if not reasons:
        return None
    options = tuple(Option(each.code, each.text) for each in reasons)
    chosen = Field("reason", "理由", kind="select", hint="只能从列明的理由中选择。", options=options)
    refuses = view.state == State.TRIAL
    return {
        "act": "refuse" if refuses else "suspend",
        "verb": "不予对接" if refuses else "暂停对接",
        "fields": (chosen, detail),
    }
