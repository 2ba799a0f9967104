"""Runs of reconciliation with their signed reports, and what the operator ordered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yuntai.publicservice.systems.models import ConnectedSystem


class Outcome(models.TextChoices):
    """What a run came to."""

    EQUAL = "equal", "一致"
    DIFFERS = "differs", "不一致"
    UNANSWERED = "unanswered", "对方未答复"


class Reconciliation(models.Model):
    """One run.  number: of the system's runs, from 1.  at: when it began.

    reason: why it ran, as the report has it.  report: as signed by the platform, whole.
    """

    append_only: ClassVar[bool] = True

    system = models.ForeignKey(ConnectedSystem, models.PROTECT, related_name="reconciliations")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=10)
    outcome = models.CharField(max_length=10, choices=Outcome)
    report = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="reconciliation_once", fields=["system", "number"]),
            models.CheckConstraint(
                name="reconciliation_outcome_known", condition=Q(outcome__in=Outcome.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system_id}/{self.number}"


class ReconciliationOrder(models.Model):
    """The operator wants a run now.  done_at: when it was over; null while it waits."""

    system = models.ForeignKey(ConnectedSystem, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    by = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="reconciliation_ordered_once", fields=["system"], condition=Q(done_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system_id} {self.ordered_at:%Y-%m-%d %H:%M}"
