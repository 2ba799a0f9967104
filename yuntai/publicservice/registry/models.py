"""Participants: organizations that registered once for the whole city."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from yuntai.publicservice.registry.registration import ROLES


class Participant(models.Model):
    """A registered organization.

    organization_code: 统一社会信用代码.  name: as certified, NFKC form.  roles: what it acts as, sorted.
    contact_name, contact_phone: whom the operator may call; never public.
    version: 1 at the registration, one more with each change.  search: pairs of characters of code and name.
    """

    organization_code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    roles = ArrayField(models.CharField(max_length=20))
    region_code = models.CharField(max_length=6)
    contact_name = models.CharField(max_length=100)
    contact_phone = models.CharField(max_length=30)
    registered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    search = SearchVectorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="participant_has_known_roles",
                condition=Q(roles__len__gt=0) & Q(roles__contained_by=sorted(ROLES)),
            ),
            models.CheckConstraint(name="participant_version_counts", condition=Q(version__gte=1)),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="participant_search"),
            models.Index(fields=["-registered_at"], name="participant_newest"),
        ]

    def __str__(self) -> str:
        return self.organization_code
