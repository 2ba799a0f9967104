"""Connected systems: figures from the inbox and the outbox."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from yuntai.kernel.inbox.services import receive_batch
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.peers import peers
from yuntai.publicservice.exchange.queries import Traffic, traffic
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.factories import NOW, TENDER, stream
from yuntai.standard.messages import Message
from yuntai.standard.receipts import Batch
from yuntai.trust import signing
from yuntai.trust.base64url import base64url

pytestmark = pytest.mark.django_db

MIDNIGHT = datetime(2026, 3, 21, 16, 0, tzinfo=UTC)  # 00:00 of NOW's day in Shanghai


def deliver(folder: Path, sender: str, *messages: Message, now: datetime = NOW) -> None:
    numbering = stream(sender, folder)
    for message in messages:
        batch = Batch(messages=(numbering.next(message, now=now),))
        numbering.settle(receive_batch(batch=batch, address="", now=now))


def of(code: str) -> Traffic:
    return next(row for row in traffic(now=NOW) if row.system.code == code)


def test_lists_every_connected_system_but_the_platform() -> None:
    assert [row.system.code for row in traffic(now=NOW)] == [
        "trading-construction",
        "trading-water",
        "supervision-construction",
        "supervision-water",
        "history-archive",
    ]


def test_counts_what_came_today_from_midnight_in_shanghai(tmp_path: Path) -> None:
    deliver(
        tmp_path, "trading-construction", factories.registered(), now=MIDNIGHT - timedelta(microseconds=1)
    )
    deliver(tmp_path, "trading-construction", factories.noticed(), now=MIDNIGHT)

    row = of("trading-construction")
    assert (row.received_today, row.received, row.rejected) == (1, 2, 0)
    assert row.last_received_at == MIDNIGHT
    assert of("trading-water").received == 0
    assert of("trading-water").last_received_at is None


def test_counts_what_waits_and_what_was_delivered_or_refused(tmp_path: Path) -> None:
    deliver(tmp_path, "trading-construction", factories.registered(), factories.noticed(), factories.opened())
    assert of("supervision-construction").waiting == 3

    first, second = OutboxMessage.objects.order_by("id")[:2]
    OutboxMessage.objects.filter(pk=first.pk).update(delivered_at=NOW)
    OutboxMessage.objects.filter(pk=second.pk).update(delivered_at=NOW, refusal="不符合接口标准")

    row = of("supervision-construction")
    assert (row.delivered, row.waiting, row.refused) == (2, 1, 1)


def test_counts_what_was_rejected_at_the_door(tmp_path: Path) -> None:
    nonsense = factories.registered().model_copy(update={"region_code": "x"})
    deliver(tmp_path, "trading-construction", nonsense, factories.registered(tender_code=TENDER))

    row = of("trading-construction")
    assert (row.received, row.rejected) == (2, 1)


def test_the_page_shows_figures_routes_and_keys(client: Client, tmp_path: Path) -> None:
    deliver(tmp_path, "trading-construction", factories.registered())

    text = re.sub(r"\s+", " ", client.get("/systems").content.decode())

    assert "5 个对接系统" in text
    assert "工程建设交易系统" in text
    assert "电子交易系统" in text
    assert "工程建设" in text
    assert "2026-03-22 周日 09:00" in text
    assert of("trading-construction").key_id in text
    assert of("trading-construction").public_key in text


def test_the_page_says_who_runs_a_system_and_who_answers_for_it(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    listed = [
        each | {"public_key": base64url(signing.public_key(factories.KEYS[each["code"]]))}
        for each in factories.SYSTEMS[:2]
    ]
    listed[0] |= {"operator": "试交易中心", "contact": "信息科"}
    (tmp_path / "some.json").write_text(json.dumps(listed), encoding="utf-8")
    settings.PEERS_FILE = str(tmp_path / "some.json")
    peers.cache_clear()

    text = re.sub(r"\s+", " ", client.get("/systems").content.decode())
    keepers = text[text.index("运营机构和责任岗位") :]

    assert keepers.index("试交易中心") < keepers.index("信息科") < keepers.index("工程建设交易系统")
    assert keepers.count("未登记") == 2


def test_says_so_when_nobody_is_connected(client: Client, settings: object) -> None:
    settings.PEERS_FILE = ""  # type: ignore[attr-defined]

    assert "还没有系统对接" in client.get("/systems").content.decode()
