"""The audit trail (操作留痕): one row for every write, in the write's own transaction.

The tamper-evident log will grow on these rows; they are never changed and never deleted.
"""

from typing import ClassVar

from django.db import models
from django.db.models.expressions import RawSQL


class AuditEntry(models.Model):
    """Who did what to which object, when and from where (plan 三(五)1; Decree 20 art. 49).

    transaction: PostgreSQL's number of the transaction, by which a trigger finds that a change has its row.
    The database sets it, whatever is given.
    version_before, version_after: `version_of` the object, "" when there was or is none.
    A sealed act carries "sealed" for person, role, act and object type, and a commitment as its object.
    """

    append_only: ClassVar[bool] = True

    recorded_at = models.DateTimeField()
    transaction = models.BigIntegerField(db_default=RawSQL("(pg_current_xact_id()::text::bigint)", []))
    person_id = models.CharField(max_length=64)
    person_name = models.CharField(max_length=100)
    organization_code = models.CharField(max_length=18, blank=True)
    organization_name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=50)
    address = models.CharField(max_length=45, blank=True)
    act = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=120)
    version_before = models.CharField(max_length=64, blank=True)
    version_after = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["transaction"], name="audit_transaction"),
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.object_type} {self.object_id}"
