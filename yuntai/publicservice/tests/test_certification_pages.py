"""The pages of the register of certificates."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yuntai.publicservice.certification.models import Certificate
from yuntai.publicservice.certification.services import publish_report
from yuntai.publicservice.systems.filling import take_over_list
from yuntai.publicservice.tests.factories import NOW, account, caller
from yuntai.publicservice.tests.reports import signed_report
from yuntai.trust import clock

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "CTS-EBS01-2026-001"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    take_over_list(now=NOW)


def published() -> None:
    who = replace(caller(), roles=frozenset({"operator"}))
    publish_report(content=signed_report().to_bytes(), caller=who, now=NOW)


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def as_role(client: Client, role: str) -> Client:
    known = account(replace(caller(), roles=frozenset({role})))
    client.force_login(known, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def upload(client: Client, content: bytes) -> Any:
    return client.post("/certification/publish", {"report": SimpleUploadedFile("report.json", content)})


def test_shows_the_share_beside_the_line_and_who_has_no_certificate(client: Client) -> None:
    published()

    shown = text(client, "/certification")

    assert "工程建设和政府采购合计 100.0%（1/1） 目标 80%，已达到" in shown
    assert "政府采购 没有对接的系统" in shown
    assert "水利工程 0.0%（0/1）" in shown
    assert "已认证 二星" in shown
    assert "未认证" in shown
    assert "公布检测报告" not in shown


def test_a_lapsed_certificate_is_shown_as_lapsed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    published()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1096))

    assert "0.0%（0/1） 目标 80%，未达到" in text(client, "/certification")
    assert "认证已过期" in text(client, "/certification")
    assert "已过期" in text(client, f"/certification/{NUMBER}")


def test_shows_the_report_with_its_evidence(client: Client) -> None:
    published()

    shown = text(client, f"/certification/{NUMBER}")

    assert "可从外部检测的项目没有不符合的" in shown
    assert "连云港电子交易检测中心（演示）" in shown
    assert "GET http://localhost:8010/api/v1/tenders" in shown
    assert "不能从外部检测：" in shown


def test_gives_the_signed_file_and_a_page_to_print_as_downloads(client: Client) -> None:
    published()

    signed = client.get(f"/certification/{NUMBER}/report.json")
    printed = client.get(f"/certification/{NUMBER}/report.html")

    assert signed.content == signed_report().to_bytes()
    assert signed["Content-Disposition"] == f'attachment; filename="{NUMBER}.json"'
    assert printed["Content-Disposition"] == f'attachment; filename="{NUMBER}.html"'
    assert "<script" not in printed.content.decode()


def test_an_unknown_number_is_not_found(client: Client) -> None:
    assert "没有编号为 X-1 的检测认证证书" in text(client, "/certification/X-1", 404)


def test_the_operator_uploads_a_report(client: Client) -> None:
    as_role(client, "operator")

    assert "核对并公布" in text(client, "/certification/publish")
    answer = upload(client, signed_report().to_bytes())

    assert answer.status_code == 302
    assert answer["Location"] == f"/certification/{NUMBER}"
    assert "公布检测报告" in text(client, "/certification")


def test_a_refused_upload_says_why(client: Client) -> None:
    answer = upload(as_role(client, "operator"), b"{}")

    assert answer.status_code == 422
    assert "上传的文件不是检测报告" in answer.content.decode()
    assert not Certificate.objects.exists()


def test_nobody_else_may(client: Client) -> None:
    assert client.get("/certification/publish").status_code == 302
    assert as_role(client, "participant").get("/certification/publish").status_code == 403
    assert upload(client, signed_report().to_bytes()).status_code == 403


def test_the_mark_stands_in_the_list_of_systems_and_on_the_page_of_the_system(client: Client) -> None:
    assert text(client, "/systems").count("未认证") == 2
    assert "未认证 没有认证不影响对接" in text(client, "/systems/trading-construction")

    published()

    listed = text(client, "/systems")
    assert (listed.count("已认证 二星"), listed.count("未认证")) == (1, 1)
    shown = text(client, "/systems/trading-construction")
    assert shown.count("已认证 二星") == 2
    assert f"检测认证 {NUMBER} 已认证 二星，连云港电子交易检测中心（演示），有效期至 2029-03-21" in shown
    assert "未认证" in text(client, "/systems/trading-water")


def test_a_system_that_does_not_trade_has_no_mark(client: Client) -> None:
    assert "认证" not in text(client, "/systems/supervision-construction").replace("检测认证 接口标准", "")


def test_a_city_without_certificates_says_so(client: Client) -> None:
    shown = text(client, "/certification")

    assert "工程建设和政府采购合计 0.0%（0/1） 目标 80%，未达到" in shown
    assert "还没有公布过证书。" in shown
