"""Many messages at once: a trading system's outbox filled, for benchmarks and for kills in the middle.

The messages are true to the standard and tell of tenders that do not exist; no published act makes so many.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from yuntai.city.city import City
from yuntai.city.demo.databases import database
from yuntai.standard.datasets.samples import sample, sample_key, sample_object
from yuntai.standard.identifiers import construction_codes, credit_code
from yuntai.standard.messages import LotFacts, Message, RecordSubmitted, TenderRegistered, type_of

ACT = "fill-outbox"
FIRST_SERIAL = 500_000  # no play registers so many projects, so no code meets a real one
RECORD_SET = 501  # 招标项目: 39 fields


class Maker(Protocol):
    """Makes `count` messages of the system with that platform number about the region, from `first` on."""

    def __call__(
        self, region: str, platform_number: str, count: int, *, first: int, now: datetime
    ) -> Iterator[Message]: ...


def fill_outbox(
    city: City, code: str, count: int, *, first: int, now: datetime, make: Maker | None = None
) -> None:
    """Put `count` messages into the outbox of the system `code`, in one transaction with an audit row.

    first: number of the first made-up project or record; another call must go on behind it.
    make: of what kind, `registrations` unless said.
    """
    number = next(each.platform_number for each in city.topology.systems if each.code == code)
    rows = [
        (city.topology.platform.code, type_of(message), message.subject, json.dumps(message.body()), now)
        for message in (make or registrations)(city.topology.region, number, count, first=first, now=now)
    ]
    with database(city, code) as connection, connection.cursor() as cursor:
        columns = "destination, type, subject, body, created_at, digest, refusal"
        with cursor.copy(f"COPY outbox_outboxmessage ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((*row, "", ""))
        cursor.execute(
            "INSERT INTO audit_auditentry (recorded_at, person_id, person_name, organization_code,"
            " organization_name, role, address, act, object_type, object_id, version_before, version_after,"
            " detail) VALUES (%s, %s, '演示', '', '', 'system', '', %s, 'outbox.stream', %s, '', '', '{}')",
            [now, code, ACT, city.topology.platform.code],
        )


def registrations(
    region: str, platform_number: str, count: int, *, first: int, now: datetime
) -> Iterator[TenderRegistered]:
    """Yield messages about made-up tenders of made-up projects."""
    initiator = credit_code.make(region, 999_999)
    for number in range(first, first + count):
        project = construction_codes.project_code(region, platform_number, FIRST_SERIAL + number)
        tender = construction_codes.tender_code(project, 1)
        lot = LotFacts(
            lot_code=construction_codes.lot_code(tender, 1), title="演示标段", estimated_yuan=Decimal("1.00")
        )
        yield TenderRegistered(
            occurred_at=now,
            tender_code=tender,
            project_code=project,
            industry="construction",
            procedure="construction.open-tender",
            procedure_edition=date(2026, 1, 1),
            title=f"演示负载 {number}",
            region_code=region,
            place="演示",
            initiator_code=initiator,
            initiator_name="演示单位",
            agency_code="",
            agency_name="",
            must_tender=False,
            lots=(lot,),
            demonstration=True,
        )


def records(
    region: str, platform_number: str, count: int, *, first: int, now: datetime
) -> Iterator[RecordSubmitted]:
    """Yield records of national data set 501 with every field filled."""
    fields = sample(RECORD_SET)
    for number in range(first, first + count):
        yield RecordSubmitted(
            occurred_at=now,
            data_set=RECORD_SET,
            action="add",
            data_key=platform_number + sample_key(RECORD_SET, number)[len(platform_number) :],
            object_code=sample_object(RECORD_SET),
            fields=fields,
        )
