"""Who may log in here: anyone with a recognised certificate, since every organization may register."""

from django.conf import settings

from yuntai.trust.certificates import Identity

PARTICIPANT = "participant"
OPERATOR = "operator"


def roles_of(identity: Identity) -> frozenset[str]:
    """Return what the holder of a certificate is on the platform."""
    if settings.OPERATOR_CODE and identity.organization_code == settings.OPERATOR_CODE:
        return frozenset({OPERATOR})
    return frozenset({PARTICIPANT})
