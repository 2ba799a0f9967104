"""What passed through the hub, per connected system: counted in the inbox and the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q

from yuntai.kernel.inbox.models import InboxMessage, LastHeartbeat
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.peers import Peer, peers
from yuntai.law.days import SHANGHAI
from yuntai.trust import signing
from yuntai.trust.base64url import base64url

ORDER = {"trading": 0, "supervision": 1}


@dataclass(frozen=True)
class Traffic:
    """Messages between the platform and one connected system.

    received_today: since 00:00 in Shanghai.  last_received_at: None when nothing ever came.
    rejected: of those received, how many the platform rejected at the door.
    delivered: sent to it and receipted.  waiting: not receipted yet.  refused: of those delivered, how many
    it rejected.
    """

    system: Peer
    received_today: int
    received: int
    last_received_at: datetime | None
    rejected: int
    delivered: int
    waiting: int
    refused: int

    @property
    def key_id(self) -> str:
        """The name of the key that signs this system's messages."""
        return signing.key_id(self.system.public_key)

    @property
    def public_key(self) -> str:
        """The key itself, base64url without padding."""
        return base64url(self.system.public_key)


def traffic(*, now: datetime) -> list[Traffic]:
    """Return the traffic of every connected system: trading, then supervision, then others, each by code."""
    received, sent = _received(now), _sent()
    listed = [each for each in peers().values() if each.code != settings.SYSTEM_CODE]
    listed.sort(key=lambda each: (ORDER.get(each.kind, 2), each.code))
    return [_of(each, received.get(each.code, {}), sent.get(each.code, {})) for each in listed]


def last_heard() -> dict[str, datetime]:
    """Return when each connected system was last heard by a heartbeat; one that never was is not in it."""
    return dict(LastHeartbeat.objects.values_list("iss", "heard_at"))


def _of(system: Peer, came: Mapping[str, Any], went: Mapping[str, Any]) -> Traffic:
    return Traffic(
        system=system,
        received_today=came.get("today", 0),
        received=came.get("total", 0),
        last_received_at=came.get("last"),
        rejected=came.get("rejected", 0),
        delivered=went.get("delivered", 0),
        waiting=went.get("waiting", 0),
        refused=went.get("refused", 0),
    )


def _received(now: datetime) -> dict[str, dict[str, Any]]:
    midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = InboxMessage.objects.values("iss").annotate(
        total=Count("id"),
        today=Count("id", filter=Q(received_at__gte=midnight)),
        rejected=Count("id", filter=~Q(refusal="")),
        last=Max("received_at"),
    )
    return {row["iss"]: dict(row) for row in rows}


def _sent() -> dict[str, dict[str, Any]]:
    rows = OutboxMessage.objects.values("destination").annotate(
        delivered=Count("id", filter=Q(delivered_at__isnull=False)),
        waiting=Count("id", filter=Q(delivered_at=None)),
        refused=Count("id", filter=~Q(refusal="")),
    )
    return {row["destination"]: dict(row) for row in rows}
