"""Is a registration acceptable?  What is said, against the certificate and the lists."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import ClassVar

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.errors import DomainError
from yuntai.publicservice.registry.papers import PaperFile
from yuntai.standard.code_lists import PARTICIPANT_ROLES
from yuntai.standard.identifiers import credit_code, regions

ROLES = PARTICIPANT_ROLES
LONGEST_CONTACT_NAME = 100
LONGEST_ADDRESS = 200
_PHONE = re.compile(r"\+?[0-9][0-9 -]{5,22}[0-9]", re.ASCII)


class RegistrationRefused(DomainError):
    """The registration is not acceptable.  field: the entry that must be corrected, "" for the whole."""

    code = "registration-refused"
    status = 422
    field: ClassVar[str] = ""


class OrganizationNotYours(RegistrationRefused):
    """The organization is not the one the caller's certificate was issued to."""

    code = "organization-not-yours"
    status = 403
    field = "organization_code"


class BadCreditCode(RegistrationRefused):
    """The credit code does not verify."""

    code = "bad-credit-code"
    field = "organization_code"


class NameNotCertified(RegistrationRefused):
    """The name is not the one in the certificate."""

    code = "name-not-certified"
    field = "name"


class BadRoles(RegistrationRefused):
    """No role, or one that is not in the list."""

    code = "bad-roles"
    field = "roles"


class RegionNotListed(RegistrationRefused):
    """The region is not in the list of regions."""

    code = "region-not-listed"
    field = "region_code"


class BadAddress(RegistrationRefused):
    """The address is too long or holds signs that no address has."""

    code = "bad-address"
    field = "address"


class BadLegalRepresentative(RegistrationRefused):
    """The legal representative's name is too long or holds signs that no name has."""

    code = "bad-legal-representative"
    field = "legal_representative"


class BadContactName(RegistrationRefused):
    """The contact's name is missing or too long."""

    code = "bad-contact-name"
    field = "contact_name"


class BadContactPhone(RegistrationRefused):
    """The contact's phone number can't be dialled."""

    code = "bad-contact-phone"
    field = "contact_phone"


@dataclass(frozen=True)
class Registration:
    """What an organization registers.  roles: keys of ROLES.  region_code: six digits.

    address, legal_representative: as on the licence, "" when not given.
    papers: those handed in with it; of other kinds the earlier ones go on counting.
    """

    organization_code: str
    name: str
    roles: tuple[str, ...]
    region_code: str
    contact_name: str
    contact_phone: str
    address: str = ""
    legal_representative: str = ""
    papers: tuple[PaperFile, ...] = ()


def checked(registration: Registration, caller: Caller) -> Registration:
    """Return `registration` in its stored form: NFKC, no blanks around, roles sorted and each once.

    :raises RegistrationRefused: a subclass for each rule, the first that is broken.
    """
    tidy = replace(
        registration,
        organization_code=_plain_code(registration.organization_code),
        name=normal(registration.name),
        roles=tuple(sorted(set(registration.roles))),
        contact_name=normal(registration.contact_name),
        contact_phone=normal(registration.contact_phone),
        address=normal(registration.address),
        legal_representative=normal(registration.legal_representative),
    )
    _check_organization(tidy, caller)
    _check_roles_and_region(tidy)
    _check_contact(tidy)
    return tidy


def normal(text: str) -> str:
    """Return `text` in NFKC without blanks around: full-width brackets and digits become the plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


def _plain_code(typed: str) -> str:
    """Return the code as typed, without blanks around.

    Not changed in silence: whoever types a code in full-width letters has it wrong elsewhere too.

    :raises BadCreditCode: it has full-width or small letters; offers the plain form.
    """
    code, plain = typed.strip(), normal(typed).upper()
    if code != plain and credit_code.is_valid(plain):
        raise BadCreditCode(
            f"统一社会信用代码“{code}”含全角字符或小写字母，系统只认半角数字和大写字母。"
            f"请改为 {plain} 后重新提交。"
        )
    return code


def _check_organization(tidy: Registration, caller: Caller) -> None:
    code = tidy.organization_code
    if not credit_code.is_valid(code):
        raise BadCreditCode(
            f"统一社会信用代码“{code}”校验不符：应为 18 位且末位校验码正确。请对照营业执照或法人证书核对。"
        )
    if code != caller.organization_code:
        raise OrganizationNotYours(
            f"登录证书属于 {caller.organization_code}，不能为 {code} 登记。请用该单位自己的证书登录后登记。"
        )
    if tidy.name != normal(caller.organization_name):
        raise NameNotCertified(
            f"单位名称“{tidy.name}”与证书记载的“{normal(caller.organization_name)}”不一致。"
            "请按证书填写；名称已变更的，先向证书颁发机构换发证书。"
        )


def _check_roles_and_region(tidy: Registration) -> None:
    allowed = "、".join(ROLES.values())
    if not tidy.roles:
        raise BadRoles(f"没有选择参与交易的身份。请在{allowed}中至少选一项。")
    unknown = [role for role in tidy.roles if role not in ROLES]
    if unknown:
        raise BadRoles(f"没有“{unknown[0]}”这种身份。请在{allowed}（{'、'.join(ROLES)}）中选择。")
    try:
        regions.region(tidy.region_code)
    except regions.UnknownRegion as error:
        raise RegionNotListed(str(error)) from error


def _check_contact(tidy: Registration) -> None:
    if len(tidy.address) > LONGEST_ADDRESS or not tidy.address.isprintable():
        raise BadAddress(f"住所最多 {LONGEST_ADDRESS} 个字，须写成一行。请按营业执照或法人证书填写。")
    person = tidy.legal_representative
    if len(person) > LONGEST_CONTACT_NAME or not person.isprintable():
        raise BadLegalRepresentative(
            f"法定代表人姓名最多 {LONGEST_CONTACT_NAME} 个字，须写成一行。请按营业执照或法人证书填写。"
        )
    if not (1 <= len(tidy.contact_name) <= LONGEST_CONTACT_NAME and tidy.contact_name.isprintable()):
        raise BadContactName(f"联系人姓名须为 1 至 {LONGEST_CONTACT_NAME} 个字。请填写办理登记的联系人。")
    if not _PHONE.fullmatch(tidy.contact_phone):
        raise BadContactPhone(
            f"联系电话“{tidy.contact_phone}”无法拨打：须为 7 至 24 位数字，可含 +、空格和连字符。"
            "请填写手机或带区号的座机。"
        )
