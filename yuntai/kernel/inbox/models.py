"""Messages that came in: stored once, in the sender's order, applied by the worker."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class InboxStream(models.Model):
    """How far one sender's stream has come."""

    iss = models.CharField(max_length=60)
    stream = models.CharField(max_length=60)
    last_seq = models.BigIntegerField(default=0)
    last_digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="inbox_stream_once", fields=["iss", "stream"])]

    def __str__(self) -> str:
        return f"{self.iss}/{self.stream}"


class InboxMessage(models.Model):
    """One received message, verbatim with its signature.

    origin: the system whose message it is; differs from `iss` when the platform forwarded it.
    refusal: why it was rejected at the door; such a message is kept, numbered, and never applied.
    applied_at: when its handler's transaction committed.  attempts, fault: how often and why that failed.
    """

    iss = models.CharField(max_length=60)
    stream = models.CharField(max_length=60)
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    origin = models.CharField(max_length=60)
    type = models.CharField(max_length=80)
    subject = models.CharField(max_length=60)
    signed = models.JSONField()
    received_at = models.DateTimeField()
    refusal = models.TextField(blank=True)
    applied_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    fault = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="inbox_once", fields=["iss", "stream", "seq"]),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="inbox_unapplied", condition=Q(applied_at=None, refusal="")),
            models.Index(fields=["subject"], name="inbox_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.iss}/{self.stream}/{self.seq}"
