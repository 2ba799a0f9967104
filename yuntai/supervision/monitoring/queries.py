"""Warnings and directives with the state each is in, worked out from what is recorded."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias, TypedDict, cast

from django.db.models import (
    Case,
    CharField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.supervision.intake.models import SuspensionEvent, Turn, WatchedTender
from yuntai.supervision.monitoring.models import Directive, DirectiveKind, Dismissal, TenderWarning
from yuntai.supervision.monitoring.services import DirectiveNotFound, WarningNotFound

# A trading system that works answers within seconds.
ANSWER_WITHIN = timedelta(minutes=10)


class WarningState(TextChoices):
    """What became of a warning."""

    OPEN = "open", "待处理"
    DIRECTED = "directed", "已责令暂停"
    LIFTED = "lifted", "暂停后已准予恢复"
    DISMISSED = "dismissed", "已说明理由结案"


class DirectiveState(TextChoices):
    """What became of a directive: sent, until the trading system says that it obeyed.

    A resumption is obeyed when the tender goes on: where another suspension stands beside the one it lifts,
    the trading system says nothing until that one is lifted, too.
    """

    SENT = "sent", "已发出，待执行"
    OBEYED = "obeyed", "已执行"


class WarningFacts(TypedDict):
    """What `warnings` adds: a `WarningState` value."""

    state: str


class DirectiveFacts(TypedDict):
    """What `directives` adds: a `DirectiveState` value, and what is known of its way.

    obeyed_at: when the trading system obeyed.  delivered_at: when the platform's receipt came.
    refusal: why the platform rejected it, "" when it did not.
    """

    state: str
    obeyed_at: datetime | None
    delivered_at: datetime | None
    refusal: str


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
            When(_is_ground_of(Directive, lifted_by=None), then=Value(WarningState.DIRECTED.value)),
            When(_is_ground_of(Directive), then=Value(WarningState.LIFTED.value)),
            default=Value(WarningState.OPEN.value),
            output_field=CharField(),
        )
    )
    chosen = found.filter(state=state) if state else found
    return cast("QuerySet[HandledWarning]", chosen.order_by("-raised_at", "-id"))


def _is_ground_of(decision: type[Dismissal] | type[Directive], **facts: object) -> Exists:
    return Exists(decision.objects.filter(warning=OuterRef("pk"), **facts))


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
    """Return directives with their `DirectiveFacts`, latest first.

    state: a `DirectiveState` value, "" for all.
    """
    found = Directive.objects.select_related("tender", "warning", "lifts").annotate(
        obeyed_at=Case(
            When(kind=DirectiveKind.SUSPEND, then=_suspended_by_it()), default=_goes_on_since_it()
        ),
        delivered_at=_letter("delivered_at"),
        refusal=Coalesce(_letter("refusal"), Value(""), output_field=CharField()),
    )
    found = found.annotate(
        state=Case(
            When(obeyed_at=None, then=Value(DirectiveState.SENT.value)),
            default=Value(DirectiveState.OBEYED.value),
            output_field=CharField(),
        )
    )
    chosen = found.filter(state=state) if state else found
    return cast("QuerySet[AnsweredDirective]", chosen.order_by("-directed_at", "-id"))


def _suspended_by_it() -> Subquery:
    # Only the answer that fits counts: a suspension is not obeyed by a resumption.
    answers = SuspensionEvent.objects.filter(
        tender=OuterRef("tender"), directive_id=OuterRef("directive_id"), turn=Turn.SUSPENDED
    )
    return Subquery(answers.order_by("happened_at").values("happened_at")[:1])


def _goes_on_since_it() -> Subquery:
    # A tender that goes on by a later resumption has no suspension left, so this one was obeyed as well.
    its_own_or_later = Q(directive_id=OuterRef("directive_id")) | Q(happened_at__gte=OuterRef("directed_at"))
    answers = SuspensionEvent.objects.filter(its_own_or_later, tender=OuterRef("tender"), turn=Turn.RESUMED)
    return Subquery(answers.order_by("happened_at").values("happened_at")[:1])


def _letter(field: str) -> Subquery:
    """Return a field of the message that carries the directive to the platform."""
    letters = OutboxMessage.objects.filter(
        subject=OuterRef("tender__tender_code"), type__startswith="supervision.directive."
    ).annotate(directive=KT("body__directive_id"))
    return Subquery(letters.filter(directive=OuterRef("directive_id")).values(field)[:1])


def suspensions_beside(resumption: AnsweredDirective) -> list[str]:
    """Return the directives by which its tender stands still beside the one that `resumption` lifts."""
    events = SuspensionEvent.objects.filter(tender=resumption.tender)
    resumed = events.filter(turn=Turn.RESUMED).order_by("-happened_at", "-id").first()
    standing = events.filter(turn=Turn.SUSPENDED)
    if resumed is not None:
        standing = standing.filter(happened_at__gt=resumed.happened_at)
    lifted = resumption.lifts.directive_id if resumption.lifts else ""
    return list(
        standing.exclude(directive_id=lifted).order_by("happened_at").values_list("directive_id", flat=True)
    )


def unanswered(*, now: datetime) -> int:
    """Return how many directives wait for an answer longer than `ANSWER_WITHIN`."""
    return directives(state=DirectiveState.SENT).filter(directed_at__lte=now - ANSWER_WITHIN).count()


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


def suspensions_for(raised: TenderWarning) -> list[AnsweredDirective]:
    """Return the suspensions that a warning was the ground of, latest first."""
    return list(directives().filter(warning=raised))


def warnings_of(watched: WatchedTender) -> list[HandledWarning]:
    """Return the warnings raised about a tender, latest first."""
    return list(warnings().filter(tender=watched))
