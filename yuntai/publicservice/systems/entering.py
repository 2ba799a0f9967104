"""Is what an operator enters of its system acceptable?  Form only: whether it works, the tests show."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from django.conf import settings

from yuntai.kernel.errors import DomainError
from yuntai.publicservice.registry.registration import normal
from yuntai.standard.identifiers import regions
from yuntai.trust.base64url import base64url, from_base64url

KINDS = {"trading": "电子交易系统", "supervision": "行政监管系统", "connected": "其他对接系统"}
INDUSTRIES = ("construction", "transport", "water", "procurement", "land", "state_assets", "medical")
MOST_RESPONSIBLE = 10
# Words of our own addresses, which no system may take as its code.
RESERVED = frozenset({"enter", "status", "areas"})
_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}", re.ASCII)
_URL = re.compile(r"https?://[a-z0-9.\-\[\]:]+(/[^\s?#]*)?", re.ASCII)


class EntryRefused(DomainError):
    """The entry is not acceptable.  field: the one that must be corrected."""

    code = "system-entry-refused"
    status = 422
    field: ClassVar[str] = ""


class BadSystemCode(EntryRefused):
    """The code has not the form of a system code."""

    code, field = "bad-system-code", "code"


class BadTitle(EntryRefused):
    """The title is missing or too long."""

    code, field = "bad-system-title", "title"


class BadKind(EntryRefused):
    """The kind or the industry is not in the list."""

    code, field = "bad-system-kind", "kind"


class BadIndustry(EntryRefused):
    """The industry does not go with the kind."""

    code, field = "bad-system-industry", "industry"


class BadRegion(EntryRefused):
    """The region is not in the list."""

    code, field = "region-not-listed", "region_code"


class BadAddress(EntryRefused):
    """The address is none where messages could be taken."""

    code, field = "bad-system-address", "url"


class BadPublicKey(EntryRefused):
    """The key is no Ed25519 public key."""

    code, field = "bad-public-key", "public_key"


class BadResponsible(EntryRefused):
    """Nobody answers for the system, or a name is missing."""

    code, field = "bad-responsible", "responsible"


@dataclass(frozen=True)
class Responsible:
    """Who answers for a system.  duty: 主要负责人, 技术负责人 and so on."""

    name: str
    duty: str


@dataclass(frozen=True)
class Entry:
    """What an operator enters.  public_key: Ed25519, base64url.  See ConnectedSystem for the rest."""

    code: str
    title: str
    kind: str
    industry: str
    region_code: str
    url: str
    public_key: str
    responsible: tuple[Responsible, ...]


def checked(entry: Entry) -> Entry:
    """Return `entry` in its stored form.

    :raises EntryRefused: a subclass for each rule, the first that is broken.
    """
    tidy = replace(
        entry,
        code=normal(entry.code),
        title=normal(entry.title),
        url=entry.url.strip(),
        public_key=tidy_key(entry.public_key),
        responsible=tidy_responsible(entry.responsible),
    )
    _check_names(tidy)
    _check_place(tidy)
    _check_address(tidy)
    check_responsible(tidy.responsible)
    return tidy


def tidy_responsible(listed: Sequence[Responsible]) -> tuple[Responsible, ...]:
    """Return the persons in their stored form; empty lines of a form are left out."""
    return tuple(
        Responsible(normal(each.name), normal(each.duty)) for each in listed if each.name or each.duty
    )


def _check_names(entry: Entry) -> None:
    if not _CODE.fullmatch(entry.code) or entry.code in RESERVED:
        raise BadSystemCode(
            f"系统代码“{entry.code}”不符：须为 2 至 40 个小写字母、数字或连字符，以字母开头，不是保留的词。"
            "请改写，如 trading-harbour。"
        )
    if not 1 <= len(entry.title) <= 100 or not entry.title.isprintable():
        raise BadTitle("系统名称须为 1 至 100 个字。请填写对外公布的名称。")


def _check_place(entry: Entry) -> None:
    if entry.kind not in KINDS:
        raise BadKind(f"没有“{entry.kind}”这种系统类别。请在 {'、'.join(KINDS)} 中选择。")
    if entry.kind == "connected" and entry.industry:
        raise BadIndustry("其他对接系统不分行业。请把行业留空。")
    if entry.kind != "connected" and entry.industry not in INDUSTRIES:
        raise BadIndustry(f"没有“{entry.industry}”这个行业。请在 {'、'.join(INDUSTRIES)} 中选择。")
    try:
        regions.region(entry.region_code)
    except regions.UnknownRegion as error:
        raise BadRegion(str(error)) from error


def _check_address(entry: Entry) -> None:
    if not entry.url:
        if entry.kind == "supervision":
            raise BadAddress("行政监管系统须能接收报文。请填写接收地址的前一部分，如 https://jg.example.cn。")
        return
    if len(entry.url) > 300 or not _URL.fullmatch(entry.url):
        raise BadAddress(f"地址“{entry.url[:80]}”不符：须以 https:// 开头，不带参数。请核对。")
    if entry.url.startswith("http://") and not settings.SANDBOX:
        raise BadAddress("正式环境只接受 https:// 地址。请改用加密地址。")


def check_responsible(listed: tuple[Responsible, ...]) -> None:
    """Check that somebody answers for the system, by name and duty.

    :raises BadResponsible: nobody does, or a name or duty is not acceptable.
    """
    if not 1 <= len(listed) <= MOST_RESPONSIBLE:
        raise BadResponsible(f"须填写 1 至 {MOST_RESPONSIBLE} 名主要负责人员，姓名依法公布。请补充。")
    for each in listed:
        if not (1 <= len(each.name) <= 50 and 1 <= len(each.duty) <= 50):
            raise BadResponsible("负责人员的姓名和职务均须为 1 至 50 个字。请补全。")
        if not (each.name.isprintable() and each.duty.isprintable()):
            raise BadResponsible("负责人员的姓名和职务不得含换行等控制字符。请改正。")


def tidy_key(public_key: str) -> str:
    """Return a public key in its stored form.

    :raises BadPublicKey: it is no Ed25519 public key in base64url.
    """
    tidy = public_key.strip().rstrip("=")
    try:
        raw = from_base64url(tidy)
    except ValueError:
        raw = b""
    if len(raw) != 32 or base64url(raw) != tidy:
        raise BadPublicKey(
            "公钥不符：须为 Ed25519 公钥 32 字节的 base64url 文本（43 个字符）。请按对接说明第 1 节导出。"
        )
    return tidy
