"""Publishing a version of the trust list: the platform takes it over and tells every connected system."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.outbox.services import publish
from yuntai.kernel.peers import peers
from yuntai.kernel.recognition.models import TrustListVersion
from yuntai.kernel.recognition.services import take_trust_list
from yuntai.publicservice.exchange.routing import Scene, destinations
from yuntai.publicservice.permissions import POLICY, Permission
from yuntai.standard.messages import TrustListPublished


def publish_trust_list(*, signed: Mapping[str, Any], caller: Caller, now: datetime) -> TrustListVersion:
    """Take over a version and queue it for every trading and supervision system.

    signed: {"list", "signatures"}, signed by two officers each on an own device.

    :raises Forbidden: the caller does not work for the platform's operator.
    :raises ListRefused: not signed by two officers, no newer than the one in force, or it tells another past.
    """
    caller = caller.acting_as(POLICY[Permission.PUBLISH_TRUST_LIST])
    with transaction.atomic():
        taken = take_trust_list(signed=signed, caller=caller, now=now)
        message = TrustListPublished.model_validate(
            {
                "occurred_at": now,
                "seq": taken.seq,
                "document": signed["list"],
                "signatures": tuple(signed["signatures"]),
            }
        )
        for destination in destinations(message, Scene(), peers()):
            publish(message, now=now, destination=destination)
    return taken
