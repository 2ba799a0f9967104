"""appoint_agency …: whom the initiator entrusts, and what an agency may not do without."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.documents import store
from yuntai.kernel.errors import Forbidden
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.trading.tenders.agencies import appoint_agency
from yuntai.trading.tenders.drafting import LotDraft, ProjectDraft, TenderDraft
from yuntai.trading.tenders.drafts import add_document
from yuntai.trading.tenders.models import Project, Tender
from yuntai.trading.tenders.refusals import (
    AgencyNotAppointed,
    AgencyNotRegistered,
    NotYours,
    TenderNotFound,
)
from yuntai.trading.tenders.services import draft_tender, publish_notice, register_project
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock, words
from yuntai.trading.tests.people import Person
from yuntai.trading.tests.world import DUE, OPENED

pytestmark = pytest.mark.django_db(transaction=True)
EARLIER = OPENED - timedelta(days=1)
OTHER_AGENCY = people.person("吴代理", 61, "agency")


def project_by(person: Person, initiator: Person | None = None) -> Project:
    world.register(people.initiator())
    world.register(person)
    initiator_code = initiator.subject.organization_code if initiator else ""
    draft = ProjectDraft("演示道路", "320706", "连云港市海州区", initiator_code=initiator_code)
    return register_project(draft=draft, caller=person.caller, now=EARLIER)


def draft_by(person: Person, project: Project) -> Tender:
    draft = TenderDraft(
        project_code=project.code,
        title="演示道路施工",
        procedure_code="construction.open-tender",
        must_tender=True,
        bids_due_at=DUE,
        contact="郑代理 0518-80000000",
        lots=(LotDraft("施工", Decimal("9500000.00"), None),),
    )
    tender = draft_tender(draft=draft, caller=person.caller, now=EARLIER)
    store.put([b"test"], announced_sha256=world.SHA_OF_DOCUMENT)
    add_document(
        tender_code=tender.code,
        name="招标文件.pdf",
        sha256=world.SHA_OF_DOCUMENT,
        size=4,
        caller=person.caller,
        now=EARLIER,
    )
    world.give_keys(tender)
    return tender


def drafted_by_an_agency() -> Tender:
    return draft_by(people.agency(), project_by(people.agency(), people.initiator()))


def appoint(project: Project, agency: Person | None, by: Person | None = None) -> Project:
    agency_code = agency.subject.organization_code if agency else ""
    caller = (by or people.initiator()).caller
    return appoint_agency(project_code=project.code, agency_code=agency_code, caller=caller, now=EARLIER)


def publish(tender: Tender, by: Person) -> Tender:
    return publish_notice(tender_code=tender.code, text="公告", caller=by.caller, now=OPENED)


@pytest.mark.parametrize("publisher", [people.agency(), people.initiator()], ids=["agency", "initiator"])
def test_nothing_is_published_in_the_name_of_an_agency_not_appointed(publisher: Person) -> None:
    tender = drafted_by_an_agency()

    with pytest.raises(AgencyNotAppointed, match="尚未确认委托 测试单位第060号") as refusal:
        publish(tender, publisher)

    assert refusal.value.clause == "tendering/15"
    assert Tender.objects.get().documents_open_at is None
    assert not OutboxMessage.objects.exists()


def test_the_appointed_agency_publishes() -> None:
    tender = drafted_by_an_agency()
    appoint(tender.project, people.agency())

    publish(tender, people.agency())

    body = OutboxMessage.objects.get(type="trading.tender.registered.v1").body
    assert body["agency_code"] == people.agency().subject.organization_code
    assert body["initiator_code"] == people.initiator().subject.organization_code
    entry = AuditEntry.objects.get(act="appoint-agency")
    assert entry.organization_code == people.initiator().subject.organization_code


def test_an_appointment_can_change_until_the_notice_and_ends_the_one_before() -> None:
    tender = drafted_by_an_agency()
    world.register(OTHER_AGENCY)
    appoint(tender.project, people.agency())
    appoint(tender.project, OTHER_AGENCY)
    with pytest.raises(AgencyNotAppointed):
        publish(tender, people.agency())

    appoint(tender.project, None)
    with pytest.raises(AgencyNotAppointed):
        publish(tender, people.agency())

    appoint(tender.project, people.agency())
    assert publish(tender, people.agency()).documents_open_at == OPENED
    appoint(tender.project, OTHER_AGENCY)
    assert Tender.objects.get().agency_code == people.agency().subject.organization_code


def test_the_same_appointment_again_changes_nothing() -> None:
    project = project_by(people.agency(), people.initiator())
    appoint(project, people.agency())
    appoint(project, people.agency())

    assert AuditEntry.objects.filter(act="appoint-agency").count() == 1


def test_only_the_projects_initiator_appoints_and_only_an_agency() -> None:
    project = project_by(people.agency(), people.initiator())
    world.register(people.other_initiator())
    world.register(people.bidder())

    with pytest.raises(Forbidden):
        appoint(project, people.agency(), by=people.agency())
    with pytest.raises(TenderNotFound):
        appoint(project, people.agency(), by=people.other_initiator())
    for no_agency in (people.bidder(), OTHER_AGENCY):
        with pytest.raises(AgencyNotRegistered, match="尚未注册为招标代理机构"):
            appoint(project, no_agency)
    assert Project.objects.get().agency_code == ""


def test_an_agency_drafts_only_where_it_registered_or_is_appointed() -> None:
    project = project_by(people.initiator())
    world.register(people.agency())
    with pytest.raises(TenderNotFound, match="本单位投资项目"):
        draft_by(people.agency(), project)
    assert not Tender.objects.exists()

    appoint(project, people.agency())
    assert draft_by(people.agency(), project).agency_name == people.agency().subject.organization_name


def test_an_initiator_registers_for_no_other() -> None:
    with pytest.raises(NotYours, match="只有代理机构可以为其他招标人登记项目"):
        project_by(people.other_initiator(), people.initiator())
    assert not Project.objects.exists()


def test_an_initiator_that_is_an_agency_too_needs_no_appointment_of_itself() -> None:
    both = people.person("双招标", 62, "agency", "initiator")

    tender = draft_by(both, project_by(both))

    assert tender.agency_code == ""
    assert publish(tender, both).documents_open_at == OPENED


def test_the_initiator_confirms_on_its_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    tender = drafted_by_an_agency()
    set_clock(monkeypatch, OPENED)
    agency, initiator = browser(people.agency()), browser(people.initiator())
    page = reverse("project-agency", args=[tender.project.code])
    draft_page = reverse("draft", args=[tender.code])

    assert "等待测试单位第001号 确认委托" in words(agency.get("/desk"))
    assert "尚缺 招标人委托代理机构 等待 测试单位第001号 在其工作台确认委托" in words(agency.get(draft_page))
    desk = initiator.get("/desk")
    assert "待确认委托：测试单位第060号 拟定了招标项目" in words(desk)
    assert f'href="{page}"' in desk.content.decode()
    assert f'href="{page}"' in initiator.get(draft_page).content.decode()
    assert f'href="{page}"' not in agency.get(draft_page).content.decode()
    assert "待确认委托：测试单位第060号" in words(initiator.get(page))
    assert agency.get(page).status_code == 403
    assert browser(people.other_initiator()).get(page).status_code == 404

    answer = {"agency_code": people.agency().subject.organization_code}
    assert initiator.post(page, answer).headers["Location"] == page

    assert "现委托的代理机构 测试单位第060号" in words(initiator.get(page))
    assert "已具备 招标人委托代理机构 测试单位第001号 已委托 测试单位第060号" in words(agency.get(draft_page))
    assert "发布招标公告" in words(agency.get("/desk"))
    assert "待确认委托" not in words(initiator.get("/desk"))


def test_a_wrong_code_on_the_page_is_refused_with_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    project = project_by(people.initiator())
    set_clock(monkeypatch, OPENED)
    page, client = reverse("project-agency", args=[project.code]), browser(people.initiator())

    wrong = client.post(page, {"agency_code": "123"})
    unknown = client.post(page, {"agency_code": people.agency().subject.organization_code})

    assert (wrong.status_code, "须为 18 位且校验码正确" in words(wrong)) == (422, True)
    assert (unknown.status_code, "委托没有确认" in words(unknown)) == (409, True)


def test_appoints_over_the_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    project = project_by(people.agency(), people.initiator())
    set_clock(monkeypatch, OPENED)
    path = f"/api/v1/projects/{project.code}/agency"
    body = {"agency_code": people.agency().subject.organization_code}

    assert browser().post(path, body, content_type="application/json").status_code == 401
    assert browser(people.agency()).post(path, body, content_type="application/json").status_code == 403
    assert browser(people.initiator()).post(path, body, content_type="application/json").status_code == 201
    assert Project.objects.get().agency_code == body["agency_code"]
