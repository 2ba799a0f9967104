"""How directives show in lists: to supervisors with who signed and the way to lift, to the public without."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from yuntai.kernel.templatetags.components import Status
from yuntai.supervision.monitoring.models import DirectiveKind
from yuntai.supervision.monitoring.queries import AnsweredDirective, lifted_among
from yuntai.supervision.pages import words


@dataclass(frozen=True)
class DirectiveRow:
    """One directive.

    url: the tender's page, "" where the reader may not see it.  signed_by: "" where it is not shown.
    obeyed_at: None until the trading system obeyed.  lift_url: "" when there is nothing to lift.
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


def public_rows(directives: Sequence[AnsweredDirective]) -> list[DirectiveRow]:
    """Return directives as everyone may read them: the authority answers for them, no official by name."""
    return [_public(directive) for directive in directives]


def supervisor_rows(directives: Sequence[AnsweredDirective]) -> list[DirectiveRow]:
    """Return directives as supervisors read them, with the way to lift a standing suspension."""
    lifted = lifted_among(directives)
    return [_for_supervisors(directive, directive.pk in lifted) for directive in directives]


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


def _for_supervisors(directive: AnsweredDirective, is_lifted: bool) -> DirectiveRow:
    stands = directive.kind == DirectiveKind.SUSPEND and not is_lifted and not directive.tender.final_status
    return replace(
        _public(directive),
        url=reverse("tender", args=[directive.tender.tender_code]),
        signed_by=directive.directed_by_name,
        lift_url=reverse("direct-resumption", args=[directive.directive_id]) if stands else "",
    )
