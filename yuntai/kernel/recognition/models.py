"""The versions of the trust list that were taken over, and a copy of what the CAs publish on revocation."""

from typing import ClassVar

from django.db import models


class TrustListVersion(models.Model):
    """A version of the trust list (互认名单), verbatim; none is ever changed or taken out.

    signed: JSON text of {"list", "signatures"}, checked when it was taken over.
    """

    seq = models.PositiveIntegerField(unique=True)
    signed = models.TextField()
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"trust list {self.seq}"


class RevocationEvidence(models.Model):
    """What a CA last said about revocation; a copy, which can be fetched again at any time.

    kind: "crl" or "ocsp".  source: the address of a list, or the digest of the certificate that was asked
    about.  content: DER; its signature is checked at each use.
    """

    kind = models.CharField(max_length=4)
    source = models.CharField(max_length=500)
    content = models.BinaryField()
    fetched_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="evidence_one_per_source", fields=["kind", "source"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"
