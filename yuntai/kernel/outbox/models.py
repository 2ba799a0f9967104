"""Messages on their way out: written in the act's transaction, numbered and signed after it committed."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q


class OutboxStream(models.Model):
    """The numbering of one stream: all messages from this system to one destination, in order."""

    destination = models.CharField(max_length=60, unique=True)
    last_seq = models.BigIntegerField(default=0)
    last_digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.destination


class KeptAnswer(models.Model):
    """A receiver's signed answer, whole: only so its signature, and each receipt in it, can be verified."""

    append_only: ClassVar[bool] = True

    destination = models.CharField(max_length=60)
    answer = models.JSONField()
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.destination}/{self.pk}"


class OutboxMessage(models.Model):
    """One message.

    seq, digest, signed, signed_at: null or empty until the sequencer has numbered it.
    delivered_at: when the receiver's signed receipt came; null while it is under way.
    refusal: why the receiver rejected it, "" when it did not.
    receipt, handling: the answers with the receiver's receipt and with its receipt for the handling.
    processed_at: when the handling came to an end there; until then a message that it misses is sent
    again.
    """

    destination = models.CharField(max_length=60)
    type = models.CharField(max_length=80)
    subject = models.CharField(max_length=60)
    body = models.JSONField()
    created_at = models.DateTimeField()
    seq = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    signed = models.JSONField(null=True)
    signed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    receipt = models.ForeignKey(KeptAnswer, models.PROTECT, null=True, related_name="+", db_index=False)
    handling = models.ForeignKey(KeptAnswer, models.PROTECT, null=True, related_name="+", db_index=False)
    refusal = models.TextField(blank=True)
    processed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="outbox_one_per_number", fields=["destination", "seq"], condition=Q(seq__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["destination", "id"], name="outbox_unnumbered", condition=Q(seq=None)),
            models.Index(
                fields=["destination", "seq"],
                name="outbox_undelivered",
                condition=Q(delivered_at=None, seq__isnull=False),
            ),
            models.Index(
                fields=["destination", "seq"],
                name="outbox_unprocessed",
                condition=Q(processed_at=None, seq__isnull=False),
            ),
            BrinIndex(fields=["signed_at"], name="outbox_signed", autosummarize=True, pages_per_range=32),
        ]

    def __str__(self) -> str:
        return f"{self.destination}/{self.seq}"
