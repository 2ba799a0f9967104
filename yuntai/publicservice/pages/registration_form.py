"""The form of a registration: what is typed and which files come with it."""

from django import forms
from django.http import HttpRequest

from yuntai.kernel.accounts.caller import Caller
from yuntai.publicservice.registry.papers import (
    ACCEPTED,
    KINDS,
    MEGABYTE,
    MOST_BYTES,
    PaperFile,
    PaperRefused,
    kept_papers,
    newest_of_each_kind,
    store_paper,
)
from yuntai.publicservice.registry.registration import LONGEST_ADDRESS, ROLES, Registration
from yuntai.publicservice.registry.versions import Version
from yuntai.standard.identifiers.regions import full_name, regions

ROLE_HINTS = {
    "initiator": "招标人、采购人、出让人、转让方",
    "agency": "受托代办招标、采购、拍卖",
    "bidder": "投标人、供应商、竞买人、意向受让方",
}
FILE_TYPES = ".pdf,.jpg,.jpeg,.png"


def regions_to_choose() -> list[tuple[str, str]]:
    return [("", "请选择"), *((region.code, full_name(region.code)) for region in regions())]


class RegistrationForm(forms.Form):
    """What is typed; whether it is acceptable is the service's to say."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    initiator = forms.BooleanField(label=f"{ROLES['initiator']}（{ROLE_HINTS['initiator']}）", required=False)
    agency = forms.BooleanField(label=f"{ROLES['agency']}（{ROLE_HINTS['agency']}）", required=False)
    bidder = forms.BooleanField(label=f"{ROLES['bidder']}（{ROLE_HINTS['bidder']}）", required=False)
    region_code = forms.ChoiceField(
        label="单位所在地区",
        choices=regions_to_choose,
        help_text="营业执照或法人证书上的住所所在区县。",
        error_messages={"required": "没有选择地区。请从列表中选一个。"},
    )
    address = forms.CharField(
        label="住所",
        max_length=LONGEST_ADDRESS,
        required=False,
        help_text="照营业执照或法人证书填写。",
    )
    legal_representative = forms.CharField(
        label="法定代表人",
        max_length=100,
        required=False,
        help_text="照营业执照或法人证书填写；没有的填负责人。",
    )
    contact_name = forms.CharField(
        label="联系人",
        max_length=100,
        help_text="不对外公开，仅供平台核实信息。",
        error_messages={"required": "没有填写联系人。请填写办理登记的人。"},
    )
    contact_phone = forms.CharField(
        label="联系电话",
        max_length=30,
        help_text="手机，或带区号的座机。不对外公开。",
        error_messages={"required": "没有填写联系电话。请填写手机或带区号的座机。"},
    )
    licence = forms.FileField(label=KINDS["licence"], required=False)
    authorization = forms.FileField(label=KINDS["authorization"], required=False)
    qualification = forms.FileField(label=KINDS["qualification"], required=False)

    papers: tuple[PaperFile, ...] = ()

    def take_papers(self, request: HttpRequest) -> None:
        """Store the files that `request` brings; keep those that it carried over an earlier refusal."""
        taken = kept_papers(request.POST.getlist("kept"))
        for kind in KINDS:
            for file in request.FILES.getlist(kind)[:1]:
                try:
                    taken.append(store_paper(kind, file))
                except PaperRefused as error:
                    self.errors.pop(kind, None)  # the field's own words on an empty file say less
                    self.add_error(kind, str(error))
        self.papers = newest_of_each_kind(taken)

    def registration(self, caller: Caller) -> Registration:
        """Return what was typed, for the caller's own organization."""
        return Registration(
            organization_code=caller.organization_code,
            name=caller.organization_name,
            roles=tuple(role for role in ROLES if self.cleaned_data[role]),
            region_code=self.cleaned_data["region_code"],
            contact_name=self.cleaned_data["contact_name"],
            contact_phone=self.cleaned_data["contact_phone"],
            address=self.cleaned_data["address"],
            legal_representative=self.cleaned_data["legal_representative"],
            papers=self.papers,
        )


PAPER_HINT = f"{ACCEPTED}，每份不超过 {MOST_BYTES // MEGABYTE} MB。不交也可以登记，交了便于核实。不对外公开。"


def initial_of(newest: Version | None) -> dict[str, object]:
    """Return what the form shows before anything is typed: the newest version, if there is one."""
    if newest is None:
        return {}
    roles = newest.stored["roles"]
    known = {role: isinstance(roles, list) and role in roles for role in ROLES}
    return {"version": newest.number} | newest.stored | known
