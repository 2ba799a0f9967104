"""Systems that the platform told of."""

from django.db import models


class KnownSystem(models.Model):
    """A connected system as the last message about it tells; the message was believed when it was written.

    version: of the message; an older one counts no more.  told: its body, as the standard writes it.
    """

    code = models.CharField(max_length=50, unique=True)
    version = models.PositiveIntegerField()
    told = models.JSONField()
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code
