"""Registering a participant: once for all systems, by its own certificate, changed only knowingly."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.errors import DomainError, Forbidden
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.publicservice.registry.models import Participant
from yuntai.publicservice.registry.registration import (
    BadAddress,
    BadContactName,
    BadContactPhone,
    BadCreditCode,
    BadLegalRepresentative,
    BadRoles,
    NameNotCertified,
    OrganizationNotYours,
    RegionNotListed,
    Registration,
)
from yuntai.publicservice.registry.services import (
    AlreadyRegistered,
    NotRegistered,
    RegistrationChanged,
    register_participant,
    submit_registration,
    update_participant,
)
from yuntai.publicservice.tests.factories import BIDDERS, NOW, caller
from yuntai.standard.messages import ParticipantRegistered, parse

pytestmark = pytest.mark.django_db(transaction=True)

GOOD = Registration(
    organization_code=BIDDERS[0],
    name="江苏云台建设（集团）有限公司",
    roles=("initiator", "bidder"),
    region_code="320703",
    contact_name="赵投标",
    contact_phone="0518-85800000",
)
TOLD = ["supervision-construction", "supervision-water", "trading-construction", "trading-water"]
FULL_WIDTH = BIDDERS[0].replace("M", "Ｍ").replace("9", "９", 1)
LATER = NOW + timedelta(hours=1)


def register(**changes: Any) -> Participant:
    return register_participant(registration=replace(GOOD, **changes), caller=caller(), now=NOW)


def update(version: int, **changes: Any) -> Participant:
    return update_participant(
        registration=replace(GOOD, **changes), expected_version=version, caller=caller(), now=LATER
    )


def told() -> list[str]:
    return list(OutboxMessage.objects.order_by("destination").values_list("destination", flat=True))


def test_registers_an_organization_and_tells_every_system() -> None:
    register()

    participant = Participant.objects.get()
    assert participant.organization_code == BIDDERS[0]
    assert participant.roles == ["bidder", "initiator"]
    assert participant.registered_at == NOW
    assert participant.version == 1
    assert told() == TOLD
    message = parse(OutboxMessage.objects.all()[0].body)
    assert message == ParticipantRegistered(
        occurred_at=NOW,
        organization_code=BIDDERS[0],
        name="江苏云台建设(集团)有限公司",
        roles=("bidder", "initiator"),
        region_code="320703",
        contact_name="赵投标",
        registered_at=NOW,
    )


def test_writes_an_audit_row_with_the_role_acted_in() -> None:
    register()

    entry = AuditEntry.objects.get()
    assert (entry.person_name, entry.organization_code, entry.role) == ("赵投标", BIDDERS[0], "participant")
    assert (entry.act, entry.object_id) == ("register-participant", BIDDERS[0])
    assert (entry.version_before, entry.address) == ("", "127.0.0.1")
    assert len(entry.version_after) == 64


def test_writes_names_one_way() -> None:
    register(name="  江苏云台建设(集团)有限公司 ", contact_phone="０５１８ ８５８０ ００００")

    participant = Participant.objects.get()
    assert participant.name == "江苏云台建设(集团)有限公司"
    assert participant.contact_phone == "0518 8580 0000"


@pytest.mark.parametrize(
    ("changes", "refusal", "sentence"),
    [
        (
            {"organization_code": BIDDERS[0][:-1] + "0"},
            BadCreditCode,
            (
                f"统一社会信用代码“{BIDDERS[0][:-1]}0”校验不符：应为 18 位且末位校验码正确。"
                "请对照营业执照或法人证书核对。"
            ),
        ),
        (
            {"organization_code": FULL_WIDTH},
            BadCreditCode,
            (
                f"统一社会信用代码“{FULL_WIDTH}”含全角字符或小写字母，系统只认半角数字和大写字母。"
                f"请改为 {BIDDERS[0]} 后重新提交。"
            ),
        ),
        (
            {"organization_code": BIDDERS[0].lower()},
            BadCreditCode,
            (
                f"统一社会信用代码“{BIDDERS[0].lower()}”含全角字符或小写字母，系统只认半角数字和大写字母。"
                f"请改为 {BIDDERS[0]} 后重新提交。"
            ),
        ),
        ({"address": "路" * 201}, BadAddress, "住所最多 200 个字，须写成一行。请按营业执照或法人证书填写。"),
        (
            {"legal_representative": "赵\n法"},
            BadLegalRepresentative,
            "法定代表人姓名最多 100 个字，须写成一行。请按营业执照或法人证书填写。",
        ),
        (
            {"organization_code": BIDDERS[1]},
            OrganizationNotYours,
            f"登录证书属于 {BIDDERS[0]}，不能为 {BIDDERS[1]} 登记。请用该单位自己的证书登录后登记。",
        ),
        (
            {"name": "江苏云台建设有限公司"},
            NameNotCertified,
            (
                "单位名称“江苏云台建设有限公司”与证书记载的“江苏云台建设(集团)有限公司”不一致。"
                "请按证书填写；名称已变更的，先向证书颁发机构换发证书。"
            ),
        ),
        ({"roles": ()}, BadRoles, "没有选择参与交易的身份。请在项目发起方、代理机构、投标方中至少选一项。"),
        (
            {"roles": ("bidder", "expert")},
            BadRoles,
            "没有“expert”这种身份。请在项目发起方、代理机构、投标方（initiator、agency、bidder）中选择。",
        ),
        ({"region_code": "999999"}, RegionNotListed, "没有代码为 999999 的行政区划，请核对 6 位区划代码。"),
        ({"contact_name": " "}, BadContactName, "联系人姓名须为 1 至 100 个字。请填写办理登记的联系人。"),
        *(
            ({"contact_name": odd}, BadContactName, "联系人姓名须为 1 至 100 个字。请填写办理登记的联系人。")
            for odd in ("赵\x00投标", "赵\n投标")
        ),
        (
            {"contact_name": "名" * 101},
            BadContactName,
            "联系人姓名须为 1 至 100 个字。请填写办理登记的联系人。",
        ),
        (
            {"contact_phone": "123456"},
            BadContactPhone,
            "联系电话“123456”无法拨打：须为 7 至 24 位数字，可含 +、空格和连字符。请填写手机或带区号的座机。",
        ),
    ],
)
def test_refuses_what_is_not_acceptable(
    changes: dict[str, Any], refusal: type[DomainError], sentence: str
) -> None:
    with pytest.raises(refusal) as refused:
        register(**changes)

    assert type(refused.value) is refusal
    assert str(refused.value) == sentence
    assert not Participant.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"contact_name": "名" * 100}, {"contact_phone": "1234567"}, {"roles": ("agency",)}]
)
def test_takes_what_is_just_acceptable(changes: dict[str, Any]) -> None:
    register(**changes)

    assert Participant.objects.count() == 1


def test_refuses_a_second_registration() -> None:
    register()

    with pytest.raises(AlreadyRegistered) as refused:
        register(roles=("agency",))

    assert str(refused.value) == (
        f"{BIDDERS[0]} 已登记，一次登记各系统通用，不必再登。需要更改的，请办理变更。"
    )
    assert Participant.objects.get().roles == ["bidder", "initiator"]
    assert told() == TOLD


@pytest.mark.parametrize("roles", [frozenset({"operator"}), frozenset({"system"}), frozenset[str]()])
def test_refuses_who_is_no_participant(roles: frozenset[str]) -> None:
    with pytest.raises(Forbidden):
        register_participant(registration=GOOD, caller=caller(roles=roles), now=NOW)

    assert not Participant.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_changes_a_registration_and_tells_every_system_again() -> None:
    register()

    update(1, roles=("agency",), region_code="320706")

    participant = Participant.objects.get()
    assert (participant.roles, participant.region_code, participant.version) == (["agency"], "320706", 2)
    assert participant.registered_at == NOW
    assert told() == sorted(TOLD * 2)
    entry = AuditEntry.objects.get(act="update-participant")
    registered = AuditEntry.objects.get(act="register-participant")
    assert entry.version_before == registered.version_after
    assert entry.version_after != entry.version_before


def test_refuses_to_overwrite_what_the_caller_did_not_see() -> None:
    register()
    update(1, roles=("agency",))

    with pytest.raises(RegistrationChanged) as refused:
        update(1, roles=("bidder",))

    assert str(refused.value) == (
        "登记信息已被本单位其他人员更改：现为第 2 版，所见为第 1 版。请刷新页面，核对后再改。"
    )
    assert Participant.objects.get().roles == ["agency"]
    assert len(told()) == 8


def test_refuses_to_change_what_is_not_registered() -> None:
    with pytest.raises(NotRegistered, match=f"{BIDDERS[0]} 尚未登记，不能变更。请先办理登记。"):
        update(1)

    assert not OutboxMessage.objects.exists()


def test_a_second_submission_changes_the_registration() -> None:
    first = submit_registration(registration=GOOD, expected_version=None, caller=caller(), now=NOW)
    second = submit_registration(
        registration=replace(GOOD, roles=("agency",)), expected_version=None, caller=caller(), now=LATER
    )

    assert (first, second) == (True, False)
    assert Participant.objects.get().roles == ["agency"]


def test_two_people_who_register_the_same_organization_at_once_make_one_registration() -> None:
    together = Barrier(2)

    def attempt(person: str) -> str:
        try:
            together.wait(10)
            register_participant(registration=GOOD, caller=caller(person_name=person), now=NOW)
        except AlreadyRegistered as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "registered"

    with ThreadPoolExecutor(2) as pool:
        answers = set(pool.map(attempt, ("赵投标", "钱投标")))

    assert answers == {
        "registered",
        f"{BIDDERS[0]} 已登记，一次登记各系统通用，不必再登。需要更改的，请办理变更。",
    }
    assert Participant.objects.get().versions.count() == 1
    assert AuditEntry.objects.count() == 1
    assert told() == TOLD
