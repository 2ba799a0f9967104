"""Participants: organizations that registered once for the whole city, with every version they submitted."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from yuntai.publicservice.registry.papers import KINDS
from yuntai.publicservice.registry.registration import ROLES


class RegisteredFacts(models.Model):
    """What an organization says of itself.

    name: as certified, NFKC form.  roles: what it acts as, sorted.  address, legal_representative: "" when
    not given.  contact_name, contact_phone: whom the operator may call; never public.
    """

    name = models.CharField(max_length=200)
    roles = ArrayField(models.CharField(max_length=20))
    region_code = models.CharField(max_length=6)
    address = models.CharField(max_length=200, blank=True)
    legal_representative = models.CharField(max_length=100, blank=True)
    contact_name = models.CharField(max_length=100)
    contact_phone = models.CharField(max_length=30)

    class Meta:
        abstract = True


class Participant(RegisteredFacts):
    """A registered organization: what is in force of its registration.

    organization_code: 统一社会信用代码.  version: number of the newest version submitted.
    in_force: number of the version whose facts stand here; roles are always those of the newest version,
    since a role is declared and no approval stands before it.
    verified_roles, verified_at: what the operator verified, and when; none and null before the first time.
    search: pairs of characters of code and name.
    """

    organization_code = models.CharField(max_length=18, unique=True)
    registered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    in_force = models.PositiveIntegerField(default=1)
    verified_roles = ArrayField(models.CharField(max_length=20), default=list)
    verified_at = models.DateTimeField(null=True)
    search = SearchVectorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="participant_has_known_roles",
                condition=Q(roles__len__gt=0) & Q(roles__contained_by=sorted(ROLES)),
            ),
            models.CheckConstraint(
                name="participant_version_counts", condition=Q(in_force__gte=1, version__gte=F("in_force"))
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="participant_search"),
            models.Index(fields=["-registered_at"], name="participant_newest"),
        ]

    def __str__(self) -> str:
        return self.organization_code


class RegistrationVersion(RegisteredFacts):
    """A registration as it was submitted, kept for ever.  number: from 1.  submitted_by: name of a person."""

    append_only: ClassVar[bool] = True

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    submitted_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="registration_version_once", fields=["participant", "number"]),
        ]
        indexes: ClassVar = [models.Index(fields=["submitted_at"], name="registration_version_oldest")]

    def __str__(self) -> str:
        return f"{self.participant.organization_code}/{self.number}"


class Paper(models.Model):
    """A file that belongs to a version; the bytes lie in the document store under their SHA-256."""

    append_only: ClassVar[bool] = True

    version = models.ForeignKey(RegistrationVersion, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=30)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="paper_one_of_a_kind", fields=["version", "kind"]),
            models.CheckConstraint(name="paper_kind_known", condition=Q(kind__in=sorted(KINDS))),
        ]
        indexes: ClassVar = [models.Index(fields=["sha256"], name="paper_sha256")]

    def __str__(self) -> str:
        return f"{self.version} {self.kind}"


class Verdict(models.Model):
    """What the operator found of a version: verified, or returned with reasons."""

    append_only: ClassVar[bool] = True

    version = models.OneToOneField(RegistrationVersion, models.PROTECT, related_name="verdict")
    verified = models.BooleanField()
    reasons = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="verdict_returns_with_reasons",
                condition=Q(verified=True, reasons="") | Q(verified=False) & ~Q(reasons=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)
