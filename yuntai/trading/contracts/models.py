"""The contract and its two signatures."""

from typing import ClassVar

from django.db import models


class Side(models.TextChoices):
    """Who signs."""

    INITIATOR = "initiator", "招标人"
    SUPPLIER = "supplier", "中标人"


class Contract(models.Model):
    """The contract of one lot.  text: what both sign; sha256: of its UTF-8 bytes."""

    append_only: ClassVar[bool] = True

    lot = models.OneToOneField("tenders.Lot", models.PROTECT, related_name="contract")
    code = models.CharField(max_length=40, unique=True)
    initiator_code = models.CharField(max_length=18)
    initiator_name = models.CharField(max_length=200)
    supplier_code = models.CharField(max_length=18)
    supplier_name = models.CharField(max_length=200)
    price_yuan = models.DecimalField(max_digits=16, decimal_places=2)
    duration_days = models.IntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    drawn_up_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class ContractSignature(models.Model):
    """One side's signature.  certificate: DER, base64; signature: raw r||s, base64url."""

    append_only: ClassVar[bool] = True

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    person_id = models.CharField(max_length=64)
    person_name = models.CharField(max_length=100)
    certificate = models.TextField()
    signature = models.CharField(max_length=100)
    signed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="contract_signed_once_a_side", fields=["contract", "side"]),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}/{self.side}"
