"""The register's pages: searching it, registering, changing one's own registration."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from yuntai.kernel.accounts.caller import Caller
from yuntai.publicservice.registry.models import Participant
from yuntai.publicservice.registry.registration import Registration
from yuntai.publicservice.registry.services import register_participant
from yuntai.publicservice.tests.factories import BIDDERS, NOW, account, caller

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = {
    "bidder": "on",
    "region_code": "320703",
    "contact_name": "赵投标",
    "contact_phone": "13800000000",
}


def logged_in(client: Client, who: Caller) -> Client:
    client.force_login(account(who), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def registered(who: Caller, **changes: Any) -> None:
    registration = Registration(
        organization_code=who.organization_code,
        name=who.organization_name,
        roles=("bidder",),
        region_code="320703",
        contact_name="赵投标",
        contact_phone="13800000000",
    )
    register_participant(registration=replace(registration, **changes), caller=who, now=NOW)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_registering_needs_a_login(client: Client) -> None:
    answer = client.get("/registry/register")

    assert answer.status_code == 302
    assert answer["Location"] == "/login?next=%2Fregistry%2Fregister"


def test_registers_the_organization_of_the_certificate(client: Client) -> None:
    logged_in(client, caller())

    form = text_of(client.get("/registry/register"))
    answer = client.post("/registry/register", TYPED | {"name": "冒用的名称"})

    assert "江苏云台建设（集团）有限公司" in form
    assert BIDDERS[0] in form
    assert answer.status_code == 302
    assert Participant.objects.get().name == "江苏云台建设(集团)有限公司"
    done = text_of(client.get(answer["Location"]))
    assert "已提交，现为第 1 版，随即发给全部对接的交易系统和监管系统，等待核实。" in done


def test_a_refusal_keeps_what_was_typed_and_names_the_field(client: Client) -> None:
    logged_in(client, caller())

    answer = client.post("/registry/register", TYPED | {"contact_phone": "12"})

    assert answer.status_code == 422
    text = text_of(answer)
    assert "联系电话“12”无法拨打" in text
    assert '<a href="#id_contact_phone">' in text
    assert 'value="赵投标"' in text
    assert '<option value="320703" selected>' in text
    assert re.search(r'name="bidder" checked', text)
    assert not Participant.objects.exists()


def test_what_is_left_out_is_named_field_by_field(client: Client) -> None:
    logged_in(client, caller())

    answer = client.post("/registry/register", {"bidder": "on"})

    assert answer.status_code == 422
    text = text_of(answer)
    assert "没有提交，有 3 处要改" in text
    for sentence in ("没有选择地区。", "没有填写联系人。", "没有填写联系电话。"):
        assert sentence in text
    assert not Participant.objects.exists()


def test_without_a_role_the_refusal_stands_at_the_roles(client: Client) -> None:
    logged_in(client, caller())
    typed = {name: value for name, value in TYPED.items() if name != "bidder"}

    text = text_of(client.post("/registry/register", typed))

    assert "没有选择参与交易的身份" in text
    assert '<a href="#id_initiator">' in text


def test_changes_the_registration_that_was_seen(client: Client) -> None:
    who = caller()
    registered(who)
    logged_in(client, who)

    form = text_of(client.get("/registry/register"))
    typed = TYPED | {"agency": "on", "version": "1"}
    accepted = client.post("/registry/register", typed)
    refused = client.post("/registry/register", typed)

    assert "变更登记" in form
    assert 'name="version" id="id_version" value="1"' in form
    assert accepted.status_code == 302
    assert Participant.objects.get().roles == ["agency", "bidder"]
    assert refused.status_code == 409
    assert "现为第 2 版，所见为第 1 版" in text_of(refused)


def test_the_operator_has_nothing_to_register(client: Client) -> None:
    logged_in(client, caller(roles=frozenset({"operator"})))

    shown = text_of(client.get("/registry/register"))
    answer = client.post("/registry/register", TYPED)

    assert "本账户无须登记" in shown
    assert answer.status_code == 403
    assert not Participant.objects.exists()


def test_the_register_is_searched_by_name_code_role_and_place(client: Client) -> None:
    registered(caller())
    registered(
        caller(organization_code=BIDDERS[1], organization_name="青田县第二建筑公司"),
        roles=("agency",),
        region_code="331121",
    )

    def names(**asked: str) -> list[str]:
        text = text_of(client.get("/registry", asked))
        return [name for name in ("江苏云台建设(集团)有限公司", "青田县第二建筑公司") if name in text]

    assert names() == ["江苏云台建设(集团)有限公司", "青田县第二建筑公司"]
    assert names(q="第二建筑") == ["青田县第二建筑公司"]
    assert names(q=BIDDERS[0][8:]) == ["江苏云台建设(集团)有限公司"]
    assert names(role="agency") == ["青田县第二建筑公司"]
    assert names(place="331100") == ["青田县第二建筑公司"]
    assert names(place="331100", role="bidder") == []


def test_the_register_hides_whom_to_call(client: Client) -> None:
    registered(caller())

    text = text_of(client.get("/registry"))

    assert BIDDERS[0] in text
    assert "13800000000" not in text
    assert "赵投标" not in text


def test_says_what_to_do_when_nobody_fits_or_is_there(client: Client) -> None:
    assert "还没有单位登记" in text_of(client.get("/registry"))

    registered(caller())

    assert "没有符合条件的市场主体" in text_of(client.get("/registry", {"q": "不存在的公司"}))
