"""The evaluation report (评标报告): the rule, its parameters, and one line a bid."""

from typing import ClassVar

from django.db import models


class Evaluation(models.Model):
    """The scoring of one lot.  rule, rule_version, parameters: enough for anyone to compute it again."""

    append_only: ClassVar[bool] = True

    lot = models.OneToOneField("tenders.Lot", models.PROTECT, related_name="evaluation")
    rule = models.CharField(max_length=40)
    rule_version = models.CharField(max_length=10)
    parameters = models.JSONField()
    baseline_yuan = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    evaluated_at = models.DateTimeField()
    expert_id = models.CharField(max_length=64)
    expert_name = models.CharField(max_length=100)
    opinion = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return str(self.lot_id)


class Score(models.Model):
    """One bid's line.  rank: 1 is best; null with the reason when the bid was rejected.

    deviation_percent: without bound, since a price that is left out of the mean may lie anywhere.
    """

    append_only: ClassVar[bool] = True

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="scores")
    bidder_code = models.CharField(max_length=18)
    bidder_name = models.CharField(max_length=200)
    price_yuan = models.DecimalField(max_digits=16, decimal_places=2)
    deviation_percent = models.DecimalField(max_digits=24, decimal_places=2, null=True)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    rank = models.IntegerField(null=True)
    rejected_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="score_once_per_bidder", fields=["evaluation", "bidder_code"]),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id}/{self.bidder_code}"
