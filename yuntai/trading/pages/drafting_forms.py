"""The forms of a project, a tender and its lots: what may be typed, and what becomes of it."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings

from yuntai.law import workdays
from yuntai.law.days import SHANGHAI
from yuntai.procedures import PROCEDURES, timeline
from yuntai.procedures.vocabulary import Milestone, Procedure
from yuntai.standard import money
from yuntai.standard.identifiers import credit_code, regions
from yuntai.trading.tenders.drafting import LotDraft, ProjectDraft, TenderDraft

LONGEST_LINE = 200
MOST_LOTS = 99
OPENING_HOUR = timedelta(hours=9, minutes=30)
YES, NO = "yes", "no"


class YuanField(forms.DecimalField):
    """An amount of yuan as people type it: separators and full-width digits are taken out."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs say int
        """Return the amount with two decimals, None when nothing was typed."""
        typed = str(value or "").translate(_PLAIN).strip()
        if not typed:
            return None
        try:
            return money.yuan(typed)
        except money.NotMoney as error:
            raise forms.ValidationError(str(error), code="invalid") from error


_PLAIN = str.maketrans("０１２３４５６７８９．", "0123456789.", ",， 元")


class PlainForm(forms.Form):
    """A form that says in few words that something was left out."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            chosen = isinstance(field, forms.ChoiceField)
            field.error_messages["required"] = "没有选择。" if chosen else "没有填写。"


class ProjectForm(PlainForm):
    """An investment project to register.  by_agency: it is registered for another organization."""

    name = forms.CharField(
        label="项目名称", max_length=LONGEST_LINE, help_text="与投资项目审批、核准或备案文件一致。"
    )
    region_code = forms.ChoiceField(label="所在行政区划")
    place = forms.CharField(
        label="建设地点", max_length=LONGEST_LINE, help_text="例如：海州区郁洲南路 28 号。"
    )
    investment_code = forms.CharField(
        label="投资项目统一代码",
        max_length=24,
        required=False,
        help_text="投资项目在线审批监管平台赋予的代码，24 位。",
    )
    initiator_code = forms.CharField(
        label="招标人统一社会信用代码", max_length=18, help_text="招标人须已在公共服务平台登记。"
    )  # fmt: skip

    def __init__(self, *args: Any, by_agency: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        _offer(self, "region_code", [("", "选择"), *region_choices()])
        if not by_agency:
            del self.fields["initiator_code"]

    def clean_initiator_code(self) -> str:
        """Check the code's form; whether it is registered, the service knows."""
        code = str(self.cleaned_data["initiator_code"]).upper()
        if not credit_code.is_valid(code):
            raise forms.ValidationError("统一社会信用代码须为 18 位且校验码正确，请对照营业执照核对。")
        return code

    def draft(self) -> ProjectDraft:
        """Return what was typed, once it is valid."""
        return ProjectDraft(**self.cleaned_data)


class TenderForm(PlainForm):
    """A tender to draft, without its lots and documents."""

    project_code = forms.ChoiceField(label="投资项目")
    title = forms.CharField(label="招标项目名称", max_length=LONGEST_LINE, help_text="公告和列表用这个名称。")
    procedure_code = forms.ChoiceField(label="招标方式")
    must_tender = forms.ChoiceField(
        label="是否依法必须招标",
        choices=((YES, "依法必须招标"), (NO, "不属于依法必须招标，自愿招标")),
        initial=YES,
        widget=forms.RadioSelect,
    )
    bids_due_at = forms.DateTimeField(label="投标截止时间（开标时间）")
    contact = forms.CharField(
        label="联系人和电话", max_length=100, help_text="随公告公布，潜在投标人据此咨询。"
    )

    def __init__(self, *args: Any, projects: list[tuple[str, str]], now: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        here = procedures_here(now)
        _offer(self, "project_code", projects)
        _offer(self, "procedure_code", [(each.code, each.name) for each in here])
        self.fields["must_tender"].help_text = _size_words(here[0]) if here else ""
        if here:
            soonest = soonest_due(here[0], now)
            self.fields["bids_due_at"].help_text = _due_words(soonest)
            self.fields[
                "bids_due_at"
            ].initial = f"{soonest + timedelta(days=1) + OPENING_HOUR:%Y-%m-%dT%H:%M}"

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
        )


class LotForm(PlainForm):
    """A lot.  A ceiling is optional; a bid above it will be rejected."""

    title = forms.CharField(label="标段名称", max_length=LONGEST_LINE)
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


def soonest_due(procedure: Procedure, now: datetime) -> datetime:
    """Return the first lawful deadline of a tender that the law demands and that is published today."""
    soonest = timeline.earliest_at(
        procedure,
        Milestone.BIDS_DUE,
        {Milestone.DOCUMENTS_OPEN: now},
        must_tender=True,
        calendar=workdays.published(),
    )
    return (soonest or now).astimezone(SHANGHAI)


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def _due_words(soonest: datetime) -> str:
    return (
        f"今天发布公告的，依法必须招标的项目最早为 {soonest:%Y-%m-%d}；每晚一天发布，最早日期顺延一天。"
        "开标密钥与此时间绑定，立项后不能提前或推迟。"
    )


def _size_words(procedure: Procedure) -> str:
    sizes = procedure.directory
    return (
        f"属于必须招标范围，且单项合同估算价施工 {sizes.works_yuan / 10000:.0f} 万元、"
        f"货物 {sizes.goods_yuan / 10000:.0f} 万元、服务 {sizes.services_yuan / 10000:.0f} 万元以上的，"
        "必须招标。"
    )
