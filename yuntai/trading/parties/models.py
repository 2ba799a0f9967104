"""The registered organizations, as messages of the platform told."""

from typing import ClassVar

from django.db import models


class Participant(models.Model):
    """A market subject (市场主体).  roles: initiator, agency, bidder."""

    organization_code = models.CharField(max_length=18, unique=True)  # 统一社会信用代码
    name = models.CharField(max_length=200)
    roles = models.JSONField(default=list)
    region_code = models.CharField(max_length=6)
    registered_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name"], name="participant_name")]

    def __str__(self) -> str:
        return self.organization_code
