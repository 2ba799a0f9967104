"""Facts of a tender up to its bids: what is bought, by whom, on what terms, and when what happened."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from yuntai import procedures
from yuntai.evaluation.rules import EvaluationRule, rule
from yuntai.procedures.vocabulary import Milestone, Procedure
from yuntai.trust.suites import SUITES


class FinalStatus(models.TextChoices):
    """OCDS finalStatus.  Until it is set, the stage follows from the milestones."""

    COMPLETE = "complete", "已完成"
    UNSUCCESSFUL = "unsuccessful", "流标"
    CANCELLED = "cancelled", "终止"


class Project(models.Model):
    """An investment project (data set 500).

    code: 17 characters.  tenders_drafted: how many ever; no number is given twice.
    registered_by: the organization that did, the initiator's or an agency's.
    agency_code, agency_name: whom the initiator appointed (委托) to act for it; "" for nobody.
    """

    code = models.CharField(max_length=17, unique=True)
    name = models.CharField(max_length=200)
    region_code = models.CharField(max_length=6)
    place = models.CharField(max_length=200)
    investment_code = models.CharField(max_length=24, blank=True)
    initiator_code = models.CharField(max_length=18)
    initiator_name = models.CharField(max_length=200)
    registered_by = models.CharField(max_length=18)
    agency_code = models.CharField(max_length=18, blank=True)
    agency_name = models.CharField(max_length=200, blank=True)
    tenders_drafted = models.IntegerField(default=0)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class Tender(models.Model):
    """One tender (招标项目, data set 501).

    code: 20 characters.  procedure_code, procedure_edition: the rules it follows, for good.
    evaluation_*: the evaluation rule with its parameters, fixed with the documents.
    suite: in which its bids are sealed, a code of `trust.suites`; fixed when it is drafted, since the
    holders make their keys for it.
    must_tender: declared by the initiator: the law demands a tender (依法必须招标).
    documents_open_at: null until the notice is published.  bids_due_at: moves later only, since the
    holders bind their keys to it.  documents_sha256: digest over the list of documents, "" while a draft.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="tenders")
    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    procedure_code = models.CharField(max_length=50)
    procedure_edition = models.CharField(max_length=10)
    must_tender = models.BooleanField()
    agency_code = models.CharField(max_length=18, blank=True)
    agency_name = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=100)
    suite = models.CharField(max_length=20)
    evaluation_rule = models.CharField(max_length=40)
    evaluation_version = models.CharField(max_length=10)
    evaluation_parameters = models.JSONField()
    notice_text = models.TextField(blank=True)
    documents_sha256 = models.CharField(max_length=64, blank=True)
    documents_open_at = models.DateTimeField(null=True)
    bids_due_at = models.DateTimeField()
    demonstration = models.BooleanField(default=False)
    origin = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="tender_bids_due_after_documents_open",
                condition=Q(documents_open_at=None) | Q(bids_due_at__gt=models.F("documents_open_at")),
            ),
            models.CheckConstraint(name="tender_suite_known", condition=Q(suite__in=list(SUITES))),
            models.CheckConstraint(
                name="tender_published_with_documents",
                condition=Q(documents_open_at=None) | ~Q(documents_sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def procedure(self) -> Procedure:
        """The rules this tender follows."""
        return procedures.get(self.procedure_code, self.procedure_edition)

    @property
    def evaluation(self) -> EvaluationRule:
        """The evaluation rule, with the parameters of the tender documents."""
        return rule(self.evaluation_rule, self.evaluation_version, self.evaluation_parameters)


class Lot(models.Model):
    """One lot (标段, data set 502): what a bid and an award refer to.

    code: 23 characters.  unified_code: issued by the platform, "" until it told.
    next_due_at: when the worker must look at it; null when nothing is pending.
    """

    tender = models.ForeignKey(Tender, models.PROTECT, related_name="lots")
    code = models.CharField(max_length=23, unique=True)
    unified_code = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=200)
    estimated_yuan = models.DecimalField(max_digits=16, decimal_places=2)
    ceiling_price_yuan = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    next_due_at = models.DateTimeField(null=True)
    final_status = models.CharField(max_length=12, choices=FinalStatus, blank=True)
    final_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="lot_final_status_known", condition=Q(final_status__in=["", *FinalStatus.values])
            ),
            models.UniqueConstraint(
                name="lot_unified_code_once", fields=["unified_code"], condition=~Q(unified_code="")
            ),
            models.CheckConstraint(name="lot_estimate_positive", condition=Q(estimated_yuan__gt=0)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_due_at"], name="lot_due", condition=Q(next_due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def schedule(self) -> dict[Milestone, datetime]:
        """The milestones set so far, with what the tender fixes for all its lots."""
        tender = self.tender
        reached = {Milestone(row.milestone): row.at for row in self.milestones.all()}
        reached[Milestone.BIDS_DUE] = tender.bids_due_at
        if tender.documents_open_at is not None:
            reached[Milestone.DOCUMENTS_OPEN] = tender.documents_open_at
            reached[Milestone.DOCUMENTS_CLOSED] = tender.bids_due_at
        return reached


class LotMilestone(models.Model):
    """An instant that was reached, or that was fixed ahead (end of the standstill)."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="milestones")
    milestone = models.CharField(max_length=30)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="lot_milestone_once", fields=["lot", "milestone"]),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}/{self.milestone}"


class Document(models.Model):
    """A file of the tender documents (招标文件), free to download for everyone (Decree 20 art. 20)."""

    tender = models.ForeignKey(Tender, models.PROTECT, related_name="documents")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="document_name_once", fields=["tender", "name"]),
        ]

    def __str__(self) -> str:
        return f"{self.tender_id}/{self.name}"


class HolderKey(models.Model):
    """The public key that one holder (开标密钥保管方) made for one lot.

    letter: T, P, C or R.  public_key: P-256 point, 65 bytes.  opens_at: the holder releases nothing before.
    statement: the holder's signed statement, verbatim, so that anyone can check whose key it is.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="holder_keys")
    letter = models.CharField(max_length=1)
    holder_name = models.CharField(max_length=200)
    public_key = models.BinaryField()
    opens_at = models.DateTimeField()
    statement = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="holder_key_once", fields=["lot", "letter"])]

    def __str__(self) -> str:
        return f"{self.lot_id}/{self.letter}"


class Suspension(models.Model):
    """A time in which the tender stands still; several may stand side by side, each lifted on its own.

    directive_id: of the authority's directive, "" for own.  lifted_by, lifted_reason: of the resumption that
    lifted it, "" while it stands; kept so that a directive obeyed once is never obeyed again.
    """

    tender = models.ForeignKey(Tender, models.PROTECT, related_name="suspensions")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500)
    directive_id = models.CharField(max_length=50, blank=True)
    directed_by = models.CharField(max_length=200, blank=True)
    lifted_by = models.CharField(max_length=50, blank=True)
    lifted_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="suspension_directive_once",
                fields=["tender", "directive_id"],
                condition=~Q(directive_id=""),
            ),
            models.UniqueConstraint(
                name="suspension_lifted_once", fields=["lifted_by"], condition=~Q(lifted_by="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tender_id}/{self.began_at:%Y-%m-%d}"
