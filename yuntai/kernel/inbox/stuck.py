"""Messages whose handler failed to the end: who sees them, and how an operator has them tried again."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.errors import NotFound
from yuntai.kernel.inbox.apply import TRIES
from yuntai.kernel.inbox.models import WAITING, InboxMessage


class NotStuck(NotFound):
    """No such message waits for an operator."""

    code = "message-not-stuck"


def stuck_messages() -> QuerySet[InboxMessage]:
    """Return the messages that are not tried any more, oldest first."""
    return InboxMessage.objects.filter(WAITING, attempts__gte=TRIES).order_by("id")


def release_messages(names: Collection[str], *, by: str, now: datetime) -> list[str]:
    """Have stuck messages tried again from the next round on; return their names.

    names: as `str(message)` gives them; none means all.  by: name of the operator, for the audit trail.

    :raises NotStuck: one of `names` is not stuck; nothing is released.
    """
    operator = Caller(by, by, settings.OPERATOR_CODE, settings.OPERATOR_NAME, frozenset({"operator"}))
    with transaction.atomic():
        stuck = {str(row): row for row in stuck_messages().select_for_update()}
        unknown = sorted(set(names) - set(stuck))
        if unknown:
            raise NotStuck(
                f"{'、'.join(unknown)} 不在停办的报文之列，没有放行任何报文。请先列出，再照编号填写。"
            )
        released = {name: row for name, row in stuck.items() if not names or name in names}
        for row in released.values():
            before = version_of(row)
            row.attempts, row.next_try_at, row.quarantined_at = 0, None, None
            row.save(update_fields=["attempts", "next_try_at", "quarantined_at"])
            record(
                caller=operator.acting_as({"operator"}),
                act="release-message",
                subject=row,
                before=before,
                now=now,
                detail={"fault": row.fault},
            )
    return list(released)
