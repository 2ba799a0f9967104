"""What the public sees of tenders, worked out from the messages of the trading systems."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q


class PublicTender(models.Model):
    """One tender, or one of the past (history): the latest of each fact its messages tell.

    code: of the tender; for one of the past, its number at the source.  system: who may speak of it.
    kind: industry of a tender, kind of work of one of the past.  procedure: procedure, or method of the past.
    published_at: first notice, registration before that, day of opening of the past; sorts the lists.
    told_at: the last thing told of it.  lot_count, failed_lot_count: its lots, and those without success.
    From opened_at on each instant is that of the hindmost of the lots that go on, null until all of them have
    passed it; standstill_*: from the first to the last standstill of these lots.
    suspended_at: null when it is not suspended.  search: pairs of characters of title, code, place, parties.
    """

    code = models.CharField(max_length=50, unique=True)
    system = models.CharField(max_length=50)
    history = models.BooleanField()
    demonstration = models.BooleanField()
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=50)
    procedure = models.CharField(max_length=50)
    project_code = models.CharField(max_length=50, blank=True)
    region_code = models.CharField(max_length=6)
    place = models.CharField(max_length=200)
    initiator_code = models.CharField(max_length=18, blank=True)
    initiator_name = models.CharField(max_length=200, blank=True)
    agency_name = models.CharField(max_length=200, blank=True)
    estimated_yuan = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    ceiling_price_yuan = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    published_at = models.DateTimeField()
    told_at = models.DateTimeField()
    lot_count = models.PositiveSmallIntegerField()
    failed_lot_count = models.PositiveSmallIntegerField()
    noticed_at = models.DateTimeField(null=True)
    documents_open_at = models.DateTimeField(null=True)
    bids_due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    evaluated_at = models.DateTimeField(null=True)
    standstill_opens_at = models.DateTimeField(null=True)
    standstill_closes_at = models.DateTimeField(null=True)
    awarded_at = models.DateTimeField(null=True)
    contract_signed_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    final_status = models.CharField(max_length=12, blank=True)
    search = SearchVectorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="public_tender_final_status_known",
                condition=Q(final_status__in=["", "complete", "unsuccessful", "cancelled"]),
            ),
            models.CheckConstraint(
                name="public_tender_ends_with_a_status",
                condition=Q(ended_at=None, final_status="") | Q(ended_at__isnull=False) & ~Q(final_status=""),
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="public_tender_search"),
            models.Index(fields=["-published_at", "-id"], name="public_tender_newest"),
            # Holds all that the counts above the list need, so that they do not read the rows themselves.
            models.Index(fields=["region_code", "kind", "published_at"], name="public_tender_counts"),
            models.Index(
                fields=["bids_due_at"], name="public_tender_due", condition=Q(bids_due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PublicEvent(models.Model):
    """One message about a tender, verbatim.  The tender's facts and its page are worked out from these rows.

    message_id: the sender's msg_id; a message counts once.  body: as the standard writes it.
    """

    append_only: ClassVar[bool] = True

    tender = models.ForeignKey(PublicTender, models.PROTECT, related_name="events")
    message_id = models.CharField(max_length=36)
    type = models.CharField(max_length=100)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    body = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="public_event_once", fields=["tender", "message_id"]),
        ]

    def __str__(self) -> str:
        return self.message_id
