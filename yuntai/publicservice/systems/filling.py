"""Taking over the systems that the platform's own deployment lists, and what changes there."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.peers import Peer, listed_peers
from yuntai.publicservice.systems.models import (
    ConnectedSystem,
    State,
    SupervisedArea,
    SystemKey,
    SystemTurn,
)
from yuntai.trust.base64url import base64url


def take_over_list(*, now: datetime) -> int:
    """Enter each listed system that is not entered, and correct what the list now says otherwise.

    Return how many were new or changed.  What is told of a system later by its operator is not undone: state,
    later keys and areas stay.
    """
    listed = [each for each in listed_peers().values() if each.code != settings.SYSTEM_CODE]
    return sum(_take_over(each, now) for each in listed)


def _take_over(peer: Peer, now: datetime) -> bool:
    with transaction.atomic():
        system = ConnectedSystem.objects.select_for_update().filter(code=peer.code).first()
        wanted = _facts(peer)
        if system is not None and all(getattr(system, name) == value for name, value in wanted.items()):
            return False
        before = version_of(system)
        is_new = system is None
        system = system or ConnectedSystem(code=peer.code, state=State.CONNECTED, entered_at=now)
        for name, value in wanted.items():
            setattr(system, name, value)
        system.save()
        if is_new:
            _begin(system, peer, now)
        caller = Caller.system(settings.SYSTEM_CODE)
        record(caller=caller, act="take-over-listed-system", subject=system, before=before, now=now)
    return True


def _facts(peer: Peer) -> dict[str, Any]:
    duty = "监督责任岗位" if peer.kind == "supervision" else "运营责任岗位"
    return {
        "title": peer.title,
        "kind": peer.kind,
        "industry": peer.industry,
        "region_code": peer.region,
        "url": peer.url,
        "operator_code": peer.operator_code,
        "operator_name": peer.operator,
        "responsible": [{"name": peer.contact, "duty": duty}] if peer.contact else [],
        "listed": True,
    }


def _begin(system: ConnectedSystem, peer: Peer, now: datetime) -> None:
    SystemKey.objects.create(
        system=system, number=1, public_key=base64url(peer.public_key), made_at=now, valid_from=now
    )
    if peer.kind == "supervision":
        SupervisedArea.objects.create(system=system, industry=peer.industry, region_code=peer.region)
    SystemTurn.objects.create(
        system=system, state=State.CONNECTED, detail="随平台部署列入名单", by=settings.SYSTEM_TITLE, at=now
    )
