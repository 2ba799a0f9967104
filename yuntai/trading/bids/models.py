"""Sealed envelopes.  Until opening no column names a bidder, and nothing here can be read."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

ONE_PER_BIDDER = "envelope_one_per_bidder"


class Envelope(models.Model):
    """A sealed bid (加密投标文件包).

    bidder: the bidder's pseudonym in this tender; its key lies outside the database.
    header: the sealing header as the bidder's device made it; its wrapped shares are deleted when the bid
    is withdrawn, so that nobody can ever open it.  body_sha256: the ciphertext in the file store.
    receipt: what the bidder was answered, signed.
    """

    lot = models.ForeignKey("tenders.Lot", models.PROTECT, related_name="envelopes")
    envelope_id = models.CharField(max_length=32, unique=True)
    bidder = models.CharField(max_length=32)
    header = models.JSONField()
    header_sha256 = models.CharField(max_length=64)
    body_sha256 = models.CharField(max_length=64)
    body_length = models.BigIntegerField()
    receipt = models.JSONField()
    received_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name=ONE_PER_BIDDER, fields=["lot", "bidder"], condition=Q(withdrawn_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.envelope_id


class SealedAct(models.Model):
    """Who submitted or withdrew a bid and from where, sealed by this system to the same holders.

    It is opened together with the bids.  commitment: salted hash of the facts inside, which also stands in
    the audit trail, so that the opened facts can be held against it.  header, body: as of an envelope.
    """

    append_only: ClassVar[bool] = True

    lot = models.ForeignKey("tenders.Lot", models.PROTECT, related_name="sealed_acts")
    act_id = models.CharField(max_length=32, unique=True)
    commitment = models.CharField(max_length=64)
    header = models.JSONField()
    body = models.BinaryField()
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.act_id
