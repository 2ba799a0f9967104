"""Accounts: persons known by a certificate or a passkey, never by a password."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models


class Account(AbstractBaseUser):
    """A person acting for an organization in this system.

    person_id: the trust id that the certificate carries; it outlives renewals, so a renewed certificate
    goes on working.  roles: what the system found this person to be at the last login.
    organization_code: "" for a citizen, who acts for nobody.
    certificate_serial, certificate_expires_at: of the certificate last shown here; "" and null when none was.
    """

    person_id = models.CharField(max_length=64)
    person_name = models.CharField(max_length=100)
    organization_code = models.CharField(max_length=18, blank=True)  # 统一社会信用代码
    organization_name = models.CharField(max_length=200, blank=True)
    roles = models.JSONField(default=list)
    certificate_serial = models.CharField(max_length=64, blank=True)
    certificate_expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    key = models.CharField(max_length=83, unique=True)  # "<organization_code>:<person_id>"

    # Nobody has a password here, and the audit entry of a login says when it was.
    password = None  # type: ignore[assignment]
    last_login = None

    USERNAME_FIELD: ClassVar[str] = "key"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="account_one_per_person", fields=["organization_code", "person_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.organization_name} {self.person_name}"
