"""Keeping the read copy of the platform's registry."""

from datetime import datetime

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.standard.messages import ParticipantFacts
from yuntai.trading.parties.models import Participant


def note_participant(*, told: ParticipantFacts, caller: Caller, now: datetime) -> Participant:
    """Store what the platform tells of an organization; the newest word counts."""
    with transaction.atomic():
        known = (
            Participant.objects.select_for_update().filter(organization_code=told.organization_code).first()
        )
        before = version_of(known)
        participant = known or Participant(organization_code=told.organization_code)
        participant.name = told.name
        participant.roles = list(told.roles)
        participant.region_code = told.region_code
        participant.registered_at = told.registered_at
        participant.save()
        record(caller=caller, act="note-participant", subject=participant, before=before, now=now)
    return participant
