"""The forms of a project, a tender and its lots: what may be typed, and what becomes of it."""

import re
import unicodedata
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings

from yuntai.kernel.errors import DomainError
from yuntai.law import workdays
from yuntai.law.days import SHANGHAI, date_of, first_instant
from yuntai.procedures import PROCEDURES, timeline
from yuntai.procedures.vocabulary import Milestone, Procedure
from yuntai.standard import money
from yuntai.standard.identifiers import credit_code, regions
from yuntai.trading.tenders.bid_period import fixed, require_possible
from yuntai.trading.tenders.drafting import LotDraft, ProjectDraft, TenderDraft
from yuntai.trading.tenders.models import Tender
from yuntai.trading.tenders.text_rules import LONGEST_CONTACT, LONGEST_LINE, problem_of_line
from yuntai.trust.suites import SUITES

MOST_LOTS = 99
OPENING_HOUR = timedelta(hours=9, minutes=30)
YES, NO = "yes", "no"


class YuanField(forms.DecimalField):
    """An amount of yuan as people type it: separators and full-width digits are taken out."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs say int
        """Return the amount with two decimals, None when nothing was typed."""
        typed = unicodedata.normalize("NFKC", str(value or "")).translate(_PLAIN)
        if not typed:
            return None
        try:
            return money.yuan(typed)
        except money.NotMoney as error:
            raise forms.ValidationError(str(error), code="invalid") from error


_PLAIN = str.maketrans("", "", ",，元 \t")


class LineField(forms.CharField):
    """One line of text; what will not do is refused with the field's name and limit."""

    def validate(self, value: str) -> None:
        """Refuse line ends and control characters, which the notice and its message cannot carry."""
        super().validate(value)
        limit = self.max_length or LONGEST_LINE
        problem = problem_of_line("", value, limit, least=0)  # the label stands before it
        if problem:
            raise forms.ValidationError(problem, code="line")

    def run_validators(self, value: str) -> None:
        """Run none beside `validate`, which says all of it in one sentence."""


def _credit_code(typed: str) -> str:
    code = typed.upper()
    if not credit_code.is_valid(code):
        raise forms.ValidationError("统一社会信用代码须为 18 位且校验码正确，请对照营业执照核对。")
    return code


class PlainForm(forms.Form):
    """A form that says in few words that something was left out."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            chosen = isinstance(field, forms.ChoiceField)
            field.error_messages["required"] = "没有选择。" if chosen else "没有填写。"
            if isinstance(field, forms.DateTimeField):
                field.error_messages["invalid"] = "须为日期和时间，例如 2026-03-25 23:59。"


class ProjectForm(PlainForm):
    """An investment project to register.  by_agency: it is registered for another organization."""

    name = LineField(
        label="项目名称", max_length=LONGEST_LINE, help_text="与投资项目审批、核准或备案文件一致。"
    )
    region_code = forms.ChoiceField(label="所在行政区划")
    place = LineField(label="建设地点", max_length=LONGEST_LINE, help_text="例如：海州区郁洲南路 28 号。")
    investment_code = LineField(
        label="投资项目统一代码",
        max_length=24,
        required=False,
        help_text="投资项目在线审批监管平台赋予的代码，24 位。",
    )
    initiator_code = LineField(
        label="招标人统一社会信用代码", max_length=18, help_text="招标人须已在公共服务平台登记。"
    )  # fmt: skip

    def __init__(self, *args: Any, by_agency: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        _offer(self, "region_code", [("", "选择"), *region_choices()])
        if not by_agency:
            del self.fields["initiator_code"]

    def clean_investment_code(self) -> str:
        """Check the code's characters; which codes exist, only the platform that issues them knows."""
        code = str(self.cleaned_data["investment_code"])
        if not re.fullmatch(r"[0-9A-Za-z-]*", code, re.ASCII):
            raise forms.ValidationError(
                "投资项目统一代码只含字母、数字和连字符，最多 24 位。请对照批文核对。"
            )
        return code

    def clean_initiator_code(self) -> str:
        """Check the code's form; whether it is registered, the service knows."""
        return _credit_code(str(self.cleaned_data["initiator_code"]))

    def draft(self) -> ProjectDraft:
        """Return what was typed, once it is valid."""
        return ProjectDraft(**self.cleaned_data)


class AgencyForm(PlainForm):
    """The agency that an initiator appoints for a project."""

    agency_code = LineField(
        label="代理机构统一社会信用代码",
        max_length=18,
        required=False,
        help_text="代理机构须已在公共服务平台登记。不填即不委托，由本单位自行招标。",
    )

    def clean_agency_code(self) -> str:
        """Check the code's form; whether an agency is registered under it, the service knows."""
        return _credit_code(str(self.cleaned_data["agency_code"])) if self.cleaned_data["agency_code"] else ""


def _title_field() -> LineField:
    return LineField(label="招标项目名称", max_length=LONGEST_LINE, help_text="公告和列表用这个名称。")


def _contact_field() -> LineField:
    return LineField(
        label="联系人和电话", max_length=LONGEST_CONTACT, help_text="随公告公布，潜在投标人据此咨询。"
    )


class TenderForm(PlainForm):
    """A tender to draft, without its lots and documents."""

    project_code = forms.ChoiceField(label="投资项目")
    title = _title_field()
    procedure_code = forms.ChoiceField(label="招标方式")
    must_tender = forms.ChoiceField(
        label="是否依法必须招标",
        choices=((YES, "依法必须招标"), (NO, "不属于依法必须招标，自愿招标")),
        initial=YES,
        widget=forms.RadioSelect,
    )
    suite = forms.ChoiceField(
        label="投标文件密封算法",
        choices=[(suite.code, suite.title) for suite in SUITES.values()],
        help_text="在投标人的设备上按此密封，公告后不能更改。两种算法的保密强度相当；密评要求国密的项目选国密。",
    )
    bids_due_at = forms.DateTimeField(label="投标截止时间（开标时间）")
    contact = _contact_field()

    def __init__(self, *args: Any, projects: list[tuple[str, str]], now: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self._now = now
        here = procedures_here(now)
        _offer(self, "project_code", projects)
        _offer(self, "procedure_code", [(each.code, each.name) for each in here])
        self.fields["suite"].initial = settings.SEALING_SUITE
        self.fields["must_tender"].help_text = _size_words(here[0]) if here else ""
        if here:
            soonest = soonest_due(here[0], now, must_tender=True)
            self.fields["bids_due_at"].help_text = _due_words(
                soonest, soonest_due(here[0], now, must_tender=False)
            )
            self.fields[
                "bids_due_at"
            ].initial = f"{soonest + timedelta(days=1) + OPENING_HOUR:%Y-%m-%dT%H:%M}"

    def clean(self) -> dict[str, Any]:
        """Hold the deadline against the same rules as the notice, as if that went out now."""
        typed = super().clean() or self.cleaned_data
        chosen = [each for each in procedures_here(self._now) if each.code == typed.get("procedure_code")]
        if not chosen or "bids_due_at" not in typed or "must_tender" not in typed:
            return typed
        try:
            require_possible(
                chosen[0], typed["bids_due_at"], must_tender=typed["must_tender"] == YES, now=self._now
            )
        except DomainError as error:
            self.add_error("bids_due_at", str(error))
        return typed

    def draft(self, lots: tuple[LotDraft, ...], project_code: str = "") -> TenderDraft:
        """Return what was typed, once it is valid.  project_code: of a project registered just now."""
        typed = self.cleaned_data
        return TenderDraft(
            project_code=project_code or typed["project_code"],
            title=typed["title"],
            procedure_code=typed["procedure_code"],
            must_tender=typed["must_tender"] == YES,
            bids_due_at=typed["bids_due_at"],
            contact=typed["contact"],
            lots=lots,
            suite=typed["suite"],
        )


class LotForm(PlainForm):
    """A lot.  A ceiling is optional; a bid above it will be rejected."""

    title = LineField(label="标段名称", max_length=LONGEST_LINE)
    estimated_yuan = YuanField(label="合同估算价", help_text="随公告公布。")
    ceiling_price_yuan = YuanField(
        label="最高投标限价", required=False, help_text="随公告公布；报价高于此数的投标被否决。不设则留空。"
    )

    def clean_estimated_yuan(self) -> Decimal:
        """Refuse an estimate of nothing."""
        estimated: Decimal = self.cleaned_data["estimated_yuan"]
        if estimated <= 0:
            raise forms.ValidationError("合同估算价须大于 0 元。")
        return estimated

    def clean_ceiling_price_yuan(self) -> Decimal | None:
        """Refuse a ceiling that rejects every bid."""
        ceiling: Decimal | None = self.cleaned_data["ceiling_price_yuan"]
        if ceiling is not None and ceiling <= 0:
            raise forms.ValidationError("最高投标限价须大于 0 元；不设限价则留空。")
        return ceiling

    def draft(self) -> LotDraft:
        """Return what was typed, once it is valid."""
        return LotDraft(**self.cleaned_data)


class CorrectionForm(PlainForm):
    """What may be corrected of a draft, its lots aside."""

    title = _title_field()
    contact = _contact_field()


class DeadlineForm(PlainForm):
    """A later deadline for a draft."""

    bids_due_at = forms.DateTimeField(label="新的投标截止时间（开标时间）")

    def __init__(self, *args: Any, draft: Tender, now: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        soonest = soonest_due(draft.procedure, now, must_tender=draft.must_tender)
        least = max(soonest, draft.bids_due_at.astimezone(SHANGHAI))
        field = self.fields["bids_due_at"]
        field.help_text = (
            f"现定 {draft.bids_due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}，只能推迟；"
            f"今天发布公告的，最早为 {soonest:%Y-%m-%d}。保管方随后把开标密钥改绑到新的时间，约需数秒。"
        )
        field.initial = f"{first_instant(date_of(least)) + timedelta(days=1) + OPENING_HOUR:%Y-%m-%dT%H:%M}"


LotForms = forms.formset_factory(
    LotForm, extra=0, min_num=1, max_num=MOST_LOTS, validate_min=True, validate_max=True
)


def region_choices() -> list[tuple[str, str]]:
    """Return the regions a project can lie in: those with nothing known below them, and cities."""
    return [(each.code, regions.full_name(each.code)) for each in regions.regions() if each.parent]


def procedures_here(now: datetime) -> list[Procedure]:
    """Return the procedures of this system's industry, each in the edition in force."""
    today = now.astimezone(SHANGHAI).date().isoformat()
    in_force = [each for each in PROCEDURES if each.industry == settings.INDUSTRY and each.edition <= today]
    return list({each.code: each for each in sorted(in_force, key=lambda each: each.edition)}.values())


def soonest_due(procedure: Procedure, now: datetime, *, must_tender: bool) -> datetime:
    """Return the first lawful deadline of a tender that is published today, in Shanghai time."""
    limits = [
        timeline.earliest_at(
            procedure,
            milestone,
            {Milestone.DOCUMENTS_OPEN: now},
            must_tender=must_tender,
            calendar=workdays.published(),
        )
        for milestone in fixed(now)
    ]
    return max([now, *(each for each in limits if each is not None)]).astimezone(SHANGHAI)


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def _due_words(soonest: datetime, soonest_if_voluntary: datetime) -> str:
    return (
        f"今天发布公告的，依法必须招标的项目最早为 {soonest:%Y-%m-%d}，"
        f"自愿招标的最早为 {soonest_if_voluntary:%Y-%m-%d}；每晚一天发布，最早日期顺延一天。"
        "开标密钥与此时间绑定，立项后、发布前只能推迟，不能提前。"
    )


def _size_words(procedure: Procedure) -> str:
    sizes = procedure.directory
    return (
        f"属于必须招标范围，且单项合同估算价施工 {sizes.works_yuan / 10000:.0f} 万元、"
        f"货物 {sizes.goods_yuan / 10000:.0f} 万元、服务 {sizes.services_yuan / 10000:.0f} 万元以上的，"
        "必须招标。"
    )
