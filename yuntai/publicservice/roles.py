"""Who may log in here: anyone with a recognised certificate, since every organization may register."""

from django.conf import settings

from yuntai.trust.certificates import Subject

PARTICIPANT = "participant"
OPERATOR = "operator"


def roles_of(subject: Subject) -> frozenset[str]:
    """Return what the holder of a certificate is on the platform."""
    if settings.OPERATOR_CODE and subject.organization_code == settings.OPERATOR_CODE:
        return frozenset({OPERATOR})
    return frozenset({PARTICIPANT})
