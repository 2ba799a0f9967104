"""What this authority knows of the tenders it watches: facts that trading systems told, never typed here.

Leaves out the stage a tender is in: that follows from these facts and the clock (`queries`).
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class FinalStatus(models.TextChoices):
    """How a tender ended."""

    COMPLETE = "complete", "已完成"
    UNSUCCESSFUL = "unsuccessful", "流标"
    CANCELLED = "cancelled", "终止"


class WatchedTender(models.Model):
    """A tender (招标项目) as its trading system registered and ended it.

    origin: code of the only system that may speak of this tender, and the one directives go to.
    """

    tender_code = models.CharField(max_length=50, unique=True)
    origin = models.CharField(max_length=60)
    project_code = models.CharField(max_length=50)
    industry = models.CharField(max_length=50)
    procedure = models.CharField(max_length=50)
    procedure_edition = models.DateField()
    title = models.CharField(max_length=200)
    region_code = models.CharField(max_length=6)
    place = models.CharField(max_length=200)
    initiator_code = models.CharField(max_length=18)
    initiator_name = models.CharField(max_length=200)
    agency_code = models.CharField(max_length=18, blank=True)
    agency_name = models.CharField(max_length=200, blank=True)
    must_tender = models.BooleanField()
    demonstration = models.BooleanField()
    registered_at = models.DateTimeField()
    final_status = models.CharField(max_length=12, choices=FinalStatus, blank=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)
    end_clause = models.CharField(max_length=50, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="watched_tender_final_status_known",
                condition=Q(final_status__in=["", *FinalStatus.values]),
            ),
            models.CheckConstraint(
                name="watched_tender_ended_with_status",
                condition=Q(final_status="", ended_at=None)
                | (~Q(final_status="") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.tender_code


class WatchedNotice(models.Model):
    """One published tender notice; the latest is in force.

    notice_sha256: digest of the notice's message, by which the same notice told twice is known.
    """

    tender = models.ForeignKey(WatchedTender, models.PROTECT, related_name="notices")
    notice_sha256 = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    documents_open_at = models.DateTimeField()
    bids_due_at = models.DateTimeField()
    must_tender = models.BooleanField()
    estimated_yuan = models.DecimalField(max_digits=16, decimal_places=2)
    ceiling_price_yuan = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    documents_sha256 = models.CharField(max_length=64)
    url = models.CharField(max_length=510, blank=True)
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="watched_notice_once", fields=["tender", "notice_sha256"]),
        ]

    def __str__(self) -> str:
        return f"{self.tender_id}/{self.notice_sha256[:12]}"


class WatchedLot(models.Model):
    """A lot (标段) with what was published of it from the opening on; null and "" until then.

    final_status, ended_at, end_reason, end_clause: of the lot itself; others of its tender may go on.

    opening_sha256, candidates_sha256: digests of the messages its bids and candidates were told by.
    """

    tender = models.ForeignKey(WatchedTender, models.PROTECT, related_name="lots")
    lot_code = models.CharField(max_length=50, unique=True)
    title = models.CharField(max_length=200)
    estimated_yuan = models.DecimalField(max_digits=16, decimal_places=2)
    ceiling_price_yuan = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    opened_at = models.DateTimeField(null=True)
    opening_sha256 = models.CharField(max_length=64, blank=True)
    candidates_published_at = models.DateTimeField(null=True)
    candidates_sha256 = models.CharField(max_length=64, blank=True)
    standstill_opens_at = models.DateTimeField(null=True)
    standstill_closes_at = models.DateTimeField(null=True)
    awarded_at = models.DateTimeField(null=True)
    supplier_code = models.CharField(max_length=18, blank=True)
    supplier_name = models.CharField(max_length=200, blank=True)
    award_price_yuan = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    contract_signed_at = models.DateTimeField(null=True)
    contract_code = models.CharField(max_length=50, blank=True)
    contract_price_yuan = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    contract_sha256 = models.CharField(max_length=64, blank=True)
    final_status = models.CharField(max_length=12, choices=FinalStatus, blank=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)
    end_clause = models.CharField(max_length=50, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="watched_lot_standstill_in_order",
                condition=Q(standstill_closes_at=None)
                | Q(standstill_closes_at__gte=F("standstill_opens_at")),
            ),
            models.CheckConstraint(
                name="watched_lot_final_status_known",
                condition=Q(final_status__in=["", *FinalStatus.values]),
            ),
            models.CheckConstraint(
                name="watched_lot_ended_with_status",
                condition=Q(final_status="", ended_at=None)
                | (~Q(final_status="") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.lot_code


class OpenedBid(models.Model):
    """One line of an opening record (开标记录).  price_yuan, duration_days: null when it did not open."""

    lot = models.ForeignKey(WatchedLot, models.PROTECT, related_name="bids")
    envelope_id = models.CharField(max_length=32)
    bidder_code = models.CharField(max_length=18, blank=True)
    bidder_name = models.CharField(max_length=200, blank=True)
    price_yuan = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    duration_days = models.IntegerField(null=True)
    outcome = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="opened_bid_once", fields=["lot", "envelope_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}/{self.envelope_id}"


class AwardCandidate(models.Model):
    """One award candidate (中标候选人) as published.  score: points."""

    lot = models.ForeignKey(WatchedLot, models.PROTECT, related_name="candidates")
    rank = models.SmallIntegerField()
    bidder_code = models.CharField(max_length=18)
    bidder_name = models.CharField(max_length=200)
    price_yuan = models.DecimalField(max_digits=16, decimal_places=2)
    score = models.DecimalField(max_digits=6, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="award_candidate_once", fields=["lot", "bidder_code"]),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}/{self.rank}"


class Turn(models.TextChoices):
    """Which way a suspension event turned the tender."""

    SUSPENDED = "suspended", "暂停"
    RESUMED = "resumed", "恢复"


class SuspensionEvent(models.Model):
    """The trading system suspended a tender or let it go on.

    directive_id: the directive it obeyed by this, "" when it acted by itself.
    bids_due_at: the deadline in force after it went on; null for a suspension.
    """

    tender = models.ForeignKey(WatchedTender, models.PROTECT, related_name="suspension_events")
    turn = models.CharField(max_length=10, choices=Turn)
    directive_id = models.CharField(max_length=50, blank=True)
    reason = models.CharField(max_length=200)
    happened_at = models.DateTimeField()
    bids_due_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="suspension_event_once", fields=["tender", "turn", "directive_id", "happened_at"]
            ),
            models.CheckConstraint(name="suspension_event_turn_known", condition=Q(turn__in=Turn.values)),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["directive_id"], name="suspension_event_directive", condition=~Q(directive_id="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tender_id}/{self.turn}/{self.happened_at.isoformat()}"


class ForkAlarm(models.Model):
    """A connected system signed two histories of one stream, says the platform, and its signatures prove it.

    kept_sha256, contradicting_sha256: digests of the two payloads; both messages lie in the inbox.
    """

    system_code = models.CharField(max_length=60)
    stream = models.CharField(max_length=60)
    seq = models.BigIntegerField()
    kept_sha256 = models.CharField(max_length=64)
    contradicting_sha256 = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="fork_alarm_once", fields=["system_code", "stream", "seq", "contradicting_sha256"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system_code}/{self.stream}/{self.seq}"
