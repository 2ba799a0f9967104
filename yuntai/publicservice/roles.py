"""Who may log in here: whoever has a recognised certificate, as every organization may register; citizens."""

from django.conf import settings

from yuntai.trust.certificates import Subject

PARTICIPANT = "participant"
OPERATOR = "operator"
CITIZEN = "citizen"


def roles_of(subject: Subject) -> frozenset[str]:
    """Return what a person is on the platform."""
    if is_citizen(subject.organization_code):
        return frozenset({CITIZEN})
    if settings.OPERATOR_CODE and subject.organization_code == settings.OPERATOR_CODE:
        return frozenset({OPERATOR})
    return frozenset({PARTICIPANT})


def is_citizen(organization_code: str) -> bool:
    """Return whether somebody acts for no organization; a certificate always names one."""
    return not organization_code
