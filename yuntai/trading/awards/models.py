"""Award candidates with their standstill, and the award."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Standstill(models.Model):
    """The publication of the candidates (中标候选人公示).

    closes_at: as published; a suspension moves the lot's milestone, which alone decides.
    """

    append_only: ClassVar[bool] = True

    lot = models.OneToOneField("tenders.Lot", models.PROTECT, related_name="standstill")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="standstill_closes_later", condition=Q(closes_at__gt=F("opens_at"))),
        ]

    def __str__(self) -> str:
        return str(self.lot_id)


class Candidate(models.Model):
    """One award candidate, at most three a lot."""

    append_only: ClassVar[bool] = True

    standstill = models.ForeignKey(Standstill, models.PROTECT, related_name="candidates")
    rank = models.SmallIntegerField()
    bidder_code = models.CharField(max_length=18)
    bidder_name = models.CharField(max_length=200)
    price_yuan = models.DecimalField(max_digits=16, decimal_places=2)
    points = models.DecimalField(max_digits=6, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="candidate_rank_once", fields=["standstill", "rank"]),
        ]

    def __str__(self) -> str:
        return f"{self.standstill_id}/{self.rank}"


class Award(models.Model):
    """The award decision (定标)."""

    append_only: ClassVar[bool] = True

    lot = models.OneToOneField("tenders.Lot", models.PROTECT, related_name="award")
    supplier_code = models.CharField(max_length=18)
    supplier_name = models.CharField(max_length=200)
    price_yuan = models.DecimalField(max_digits=16, decimal_places=2)
    awarded_at = models.DateTimeField()
    decided_by = models.CharField(max_length=100)

    def __str__(self) -> str:
        return str(self.lot_id)
