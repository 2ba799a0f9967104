"""Who acts for a project's initiator: the agency that it appointed (委托), and no other."""

from datetime import datetime

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.trading.parties.queries import participant
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders.models import Project, Tender
from yuntai.trading.tenders.queries import locked_project, no_project
from yuntai.trading.tenders.refusals import AgencyNotAppointed, AgencyNotRegistered


def appoint_agency(*, project_code: str, agency_code: str, caller: Caller, now: datetime) -> Project:
    """Appoint the agency that acts for a project's initiator; it takes the place of the one before.

    What is published keeps the agency that it was announced with.  The same agency again changes nothing.

    agency_code: "" ends the appointment.

    :raises Forbidden: the caller is no initiator.
    :raises TenderNotFound: there is no such project, or it is another initiator's.
    :raises AgencyNotRegistered: no agency is registered under that code.
    """
    caller = permitted(caller, Permission.AGENCY_APPOINT)
    with transaction.atomic():
        project = locked_project(project_code)
        if caller.organization_code != project.initiator_code:
            raise no_project(project_code)
        if project.agency_code == agency_code:
            return project
        before = version_of(project)
        project.agency_code, project.agency_name = agency_code, _agency_name(agency_code)
        project.save()
        record(caller=caller, act="appoint-agency", subject=project, before=before, now=now)
    return project


def _agency_name(agency_code: str) -> str:
    if not agency_code:
        return ""
    agency = participant(agency_code)
    if agency is None or "agency" not in agency.roles:
        raise AgencyNotRegistered(
            f"{agency_code} 尚未注册为招标代理机构。请核对代码，或请该单位先在公共服务平台登记。"
        )
    return agency.name


def require_may_draft(caller: Caller, project: Project) -> None:
    """Check that `caller` may draft tenders of `project`: as its initiator, its agency, or who registered it.

    :raises TenderNotFound: it is none of them; whose the project is, is no business of theirs.
    """
    code = caller.organization_code
    if code == project.initiator_code:
        return
    if "agency" not in caller.roles or code not in {project.agency_code, project.registered_by}:
        raise no_project(project.code)


def is_appointed(of: Tender) -> bool:
    """Return whether no agency acts in this tender, or the one that does is appointed."""
    return of.agency_code in {"", of.project.agency_code}


def require_appointed(draft: Tender) -> None:
    """Check that the agency that drafted is the one that the initiator appointed.

    :raises AgencyNotAppointed: it is not, or not any more.
    """
    if not is_appointed(draft):
        raise AgencyNotAppointed(
            f"{draft.project.initiator_name} 尚未确认委托 {draft.agency_name} 代理 {draft.project.code}，"
            "不能发布公告。请招标人登录本系统，在工作台“确认委托”后再发布。"
        )
