"""Which account follows which tender."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from yuntai.publicservice.portal.models import PublicTender


class Follow(models.Model):
    """An account follows a tender.  seen_at: what the platform received later is new to this account."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="follows")
    tender = models.ForeignKey(PublicTender, models.PROTECT, related_name="+")
    followed_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="follow_once", fields=["account", "tender"]),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}/{self.tender.code}"
