"""What is wrong with a connected system's exchange: messages that wait too long, a failed reconciliation."""

from datetime import datetime

from django.urls import reverse

from yuntai.kernel.status import unsent_alarm
from yuntai.kernel.templatetags.components import Refusal
from yuntai.kernel.templatetags.values import beijing
from yuntai.publicservice.reconciliation.models import Outcome, Reconciliation
from yuntai.publicservice.systems.queries import SystemView


def alarms_of(view: SystemView, run: Reconciliation | None, now: datetime) -> tuple[Refusal, ...]:
    """Return the alarms about a system.  run: its last reconciliation."""
    unsent = view.traffic.unsent
    waits = unsent_alarm(view.code, unsent, now) if unsent and unsent.is_alarm(now) else None
    differs = reconciliation_alarm(run, view.title) if run else None
    return tuple(alarm for alarm in (waits, differs) if alarm is not None)


def reconciliation_alarm(run: Reconciliation, title: str) -> Refusal | None:
    """Return the alarm of a run that found a difference or got no answer; None for one without."""
    if run.outcome == Outcome.EQUAL:
        return None
    address = reverse("reconciliation", args=[run.system.code, run.number])
    if run.outcome == Outcome.UNANSWERED:
        said = f"{beijing(run.at)} 平台询问对账，{title}没有答复。双方的报文都照旧保留，稍后自动再次对账。"
        return Refusal("对账没有得到答复", said, action="查看对账报告", url=address)
    said = (
        f"{beijing(run.at)} 平台与{title}对账，双方所存的报文不一致。缺的报文由发送方重发，多的照旧保留；"
        "下一次对账一致后本告警解除。"
    )
    return Refusal("对账不一致", said, action="查看对账报告", url=address)
