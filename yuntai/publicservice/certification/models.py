"""Published certificates; none is ever changed or taken away, a newer one stands beside the older."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Certificate(models.Model):
    """A certificate with the signed report it rests on.

    level: stars, 1 to 3.  body_code, body_name: who tested and signed.  tested_at: the end of the test.
    valid_until: last day, in Shanghai.  document: the signed report, canonical JSON, verbatim.
    """

    append_only: ClassVar[bool] = True

    number = models.CharField(max_length=50, unique=True)
    system_code = models.CharField(max_length=50)
    system_title = models.CharField(max_length=300)
    level = models.SmallIntegerField()
    body_code = models.CharField(max_length=50)
    body_name = models.CharField(max_length=200)
    tested_at = models.DateTimeField()
    valid_until = models.DateField()
    document = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="certificate_level_known", condition=Q(level__gte=1, level__lte=3)),
        ]
        indexes: ClassVar = [models.Index(fields=["system_code", "-id"], name="certificate_of_system")]

    def __str__(self) -> str:
        return self.number
