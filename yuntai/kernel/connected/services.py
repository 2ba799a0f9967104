"""Taking in what the platform tells of a connected system."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yuntai.kernel import peers
from yuntai.kernel.audit.services import record, version_of, write_entry
from yuntai.kernel.connected.belief import why_not_believed
from yuntai.kernel.connected.models import KnownSystem
from yuntai.kernel.inbox.acceptance import Examined
from yuntai.kernel.inbox.apply import Delivery
from yuntai.standard.messages import SystemListed, parse

log = logging.getLogger(__name__)


def note_listed(taken: Sequence[Examined], now: datetime) -> None:
    """Keep what stored messages tell of systems, in the storing transaction: INBOX_ON_STORED.

    Not later by the worker: the next message of the stream may be one of that system, passed on, and would be
    rejected for good while nobody knows it here.
    """
    for each in taken:
        if isinstance(each.message, SystemListed):
            payload = each.signed.payload
            system_listed(each.message, Delivery(payload.iss, payload.msg_id, now), now)


def system_listed(message: SystemListed, delivery: Delivery, now: datetime) -> None:
    """Keep what the platform tells of a system; what is not to be believed is noted and left aside.

    Leaving it aside is no failure: a later try would be refused like it, and hold up what comes after.
    """
    with transaction.atomic():
        row = KnownSystem.objects.select_for_update().filter(code=message.system_code).first()
        refusal = why_not_believed(
            message,
            platform=delivery.origin,
            listed=peers.listed_peers().get(message.system_code),
            before=_told(row),
        )
        if refusal:
            log.warning("system %s: %s", message.system_code, refusal)
            write_entry(
                caller=delivery.caller,
                act="leave-system-aside",
                object_type="connected.knownsystem",
                object_id=message.system_code,
                now=now,
                detail={"reason": refusal, "version": message.version},
            )
            return
        before = version_of(row)
        row = row or KnownSystem(code=message.system_code)
        row.version, row.told, row.told_at = message.version, message.body(), now
        row.save()
        record(caller=delivery.caller, act="note-system", subject=row, before=before, now=now)
    # Also what another thread reads before this transaction commits is forgotten.
    transaction.on_commit(peers.peers.read_anew)


def _told(row: KnownSystem | None) -> SystemListed | None:
    told = parse(row.told) if row else None
    return told if isinstance(told, SystemListed) else None
