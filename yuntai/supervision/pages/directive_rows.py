"""How directives show in lists: to supervisors with who signed and the way to lift, to the public without."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse

from yuntai.kernel.templatetags.components import Status
from yuntai.kernel.templatetags.values import beijing
from yuntai.supervision.monitoring.models import DirectiveKind
from yuntai.supervision.monitoring.queries import (
    ANSWER_WITHIN,
    AnsweredDirective,
    DirectiveState,
    lifted_among,
    suspensions_beside,
)
from yuntai.supervision.pages import words


@dataclass(frozen=True)
class DirectiveRow:
    """One directive.

    url: the tender's page, "" where the reader may not see it.  signed_by: "" where it is not shown.
    obeyed_at: None until the trading system obeyed.  lift_url: "" when there is nothing to lift.
    way: how far it came, "" where it is not shown.  late: how long an answer is overdue, None when it is not.
    is_lifted: a suspension that a later directive lifted.
    """

    number: str
    kind: str
    title: str
    tender_code: str
    reason: str
    clause: str
    status: Status
    directed_at: datetime
    obeyed_at: datetime | None
    url: str = ""
    signed_by: str = ""
    lift_url: str = ""
    way: str = ""
    late: Status | None = None
    is_lifted: bool = False


def public_rows(directives: Sequence[AnsweredDirective]) -> list[DirectiveRow]:
    """Return directives as everyone may read them: the authority answers for them, no official by name."""
    return [_public(directive) for directive in directives]


def supervisor_rows(directives: Sequence[AnsweredDirective], *, now: datetime) -> list[DirectiveRow]:
    """Return directives as supervisors read them, with the way to lift a standing suspension."""
    lifted = lifted_among(directives)
    return [_for_supervisors(directive, directive.pk in lifted, now) for directive in directives]


def _public(directive: AnsweredDirective) -> DirectiveRow:
    return DirectiveRow(
        number=directive.directive_id,
        kind=str(DirectiveKind(directive.kind).label),
        title=directive.tender.title,
        tender_code=directive.tender.tender_code,
        reason=directive.reason,
        clause=directive.clause,
        status=words.directive_status(directive.state),
        directed_at=directive.directed_at,
        obeyed_at=directive.obeyed_at,
    )


def _for_supervisors(directive: AnsweredDirective, is_lifted: bool, now: datetime) -> DirectiveRow:
    stands = directive.kind == DirectiveKind.SUSPEND and not is_lifted and not directive.tender.final_status
    return replace(
        _public(directive),
        url=reverse("tender", args=[directive.tender.tender_code]),
        signed_by=directive.directed_by_name,
        lift_url=reverse("direct-resumption", args=[directive.directive_id]) if stands else "",
        is_lifted=is_lifted,
        **_way(directive, now),
    )


def _way(directive: AnsweredDirective, now: datetime) -> dict[str, Any]:
    """Return how far a directive came that was not obeyed yet, and whether its answer is overdue."""
    if directive.state != DirectiveState.SENT:
        return {}
    waits = now - directive.directed_at
    late = Status(f"尚未答复，已 {words.duration(waits)}", "alarm") if waits >= ANSWER_WITHIN else None
    if directive.refusal:
        return {"way": f"公共服务平台拒收：{directive.refusal}", "late": late}
    if directive.delivered_at is None:
        return {"way": "尚未送达公共服务平台，正在重试。", "late": late}
    beside = suspensions_beside(directive) if directive.kind == DirectiveKind.RESUME else []
    if beside:
        others = "、".join(each or "交易系统自行办理" for each in beside)
        return {"way": f"项目另有暂停（{others}）没有解除，全部解除后才恢复并回报。"}
    return {"way": f"公共服务平台 {beijing(directive.delivered_at)} 签收并转送交易系统。", "late": late}
