"""Figures of past days, and corrections."""

from typing import ClassVar

from django.db import models


class QualityDay(models.Model):
    """What one system reported on one day in Shanghai that is over, counted once for good.

    received, rejected: messages, and those of them rejected at the door.
    prompt: of those not rejected, how many arrived in time; delay_p50, delay_p99: seconds.
    optional, filled: optional fields that its records could have had, and had.
    corrections: messages that corrected an earlier one.
    """

    append_only: ClassVar[bool] = True

    system = models.CharField(max_length=50)
    day = models.DateField()
    received = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    prompt = models.PositiveIntegerField()
    delay_p50 = models.FloatField(null=True)
    delay_p99 = models.FloatField(null=True)
    optional = models.PositiveBigIntegerField()
    filled = models.PositiveBigIntegerField()
    corrections = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="quality_day_once", fields=["system", "day"])]

    def __str__(self) -> str:
        return f"{self.system}/{self.day}"


class Correction(models.Model):
    """One message that corrects another of the same system; both stay, and both are shown.

    corrected, correcting: msg_id of the two.
    """

    append_only: ClassVar[bool] = True

    system = models.CharField(max_length=50)
    corrected = models.CharField(max_length=36)
    correcting = models.CharField(max_length=36)
    data_set = models.PositiveIntegerField()
    data_key = models.CharField(max_length=22)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="correction_once", fields=["system", "correcting"]),
        ]
        indexes: ClassVar = [models.Index(fields=["system", "-at"], name="correction_newest")]

    def __str__(self) -> str:
        return f"{self.system}/{self.correcting}"
