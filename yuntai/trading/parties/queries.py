"""Reads of the registered organizations."""

from yuntai.trading.parties.models import Participant


def participant(organization_code: str) -> Participant | None:
    """Return the registered organization with that code, None when there is none."""
    return Participant.objects.filter(organization_code=organization_code).first()


def roles_of_organization(organization_code: str) -> frozenset[str]:
    """Return the organization's registered roles, none when it is not registered."""
    found = participant(organization_code)
    return frozenset(found.roles) if found else frozenset()
