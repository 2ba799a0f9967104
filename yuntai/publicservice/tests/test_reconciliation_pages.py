"""The pages of reconciliation: history, report, the operator's order, alarms; and what waits too long."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.outbox.services import publish
from yuntai.kernel.tests.operators import write_roots
from yuntai.publicservice.pages.systems import counted
from yuntai.publicservice.reconciliation.models import ReconciliationOrder
from yuntai.publicservice.systems.filling import take_over_list
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.factories import KEYS, NOW, PLATFORM_OPERATOR, account, by_hand, caller
from yuntai.publicservice.tests.test_reconcile import LATER, TRADING, rows, run, vendor
from yuntai.standard import reconciliation_report as standard
from yuntai.standard.reconciliation_report import Report
from yuntai.trust import clock, signing

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = f"/systems/{TRADING}/reconciliations"


@pytest.fixture(autouse=True)
def _listed(settings: Any, tmp_path: Path) -> None:
    settings.TRUST_ROOTS_FILE = str(write_roots(tmp_path))
    take_over_list(now=NOW)


def text(client: Client, address: str) -> str:
    counted.cache_clear()
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_anyone_reads_the_report_and_verifies_it(client: Client, tmp_path: Path) -> None:
    by_hand(lambda: rows(3).delete())
    run(vendor(tmp_path))

    assert f'href="{PAGE}/1"' in text(client, PAGE)
    page = text(client, f"{PAGE}/1")
    key = signing.public_key(KEYS["publicservice"])
    assert "核验报告" in page
    assert key.hex() in page
    report = Report.model_validate_json(client.get(f"{PAGE}/1.json").content)
    assert standard.verify(report, key)
    altered = json.loads(client.get(f"{PAGE}/1.json").content)
    altered["statement"]["state"] = "differs"
    assert not standard.verify(Report.model_validate(altered), key)


def test_a_difference_is_an_alarm_until_a_run_is_equal(client: Client, tmp_path: Path) -> None:
    other = vendor(tmp_path)
    by_hand(lambda: rows(3).delete())
    run(other)

    for page in ("/systems", f"/systems/{TRADING}", f"{PAGE}/1"):
        assert "对账不一致" in text(client, page)
    assert "平台缺 1 条：3 号；系统已重发，补回 1 条。" in text(client, f"{PAGE}/1")
    assert f'href="{PAGE}/1"' in text(client, "/systems")

    run(other)
    assert "对账不一致" not in text(client, "/systems")
    assert f'href="{PAGE}/2"' in text(client, "/systems")
    assert "对账不一致" in text(client, f"{PAGE}/1"), "the history stays"


def test_a_silent_system_is_an_alarm(client: Client, tmp_path: Path) -> None:
    other = vendor(tmp_path)
    other.is_down = True
    run(other)

    assert "对账没有得到答复" in text(client, f"/systems/{TRADING}")
    assert "系统维护中" in text(client, f"{PAGE}/1")


def test_only_the_operator_has_the_button(client: Client, tmp_path: Path) -> None:
    assert "现在对账" not in text(client, PAGE)
    assert client.post(f"/systems/{TRADING}/reconcile").status_code in (302, 401, 403)
    assert not ReconciliationOrder.objects.exists()
    operator = caller(person_id="P-8", organization_code=PLATFORM_OPERATOR, roles=frozenset({"operator"}))
    client.force_login(account(operator))

    assert "现在对账" in text(client, PAGE)
    assert client.post(f"/systems/{TRADING}/reconcile").status_code == 302

    assert "已安排对账" in text(client, PAGE)
    assert ReconciliationOrder.objects.get().system.code == TRADING


def test_an_unknown_run_is_not_found(client: Client) -> None:
    answer = client.get(f"{PAGE}/7")

    assert answer.status_code == 404
    assert "没有第 7 次对账" in answer.content.decode()


@pytest.mark.parametrize(("seconds", "alarms"), [(60, False), (61, True)])
def test_a_message_that_waits_over_a_minute_is_an_alarm_everywhere(
    client: Client, monkeypatch: pytest.MonkeyPatch, seconds: int, alarms: bool
) -> None:
    by_hand(lambda: publish(factories.registered(), now=NOW, destination=TRADING))
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=seconds))

    for page in ("/status", "/systems", f"/systems/{TRADING}"):
        assert ("超过 60 秒未送达" in text(client, page)) == alarms

    by_hand(lambda: OutboxMessage.objects.update(delivered_at=LATER))
    assert "超过 60 秒未送达" not in text(client, "/status")
