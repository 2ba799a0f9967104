"""update_rows and insert_rows …"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.bulk import insert_rows, update_rows
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.tests.exchange import NOW

pytestmark = pytest.mark.django_db(transaction=True)
FIELDS = ("seq", "digest", "signed", "delivered_at", "refusal")
NULL: dict[str, Any] = {"seq": None, "signed": None, "delivered_at": None, "digest": "", "refusal": ""}
FULL: dict[str, Any] = {
    "seq": 2**53 - 1,
    "signed": {"名": ['引号"', "反斜杠\\", "换行\n", None, 1]},
    "delivered_at": NOW + timedelta(microseconds=5),
    "digest": "ab" * 32,
    "refusal": "单引号' 百分号% {}",
}


def stored(*each: dict[str, Any]) -> list[OutboxMessage]:
    with transaction.atomic():
        rows = OutboxMessage.objects.bulk_create(
            OutboxMessage(destination=f"d{number}", type="t", subject="s", body={}, created_at=NOW, **facts)
            for number, facts in enumerate(each)
        )
        write_entry(caller=Caller.system("t"), act="t", object_type="t", object_id="t", now=NOW)
    return rows


def update(rows: list[OutboxMessage], fields: tuple[str, ...] = FIELDS) -> None:
    with transaction.atomic():
        update_rows(rows, fields)
        write_entry(caller=Caller.system("t"), act="t", object_type="t", object_id="t", now=NOW)


def test_writes_every_kind_of_value_and_null_to_its_own_row() -> None:
    first, second, other = stored(NULL, FULL, FULL)
    for row, facts in ((first, FULL), (second, NULL)):
        for name, value in facts.items():
            setattr(row, name, value)

    update([first, second])

    read = [{name: getattr(row, name) for name in FIELDS} for row in OutboxMessage.objects.order_by("id")]
    assert read == [FULL, NULL, FULL]
    assert OutboxMessage.objects.filter(signed__isnull=True).count() == 1, "null of SQL, not of JSON"
    assert other.pk


def test_leaves_the_other_fields() -> None:
    (row,) = stored(NULL)
    row.refusal, row.digest = "写入", "不写"

    update([row], ("refusal",))

    read = OutboxMessage.objects.get()
    assert (read.refusal, read.digest, read.subject) == ("写入", "", "s")


def test_nothing_to_write_is_no_harm() -> None:
    update([])


def test_refuses_a_value_that_json_cannot_say() -> None:
    (row,) = stored(NULL)
    row.refusal = b"bytes"  # type: ignore[assignment]

    with pytest.raises(TypeError, match="JSON cannot say"):
        update([row])


def test_inserts_every_kind_of_value_in_order() -> None:
    rows = [
        OutboxMessage(destination=f"d{number}", type="t", subject="s", body={}, created_at=NOW, **facts)
        for number, facts in enumerate((FULL, NULL, FULL))
    ]

    with transaction.atomic():
        insert_rows(rows)
        write_entry(caller=Caller.system("t"), act="t", object_type="t", object_id="t", now=NOW)

    read = [{name: getattr(row, name) for name in FIELDS} for row in OutboxMessage.objects.order_by("id")]
    assert read == [FULL, NULL, FULL]
    assert list(OutboxMessage.objects.order_by("id").values_list("destination", flat=True)) == [
        "d0",
        "d1",
        "d2",
    ]
    assert OutboxMessage.objects.filter(signed__isnull=True).count() == 1
