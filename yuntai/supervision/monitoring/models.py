"""Warnings that rules raised, and what persons did about them: facts only; `queries` works out states."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yuntai.supervision.intake.models import WatchedNotice, WatchedTender


class TenderWarning(models.Model):
    """A warning (预警): a rule found something in a published notice.  A clue only; a person decides.

    rule, rule_version, level, clause, evidence: as the rule said then, whatever becomes of it later.
    """

    warning_id = models.CharField(max_length=50, unique=True)
    tender = models.ForeignKey(WatchedTender, models.PROTECT, related_name="warnings")
    notice = models.ForeignKey(WatchedNotice, models.PROTECT, related_name="warnings")
    rule = models.CharField(max_length=50)
    rule_version = models.CharField(max_length=20)
    level = models.CharField(max_length=10)
    clause = models.CharField(max_length=50)
    evidence = models.TextField()
    raised_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="warning_once_per_notice", fields=["tender", "rule", "notice"]),
            models.CheckConstraint(name="warning_has_evidence", condition=~Q(evidence="")),
        ]

    def __str__(self) -> str:
        return self.warning_id


class Dismissal(models.Model):
    """A supervisor found a warning unfounded or in need of no measure, and said why."""

    warning = models.OneToOneField(TenderWarning, models.PROTECT, related_name="dismissal")
    reason = models.CharField(max_length=200)
    dismissed_by_id = models.CharField(max_length=64)
    dismissed_by_name = models.CharField(max_length=100)
    dismissed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="dismissal_has_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return str(self.warning)


class DirectiveKind(models.TextChoices):
    """What a directive tells the trading system to do."""

    SUSPEND = "suspend", "责令暂停"
    RESUME = "resume", "准予恢复"


class Directive(models.Model):
    """A directive (监督指令) sent to a tender's trading system.

    warning: what a suspension rests on; of one warning at most one suspension stands.
    lifts: the suspension that a resumption lifts.
    directed_by_id: the official's trust id.
    """

    directive_id = models.CharField(max_length=50, unique=True)
    kind = models.CharField(max_length=10, choices=DirectiveKind)
    tender = models.ForeignKey(WatchedTender, models.PROTECT, related_name="directives")
    warning = models.ForeignKey(TenderWarning, models.PROTECT, null=True, related_name="suspensions")
    lifts = models.OneToOneField("self", models.PROTECT, null=True, related_name="lifted_by")
    target_system = models.CharField(max_length=60)
    authority_code = models.CharField(max_length=18)
    authority_name = models.CharField(max_length=200)
    clause = models.CharField(max_length=50)
    reason = models.CharField(max_length=200)
    directed_by_id = models.CharField(max_length=64)
    directed_by_name = models.CharField(max_length=100)
    directed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="directive_kind_fits",
                condition=Q(kind="suspend", warning__isnull=False, lifts=None)
                | Q(kind="resume", warning=None, lifts__isnull=False),
            ),
            models.CheckConstraint(name="directive_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.directive_id
