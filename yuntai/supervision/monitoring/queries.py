"""Warnings and directives with the state each is in, worked out from what is recorded."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias, TypedDict, cast

from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Subquery, TextChoices, Value, When

from yuntai.supervision.intake.models import SuspensionEvent, Turn, WatchedTender
from yuntai.supervision.monitoring.models import Directive, DirectiveKind, Dismissal, TenderWarning
from yuntai.supervision.monitoring.services import DirectiveNotFound, WarningNotFound


class WarningState(TextChoices):
    """What became of a warning."""

    OPEN = "open", "待处理"
    DIRECTED = "directed", "已责令暂停"
    DISMISSED = "dismissed", "已说明理由结案"


class DirectiveState(TextChoices):
    """What became of a directive: sent, until the trading system says that it obeyed."""

    SENT = "sent", "已发出，待执行"
    OBEYED = "obeyed", "已执行"


class WarningFacts(TypedDict):
    """What `warnings` adds: a `WarningState` value."""

    state: str


class DirectiveFacts(TypedDict):
    """What `directives` adds: a `DirectiveState` value, and when the trading system obeyed."""

    state: str
    obeyed_at: datetime | None


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    HandledWarning: TypeAlias = WithAnnotations[TenderWarning, WarningFacts]
    AnsweredDirective: TypeAlias = WithAnnotations[Directive, DirectiveFacts]
else:
    HandledWarning, AnsweredDirective = TenderWarning, Directive


def warnings(*, state: str = "") -> QuerySet[HandledWarning]:
    """Return warnings with `state` and tender, latest first.  state: a `WarningState` value, "" for all."""
    found = TenderWarning.objects.select_related("tender", "notice").annotate(
        state=Case(
            When(_is_ground_of(Dismissal), then=Value(WarningState.DISMISSED.value)),
            When(_is_ground_of(Directive), then=Value(WarningState.DIRECTED.value)),
            default=Value(WarningState.OPEN.value),
            output_field=CharField(),
        )
    )
    chosen = found.filter(state=state) if state else found
    return cast("QuerySet[HandledWarning]", chosen.order_by("-raised_at", "-id"))


def _is_ground_of(decision: type[Dismissal] | type[Directive]) -> Exists:
    return Exists(decision.objects.filter(warning=OuterRef("pk")))


def warning(warning_id: str) -> HandledWarning:
    """Return one warning with its `state`.

    :raises WarningNotFound: there is none.
    """
    found = warnings().filter(warning_id=warning_id).first()
    if found is None:
        raise WarningNotFound(f"没有编号为 {warning_id} 的预警，请从预警清单进入。")
    return found


def dismissal_of(raised: TenderWarning) -> Dismissal | None:
    """Return how a warning was closed without a measure, if it was."""
    return Dismissal.objects.filter(warning=raised).first()


def directives(*, state: str = "") -> QuerySet[AnsweredDirective]:
    """Return directives with `obeyed_at` and `state`, latest first.

    state: a `DirectiveState` value, "" for all.
    """
    found = Directive.objects.select_related("tender", "warning", "lifts").annotate(
        # Only the answer that fits counts: a resumption is not obeyed by a suspension.
        answer=Case(
            When(kind=DirectiveKind.SUSPEND, then=Value(Turn.SUSPENDED.value)),
            default=Value(Turn.RESUMED.value),
        )
    )
    answers = SuspensionEvent.objects.filter(
        tender=OuterRef("tender"), directive_id=OuterRef("directive_id"), turn=OuterRef("answer")
    )
    found = found.annotate(
        obeyed_at=Subquery(answers.order_by("happened_at").values("happened_at")[:1])
    ).annotate(
        state=Case(
            When(obeyed_at=None, then=Value(DirectiveState.SENT.value)),
            default=Value(DirectiveState.OBEYED.value),
            output_field=CharField(),
        )
    )
    chosen = found.filter(state=state) if state else found
    return cast("QuerySet[AnsweredDirective]", chosen.order_by("-directed_at", "-id"))


def directive(directive_id: str) -> AnsweredDirective:
    """Return one directive with its `state`.

    :raises DirectiveNotFound: there is none.
    """
    found = directives().filter(directive_id=directive_id).first()
    if found is None:
        raise DirectiveNotFound(f"没有编号为 {directive_id} 的监督指令，请从指令清单进入。")
    return found


def directives_of(watched: WatchedTender) -> list[AnsweredDirective]:
    """Return the directives sent about a tender, latest first."""
    return list(directives().filter(tender=watched))


def lifted_among(shown: Iterable[Directive]) -> set[int]:
    """Return the keys of those directives that a later one lifted."""
    keys = [directive.pk for directive in shown]
    lifting = Directive.objects.filter(lifts__in=keys)
    return {directive.lifts_id for directive in lifting if directive.lifts_id is not None}


def suspension_for(raised: TenderWarning) -> AnsweredDirective | None:
    """Return the suspension that a warning was the ground of, if there is one, with its `state`."""
    return directives().filter(warning=raised).first()


def warnings_of(watched: WatchedTender) -> list[HandledWarning]:
    """Return the warnings raised about a tender, latest first."""
    return list(warnings().filter(tender=watched))
