"""Messages that came in: stored once, in the sender's order, applied by the worker."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q


class InboxStream(models.Model):
    """How far one sender's stream has come.

    held: how many wait behind a hole.
    """

    iss = models.CharField(max_length=60)
    stream = models.CharField(max_length=60)
    last_seq = models.BigIntegerField(default=0)
    last_digest = models.CharField(max_length=64)
    held = models.SmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="inbox_stream_once", fields=["iss", "stream"])]

    def __str__(self) -> str:
        return f"{self.iss}/{self.stream}"


class HeldMessage(models.Model):
    """An authentic message behind a hole of its stream, kept until the numbers before it have come."""

    iss = models.CharField(max_length=60)
    stream = models.CharField(max_length=60)
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    signed = models.JSONField()
    held_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="inbox_held_once", fields=["iss", "stream", "seq"]),
        ]

    def __str__(self) -> str:
        return f"{self.iss}/{self.stream}/{self.seq}"


class StreamFork(models.Model):
    """Evidence that a sender signed two histories: a message that contradicts one that we keep.

    kept: our message of that number, or of the number before when `signed` denies its predecessor.
    """

    append_only: ClassVar[bool] = True

    iss = models.CharField(max_length=60)
    stream = models.CharField(max_length=60)
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    signed = models.JSONField()
    kept = models.JSONField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="inbox_fork_once", fields=["iss", "stream", "seq", "digest"]),
        ]

    def __str__(self) -> str:
        return f"{self.iss}/{self.stream}/{self.seq}"


class LastHeartbeat(models.Model):
    """When a system was last heard.

    told_at: by its own clock; a heartbeat that is not later is old.  streams: stream to its last number.
    """

    iss = models.CharField(max_length=60, unique=True)
    told_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    streams = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.iss


class ForwardedStream(models.Model):
    """How far an author's stream has come here through the platform, which passes on only a part of it.

    last_seq: the author's number of the last message taken in; an older one is a repetition.
    """

    author = models.CharField(max_length=60)
    stream = models.CharField(max_length=60)
    last_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="inbox_forwarded_once", fields=["author", "stream"]),
        ]

    def __str__(self) -> str:
        return f"{self.author}/{self.stream}"


WAITING = Q(applied_at=None, refusal="")
"""Messages that are still to be applied."""


class InboxMessage(models.Model):
    """One received message, verbatim with its signature.

    origin, msg_id: the system whose message it is, and its id there; they differ from the sender's when the
    platform forwarded it.
    signed_at: the `iat` of its envelope, by which both sides sort it into the same hour.
    refusal: why it was rejected at the door; such a message is kept, numbered, and never applied.
    applied_at: when its handler's transaction committed.  attempts, fault: how often and why that failed.
    next_try_at: not to be tried before; null: at once.  quarantined_at: when it was given up, else null.
    """

    iss = models.CharField(max_length=60)
    stream = models.CharField(max_length=60)
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    origin = models.CharField(max_length=60)
    msg_id = models.CharField(max_length=36)
    type = models.CharField(max_length=100)
    subject = models.CharField(max_length=100)
    signed = models.JSONField()
    signed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    refusal = models.TextField(blank=True)
    applied_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    fault = models.TextField(blank=True)
    next_try_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="inbox_once", fields=["iss", "stream", "seq"]),
            models.UniqueConstraint(
                name="inbox_once_per_author", fields=["origin", "msg_id"], condition=Q(refusal="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="inbox_unapplied", condition=WAITING),
            models.Index(fields=["origin", "subject", "id"], name="inbox_waiting", condition=WAITING),
            models.Index(fields=["msg_id"], name="inbox_msg_id"),
            models.Index(fields=["subject"], name="inbox_subject"),
            # Rows lie in the order of their arrival: a summary of each run of pages tells a day or an hour.
            BrinIndex(fields=["received_at"], name="inbox_received", autosummarize=True, pages_per_range=32),
            BrinIndex(fields=["signed_at"], name="inbox_signed", autosummarize=True, pages_per_range=32),
        ]

    def __str__(self) -> str:
        return f"{self.iss}/{self.stream}/{self.seq}"
