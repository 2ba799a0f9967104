"""Acts on a tender up to its notice: register, draft, take in holders' keys, publish."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import localtime

from yuntai import procedures
from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.outbox.services import publish_all
from yuntai.law.days import date_of
from yuntai.procedures.vocabulary import Procedure, ProcedureError
from yuntai.standard.canonical import digest
from yuntai.standard.identifiers import construction_codes
from yuntai.trading.parties.queries import participant
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders import refusals, telling
from yuntai.trading.tenders.agencies import require_appointed, require_may_draft
from yuntai.trading.tenders.amounts import require_amounts
from yuntai.trading.tenders.bid_period import require_possible
from yuntai.trading.tenders.drafting import KeyStatement, LotDraft, ProjectDraft, TenderDraft
from yuntai.trading.tenders.models import HolderKey, Lot, Project, Tender
from yuntai.trading.tenders.queries import locked_draft, locked_lot, locked_project, missing_letters
from yuntai.trust.suites import SUITES

SERIAL_LOCK = 7_201_517  # any fixed number: it only has to differ from other advisory locks


def register_project(*, draft: ProjectDraft, caller: Caller, now: datetime) -> Project:
    """Register an investment project and issue its code.

    :raises Forbidden: the caller is neither initiator nor agency.
    :raises NotYours: another initiator is named, and the caller is no agency.
    :raises InitiatorNotRegistered: the named initiator is not registered as one.
    """
    caller = permitted(caller, Permission.PROJECT_REGISTER)
    initiator_code = draft.initiator_code or caller.organization_code
    if initiator_code != caller.organization_code and "agency" not in caller.roles:
        raise refusals.NotYours("只有代理机构可以为其他招标人登记项目；为本单位登记的，不填招标人代码。")
    with transaction.atomic():
        initiator = participant(initiator_code)
        if initiator is None or "initiator" not in initiator.roles:
            raise refusals.InitiatorNotRegistered(
                f"{initiator_code} 尚未注册为招标人。请先在公共服务平台注册该单位并勾选“招标人”。"
            )
        project = Project.objects.create(
            code=_next_project_code(draft.region_code),
            name=draft.name,
            region_code=draft.region_code,
            place=draft.place,
            investment_code=draft.investment_code,
            initiator_code=initiator.organization_code,
            initiator_name=initiator.name,
            registered_by=caller.organization_code,
            created_at=now,
        )
        record(caller=caller, act="register-project", subject=project, before="", now=now)
    return project


def draft_tender(*, draft: TenderDraft, caller: Caller, now: datetime) -> Tender:
    """Draft a tender with its lots; holders who ask are told to make a key for each.  Nobody else is told.

    :raises Forbidden: the caller is neither initiator nor agency.
    :raises ProcedureUnknown: no procedure of that code is in force.
    :raises DeadlinePassed, DeadlineTooFar, DeadlineTooSoon: see `bid_period.require_possible`.
    :raises AmountNotPositive, AmountTooLarge: see `amounts.require_amounts`.
    :raises TenderNotFound: there is no such project of the caller's; see `agencies.require_may_draft`.
    """
    caller = permitted(caller, Permission.TENDER_DRAFT)
    procedure = _procedure(draft.procedure_code, now)
    require_possible(procedure, draft.bids_due_at, must_tender=draft.must_tender, now=now)
    require_amounts(draft.lots)
    with transaction.atomic():
        project = locked_project(draft.project_code)
        require_may_draft(caller, project)
        by_agency = caller.organization_code != project.initiator_code
        project.tenders_drafted += 1
        project.save()
        new = Tender.objects.create(
            project=project,
            code=construction_codes.tender_code(project.code, project.tenders_drafted),
            title=draft.title,
            procedure_code=procedure.code,
            procedure_edition=procedure.edition,
            must_tender=draft.must_tender,
            agency_code=caller.organization_code if by_agency else "",
            agency_name=caller.organization_name if by_agency else "",
            contact=draft.contact,
            suite=draft.suite or settings.SEALING_SUITE,
            evaluation_rule=procedure.evaluation.name,
            evaluation_version=procedure.evaluation.version,
            evaluation_parameters=procedure.evaluation.parameters(),
            bids_due_at=draft.bids_due_at,
            demonstration=draft.demonstration,
            origin=draft.origin,
            created_at=now,
        )
        _add_lots(new, draft.lots)
        record(caller=caller, act="draft-tender", subject=new, before="", now=now)
    return new


def _procedure(code: str, now: datetime) -> Procedure:
    try:
        return procedures.current(code, date_of(now))
    except ProcedureError as error:
        raise refusals.ProcedureUnknown(str(error)) from error


def _add_lots(tender: Tender, drafts: Sequence[LotDraft]) -> None:
    for number, draft in enumerate(drafts, start=1):
        Lot.objects.create(
            tender=tender,
            code=construction_codes.lot_code(tender.code, number),
            title=draft.title,
            estimated_yuan=draft.estimated_yuan,
            ceiling_price_yuan=draft.ceiling_price_yuan,
        )


def note_holder_key(*, told: KeyStatement, now: datetime) -> HolderKey:
    """Take in the public key that a holder made for a lot.

    :raises WrongKey: the instant is not the lot's deadline, the key is none of the tender's suite, or the
        holder already gave another key.
    """
    with transaction.atomic():
        lot = locked_lot(told.lot_code)
        if told.opens_at != lot.tender.bids_due_at:
            due = localtime(lot.tender.bids_due_at)
            raise refusals.WrongKey(f"{lot.code} 的开标时间是 {due:%Y-%m-%d %H:%M:%S}，与密钥声明不符。")
        suite = SUITES[lot.tender.suite]
        if not suite.takes(told.public_key):
            # One bad point would let no bidder seal a bid.
            raise refusals.WrongKey(
                f"{told.letter} 为 {lot.code} 提供的不是有效公钥：须为{suite.title}的公钥。请重新生成。"
            )
        known = HolderKey.objects.select_for_update().filter(lot=lot, letter=told.letter).first()
        if known is not None and bytes(known.public_key) != told.public_key:
            raise refusals.WrongKey(f"{told.letter} 已为 {lot.code} 提供过另一把公钥，不能更换。")
        before = version_of(known)
        key = known or HolderKey(lot=lot, letter=told.letter, public_key=told.public_key)
        key.holder_name, key.opens_at = told.holder_name, told.opens_at
        key.statement, key.received_at = told.statement, now
        key.save()
        caller = Caller.system(f"holder-{told.letter}", told.holder_name)
        record(caller=caller, act="note-holder-key", subject=key, before=before, now=now)
    return key


def publish_notice(*, tender_code: str, text: str, caller: Caller, now: datetime) -> Tender:
    """Publish the tender notice: from now on the tender is known, its documents are open and bids may come.

    text: the notice in plain text.

    :raises NotYours: the caller is not of the initiator or agency.
    :raises AlreadyPublished: it is out already.
    :raises AgencyNotAppointed: the agency that drafted it has not been appointed by the initiator.
    :raises DocumentsMissing: no document was added.
    :raises KeysMissing: a holder's key is not there yet, or not yet bound to a deadline that moved.
    :raises DeadlinePassed, DeadlineTooFar, DeadlineTooSoon: see `bid_period.require_possible`.
    """
    caller = permitted(caller, Permission.TENDER_PUBLISH)
    with transaction.atomic():
        draft = locked_draft(caller, tender_code)
        lots = list(draft.lots.select_for_update().order_by("code"))
        require_appointed(draft)
        _require_complete(draft, lots)
        require_possible(draft.procedure, draft.bids_due_at, must_tender=draft.must_tender, now=now)
        before = version_of(draft)
        draft.notice_text = text
        draft.documents_open_at = now
        draft.documents_sha256 = digest(
            [{"name": each.name, "sha256": each.sha256} for each in draft.documents.order_by("name")]
        )
        draft.save()
        Lot.objects.filter(tender=draft).update(next_due_at=draft.bids_due_at)
        record(caller=caller, act="publish-notice", subject=draft, before=before, now=now)
        # The first word of a tender to anyone: a draft is its initiator's alone.
        told = (
            telling.registered(draft, industry=settings.INDUSTRY, now=now),
            telling.notice_published(draft, lots, now=now),
        )
        publish_all(told, now=now)
    return draft


def _next_project_code(region_code: str) -> str:
    with connection.cursor() as cursor:  # two registrations at once must not get one number
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SERIAL_LOCK])
    return construction_codes.project_code(region_code, settings.PLATFORM_NUMBER, Project.objects.count() + 1)


def _require_complete(draft: Tender, lots: list[Lot]) -> None:
    if not draft.documents.exists():
        raise refusals.DocumentsMissing(f"{draft.code} 还没有招标文件。请先上传招标文件，再发布公告。")
    for lot in lots:
        missing = missing_letters(lot)
        if missing:
            raise refusals.KeysMissing(
                f"{lot.code} 的开标密钥尚缺保管方 {'、'.join(missing)}。保管方在线时数秒即有，请稍后再发布。"
            )
