"""Passkeys: the second way to log in, and a citizen's only one."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Passkey(models.Model):
    """A passkey (通行密钥) of an account.

    credential_id: base64url, unique over all accounts.  credential: attested credential of WebAuthn:
    authenticator model, id and public key.  sign_count: the highest seen; 0 where the device does not count.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="passkeys")
    credential_id = models.CharField(max_length=1400, unique=True)
    credential = models.BinaryField()
    name = models.CharField(max_length=50)
    sign_count = models.BigIntegerField()
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="passkey_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.credential_id[:40]
