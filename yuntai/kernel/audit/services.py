"""Writing the audit trail: called inside the transaction of the act it records."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import models

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.models import AuditEntry
from yuntai.standard.canonical import canonical

SEALED = "sealed"


def version_of(instance: models.Model | None) -> str:
    """Return the SHA-256 (hex) of an object's stored facts, so that any change shows; "" for None."""
    if instance is None or instance.pk is None:
        return ""
    facts = {field.attname: _plain(_as_stored(field, instance)) for field in instance._meta.concrete_fields}
    return hashlib.sha256(canonical(facts)).hexdigest()


def record(
    *,
    caller: Caller,
    act: str,
    subject: models.Model,
    before: str,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write the audit row of an act that changed `subject`.

    before: `version_of(subject)` taken ahead of the change, "" for a new object.
    detail: what else is worth knowing, JSON types only, nothing secret.
    """
    entry = _entry(caller, act, now, detail)
    entry.object_type, entry.object_id = subject._meta.label_lower, str(subject)[:120]
    entry.version_before, entry.version_after = before, version_of(subject)
    entry.save()


def write_entry(
    *,
    caller: Caller,
    act: str,
    object_type: str,
    object_id: str,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write an audit row for what is not one model instance: a stream of messages, a set of bids."""
    entry = _entry(caller, act, now, detail)
    entry.object_type, entry.object_id = object_type, object_id[:120]
    entry.save()


def _entry(caller: Caller, act: str, now: datetime, detail: Mapping[str, Any] | None) -> AuditEntry:
    return AuditEntry(
        recorded_at=now,
        person_id=caller.person_id,
        person_name=caller.person_name,
        organization_code=caller.organization_code,
        organization_name=caller.organization_name,
        role=caller.role,
        address=caller.address,
        act=act,
        detail=dict(detail or {}),
    )


def record_sealed(*, commitment: str, now: datetime) -> None:
    """Write the audit row of an act that must stay secret until opening.

    commitment: salted SHA-256 (hex) of who did what to which object; whoever holds the opened facts and
    the salt can show that this row stood there before.
    """
    sealed = Caller(SEALED, SEALED, "", "", frozenset(), role=SEALED)
    write_entry(caller=sealed, act=SEALED, object_type=SEALED, object_id=commitment, now=now)


def _as_stored(field: "models.Field[Any, Any]", instance: models.Model) -> Any:
    """Return a field's value as the database gives it back, so that reading it again changes no version."""
    value = getattr(instance, field.attname)
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(field, models.DecimalField) and value is not None:
        return f"{field.to_python(value):.{field.decimal_places}f}"
    return value


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): _plain(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    return str(value)
