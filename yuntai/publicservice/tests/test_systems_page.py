"""The status of the connected systems: counted in inbox and outbox; page, CSV, JSON, a page a system."""

import csv
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.inbox.services import receive_batch
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.tests.operators import write_roots
from yuntai.publicservice.pages.systems import counted
from yuntai.publicservice.systems.filling import take_over_list
from yuntai.publicservice.systems.models import ConnectedSystem, SystemTurn
from yuntai.publicservice.systems.standing import refuse_system, suspend_system
from yuntai.publicservice.systems.traffic import Traffic, by_hour, no_traffic, traffic
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.applicants import Applicant
from yuntai.publicservice.tests.factories import NOW, TENDER, account, caller, stream
from yuntai.standard.messages import Message
from yuntai.standard.receipts import Batch

pytestmark = pytest.mark.django_db(transaction=True)

MIDNIGHT = datetime(2026, 3, 21, 16, 0, tzinfo=UTC)  # 00:00 of NOW's day in Shanghai


@pytest.fixture(autouse=True)
def _listed(settings: Any, tmp_path: Path) -> None:
    settings.TRUST_ROOTS_FILE = str(write_roots(tmp_path))
    take_over_list(now=NOW)


def deliver(folder: Path, sender: str, *messages: Message, now: datetime = NOW) -> None:
    numbering = stream(sender, folder)
    for message in messages:
        batch = Batch(messages=(numbering.next(message, now=now),))
        numbering.settle(receive_batch(batch=batch, address="", now=now))


def of(code: str) -> Traffic:
    return traffic(now=NOW).get(code, no_traffic())


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_counts_what_came_today_from_midnight_in_shanghai(tmp_path: Path) -> None:
    deliver(
        tmp_path, "trading-construction", factories.registered(), now=MIDNIGHT - timedelta(microseconds=1)
    )
    deliver(tmp_path, "trading-construction", factories.noticed(), now=MIDNIGHT)

    row = of("trading-construction")
    assert (row.received_today, row.received, row.rejected) == (1, 2, 0)
    assert row.last_received_at == MIDNIGHT
    assert of("trading-water") == no_traffic()


def test_counts_what_waits_and_what_was_delivered_or_refused(tmp_path: Path) -> None:
    deliver(tmp_path, "trading-construction", factories.registered(), factories.noticed(), factories.opened())
    assert of("supervision-construction").waiting == 3

    first, second = OutboxMessage.objects.order_by("id")[:2]
    factories.by_hand(
        lambda: (
            OutboxMessage.objects.filter(pk=first.pk).update(delivered_at=NOW),
            OutboxMessage.objects.filter(pk=second.pk).update(delivered_at=NOW, refusal="不符合接口标准"),
        )
    )

    row = of("supervision-construction")
    assert (row.delivered, row.waiting, row.refused) == (2, 1, 1)


def test_counts_what_was_rejected_at_the_door_and_what_could_not_be_applied(tmp_path: Path) -> None:
    nonsense = factories.registered().model_copy(update={"region_code": "x"})
    deliver(tmp_path, "trading-construction", nonsense, factories.registered(tender_code=TENDER))
    factories.by_hand(lambda: InboxMessage.objects.filter(refusal="").update(fault="KeyError: x"))

    row = of("trading-construction")
    assert (row.received, row.rejected, row.rejected_today, row.failed) == (2, 1, 1, 1)


def test_measures_the_delay_from_the_event_to_its_arrival(tmp_path: Path) -> None:
    for number in range(100):
        message = factories.noticed(occurred_at=NOW - timedelta(seconds=number + 1))
        deliver(tmp_path, "trading-construction", message)
    ahead = factories.noticed(
        occurred_at=NOW + timedelta(hours=1), tender_code=TENDER.replace("1234", "0002")
    )
    deliver(tmp_path, "trading-water", ahead)

    row = of("trading-construction")
    assert row.delay_p50 == pytest.approx(50.5)
    assert row.delay_p99 == pytest.approx(99.01)
    assert of("trading-water").delay_p50 == 0


def test_counts_by_hour_in_shanghai(tmp_path: Path) -> None:
    deliver(tmp_path, "trading-construction", factories.registered(), now=NOW - timedelta(hours=23))
    deliver(tmp_path, "trading-construction", factories.noticed(), now=NOW - timedelta(hours=24, seconds=1))
    deliver(tmp_path, "trading-water", factories.registered(industry="water"), now=NOW)

    assert by_hour(now=NOW) == {NOW - timedelta(hours=23): 1, NOW: 1}
    assert by_hour(now=NOW, only="trading-water") == {NOW: 1}


def test_the_page_shows_systems_figures_operators_and_the_routing_table(client: Client) -> None:
    text = text_of(client.get("/systems"))

    assert "5 个系统" in text
    assert "工程建设交易系统" in text
    assert "电子交易系统 · 工程建设" in text
    assert "住建监管系统" in text[text.index("监管范围") :]
    assert "登记系统，开始测试" in text
    assert text.count("已对接") >= 5


def test_the_fragment_alone_asks_for_a_newer_one(client: Client, tmp_path: Path) -> None:
    before = text_of(client.get("/systems/status"))
    deliver(tmp_path, "trading-construction", factories.registered(), now=datetime.now(UTC))
    counted.cache_clear()
    after = text_of(client.get("/systems/status"))

    assert 'hx-get="/systems/status"' in before
    assert "<html" not in before
    assert "0 条" in before
    assert "1 条" in after


def test_the_csv_and_the_json_say_what_the_page_says(client: Client, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    deliver(
        tmp_path,
        "trading-construction",
        factories.registered(occurred_at=now - timedelta(seconds=2)),
        now=now,
    )

    rows = list(csv.DictReader(StringIO(client.get("/systems.csv").content.decode("utf-8-sig"))))
    listed = client.get("/api/v1/systems").json()

    assert [row["系统代码"] for row in rows] == [each["code"] for each in listed]
    assert [row["系统代码"] for row in rows] == [
        "trading-construction",
        "trading-water",
        "supervision-construction",
        "supervision-water",
        "history-archive",
    ]
    assert (rows[0]["今日收到"], rows[0]["时延中位（秒）"]) == ("1", "2.000")
    assert (listed[0]["received_today"], listed[0]["delay_p50_seconds"]) == (1, pytest.approx(2.0))
    assert client.get("/api/v1/systems/trading-water").json() == listed[1]
    assert client.get("/api/v1/systems/none").status_code == 404


def test_a_system_has_a_page_with_operator_keys_history_and_tests(client: Client) -> None:
    applicant = Applicant()
    applicant.connect()

    text = text_of(client.get("/systems/trading-harbour"))

    assert "港区交易运营71号有限公司" in text
    assert "冯运营（主要负责人）" in text
    assert applicant.operator.public_key in text
    assert "全部对接测试通过，自动对接" in text
    assert "运营机构已签署，系统已证明持有" in text
    assert text.count("通过</span>") == 7
    assert "暂停对接" not in text
    assert client.get("/systems/none").status_code == 404


def test_a_suspension_and_a_refusal_are_published_with_reason_and_clause(
    client: Client, settings: Any
) -> None:
    operator = caller(
        roles=frozenset({"operator"}), organization_name="公共资源交易中心", person_name="周运营"
    )
    suspend_system(
        code="trading-water", reason="directed", detail="水利局〔2026〕3 号指令", caller=operator, now=NOW
    )
    trying = Applicant()
    trying.enter()
    refuse_system(
        code=trying.code,
        reason="responsible-not-true",
        detail="登记的负责人否认任职",
        caller=operator,
        now=NOW,
    )

    suspended, refused = (
        text_of(client.get("/systems/trading-water")),
        text_of(client.get("/systems/trading-harbour")),
    )

    assert "本系统已暂停" in suspended
    assert "水利局〔2026〕3 号指令" in suspended
    assert "《电子招标投标办法》第五十二条" in suspended
    assert "由公共资源交易中心 周运营作出" in suspended
    assert "本系统未予对接" in refused
    assert "三（五）1" in refused
    assert client.get("/api/v1/systems/trading-harbour").json()["reason"] == "responsible-not-true"


def logged_in(client: Client, who: Any) -> Client:
    client.force_login(account(who), backend=django_settings.AUTHENTICATION_BACKENDS[0])
    return client


def test_the_operator_of_the_platform_suspends_and_resumes_on_the_page(client: Client) -> None:
    logged_in(client, caller(roles=frozenset({"operator"})))
    page = text_of(client.get("/systems/trading-water"))
    assert "暂停对接并公布" in page
    assert "运营机构自己申请" not in page

    refused = client.post(
        "/systems/trading-water/turn", {"act": "suspend", "reason": "unsafe", "detail": " "}
    )
    assert (refused.status_code, "须写明查明的情况" in text_of(refused)) == (422, True)
    assert SystemTurn.objects.filter(state="suspended").count() == 0

    facts = {"act": "suspend", "reason": "unsafe", "detail": "向平台发送攻击流量"}
    assert client.post("/systems/trading-water/turn", facts).status_code == 302
    assert ConnectedSystem.objects.get(code="trading-water").state == "suspended"
    assert "恢复对接并公布" in text_of(client.get("/systems/trading-water"))

    answer = client.post("/systems/trading-water/turn", {"act": "resume", "detail": "已查清，停止攻击"})
    assert answer.status_code == 302
    assert ConnectedSystem.objects.get(code="trading-water").state == "connected"


@pytest.mark.parametrize("act", ["suspend", "refuse", "resume"])
def test_nobody_else_turns_a_system(client: Client, act: str) -> None:
    facts = {"act": act, "reason": "unsafe", "detail": "无"}

    assert client.post("/systems/trading-water/turn", facts).status_code == 401
    logged_in(client, caller())
    assert client.post("/systems/trading-water/turn", facts).status_code in {403, 409}
    assert "并公布" not in text_of(client.get("/systems/trading-water"))
    assert SystemTurn.objects.exclude(state="connected").count() == 0


def test_says_so_when_nobody_is_connected(client: Client) -> None:
    factories.by_hand(_forget_all)

    assert "还没有系统对接" in text_of(client.get("/systems"))


def _forget_all() -> None:
    for system in ConnectedSystem.objects.all():
        for rows in (system.keys, system.turns, system.areas):
            rows.all().delete()
        system.delete()
