"""Issued codes, and how far each day's serial has come."""

from typing import ClassVar

from django.db import models


class CodeDay(models.Model):
    """The serial of one day in Shanghai; under its row lock two issuers take turns, and leave nothing out."""

    day = models.DateField(unique=True)
    last_serial = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.day.isoformat()


class IssuedCode(models.Model):
    """One code, for good.  system: who registered or asked.  object_code: the lot, as that system has it."""

    append_only: ClassVar[bool] = True

    code = models.CharField(max_length=40, unique=True)
    day = models.DateField()
    serial = models.PositiveIntegerField()
    system = models.CharField(max_length=50)
    tender_code = models.CharField(max_length=50)
    object_code = models.CharField(max_length=50)
    issued_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="issued_code_serial_once", fields=["day", "serial"]),
            models.UniqueConstraint(name="issued_code_one_a_lot", fields=["system", "object_code"]),
        ]
        indexes: ClassVar = [models.Index(fields=["tender_code"], name="issued_code_tender")]

    def __str__(self) -> str:
        return self.code
