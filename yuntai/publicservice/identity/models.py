"""Passkeys, by which people log in here, and the codes by which other systems ask who did."""

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


class LoginCode(models.Model):
    """A code that a connected system exchanges, once and within a minute, for who has logged in here.

    code_sha256: of the code, which only the browser and the system get to see.
    code_challenge: S256 of PKCE.  nonce: the system's, "" when it gave none.
    way, logged_in_at: how and when the person logged in.  taken_at: null until the exchange.
    """

    code_sha256 = models.CharField(max_length=64, unique=True)
    client_id = models.CharField(max_length=50)
    redirect_uri = models.CharField(max_length=500)
    scope = models.CharField(max_length=100)
    nonce = models.CharField(max_length=200, blank=True)
    code_challenge = models.CharField(max_length=128)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    way = models.CharField(max_length=20)
    logged_in_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.client_id}/{self.pk}"
