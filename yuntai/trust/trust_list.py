"""The city's signed list of recognised CAs (互认名单): who was trusted, and when.

A version is JSON of the form `TrustListDocument`, signed by two officers over its canonical form.  Nothing is
ever taken out: a CA that is no longer trusted stays with its history, so that a signature of long ago
can still be judged by what held then.  Idea: ETSI TS 119 612.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, Self

import rfc8785
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from yuntai.trust import signing
from yuntai.trust.base64url import base64url, from_base64url
from yuntai.trust.chains import Certificate, read_trusted
from yuntai.trust.keys import Algorithm
from yuntai.trust.profiles import BASIC, PLACE_PATTERN, Profile
from yuntai.trust.refusals import CertificateRefused

SIGNATURES_NEEDED = 2
# How long after its end an old list still serves for logins; acts that rest on a certificate stop at its end.
LOGIN_GRACE = timedelta(hours=72)

Place = Annotated[str, Field(pattern=PLACE_PATTERN)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=500)]


class TrustListRefused(Exception):
    """A trust list is not taken over; `str(error)` is one Chinese sentence for the officer."""

    code = "trust-list-refused"


class TrustListExpired(TrustListRefused):
    code = "trust-list-expired"


class Status(StrEnum):
    """How a CA stands; each lasts until the next."""

    RECOGNISED = "recognised"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


STATUS_NAMES = {Status.RECOGNISED: "互认", Status.SUSPENDED: "暂停互认", Status.WITHDRAWN: "退出互认"}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Period(_Part):
    """A status and the instant it began."""

    status: Status
    since: AwareDatetime


class Entry(_Part):
    """One CA in one service.

    certificates: its roots and issuing certificates, base64url of DER; none is ever taken out.
    status, status_since: how it stands; history: how it stood before, oldest first.
    fields: where its certificates name person and organization.
    algorithms: what persons' keys may be.
    crl, ocsp: where to ask whether a certificate was revoked; at least one address.
    policies: certificate policies that count, as object identifiers; empty: all.
    regions: six-digit codes of where it is recognised; empty: everywhere.
    """

    ca: Text
    service: Literal["sign", "encrypt", "tsa", "ocsp"]
    certificates: tuple[str, ...] = Field(min_length=1)
    status: Status
    status_since: AwareDatetime
    history: tuple[Period, ...] = ()
    algorithms: tuple[Algorithm, ...] = Field(min_length=1)
    fields: Annotated[dict[str, Place], Field(min_length=4, max_length=4)]
    policies: tuple[Text, ...] = ()
    crl: tuple[Url, ...] = ()
    ocsp: tuple[Url, ...] = ()
    regions: tuple[Annotated[str, Field(pattern=r"^\d{6}$")], ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if any(later.since <= earlier.since for earlier, later in pairwise(self.timeline)):
            raise ValueError("history must be in order of time and end before status_since")
        if not self.crl and not self.ocsp:
            raise ValueError("crl or ocsp must have an address")
        if set(self.fields) != set(Profile.__dataclass_fields__):
            raise ValueError(f"fields must be {', '.join(Profile.__dataclass_fields__)}")
        for certificate in self.certificates:
            if not _belongs_to_a_ca(certificate):
                raise ValueError("certificates must be certificates of a CA, base64url of DER")
        return self

    @property
    def timeline(self) -> tuple[Period, ...]:
        return (*self.history, Period(status=self.status, since=self.status_since))

    def period_at(self, at: datetime) -> Period | None:
        """Return the status that held at `at`; None before the CA stood in the list."""
        begun = [period for period in self.timeline if period.since <= at]
        return begun[-1] if begun else None


class TrustListDocument(_Part):
    """scheme: whose list, in Chinese.  seq: grows by every version.  next_update: when this one lapses."""

    format: Literal["yuntai-trust-list-v1"]
    scheme: Text
    seq: Annotated[int, Field(ge=1, strict=True)]
    issued: AwareDatetime
    next_update: AwareDatetime
    entries: tuple[Entry, ...]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.next_update <= self.issued:
            raise ValueError("next_update must lie after issued")
        if len({(entry.ca, entry.service) for entry in self.entries}) != len(self.entries):
            raise ValueError("a CA must stand in a service once")
        return self


class TrustedCa(_Part):
    """What `identify` asks of one CA.

    asks_revocation: False for bare roots, and where nobody may wait for a CA.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    name: str
    certificates: tuple[Certificate, ...]
    algorithms: frozenset[Algorithm]
    profile: Profile
    policies: frozenset[str]
    entry: Entry | None
    asks_revocation: bool


class TrustList(_Part):
    """A list whose signatures were checked, or bare roots that stand for one in a sandbox.

    signed: the document with its signatures, to hand on; {} for bare roots.
    """

    document: TrustListDocument | None
    cas: tuple[TrustedCa, ...]
    signed: dict[str, object]

    @property
    def seq(self) -> int:
        return self.document.seq if self.document else 0

    def without_revocation(self) -> "TrustList":
        """Return the list for whoever may not wait for a CA: nobody is asked what was revoked."""
        cas = tuple(ca.model_copy(update={"asks_revocation": False}) for ca in self.cas)
        return self.model_copy(update={"cas": cas})

    def check_serves_acts(self, now: datetime) -> None:
        """:raises TrustListExpired: the list has lapsed, so nothing new may rest on a certificate."""
        self._check_until(now, timedelta(0), "不能再凭证书办理新的操作")

    def check_serves_logins(self, now: datetime) -> None:
        """:raises TrustListExpired: the list lapsed more than 72 hours ago."""
        self._check_until(now, LOGIN_GRACE, "不能再凭证书登录")

    def _check_until(self, now: datetime, grace: timedelta, consequence: str) -> None:
        if self.document is not None and now > self.document.next_update + grace:
            raise TrustListExpired(
                f"证书互认名单第 {self.seq} 版已于 {self.document.next_update:%Y-%m-%d} 到期，{consequence}；"
                "请联系平台更新名单。"
            )


def bare_roots(roots: Sequence[bytes]) -> TrustList:
    """Return roots (PEM or DER) as a list without names, history or revocation: a sandbox's."""
    ca = TrustedCa(
        name="",
        certificates=tuple(map(read_trusted, roots)),
        algorithms=frozenset(Algorithm),
        profile=BASIC,
        policies=frozenset(),
        entry=None,
        asks_revocation=False,
    )
    return TrustList(document=None, cas=(ca,), signed={})


def read_trust_list(signed: object, officers: Mapping[str, bytes]) -> TrustList:
    """Read a signed version: {"list": document, "signatures": [{"officer", "signature": base64url}]}.

    officers: Ed25519 public keys of those who may sign, by name.

    :raises TrustListRefused: not of the form, or not signed by two different officers.
    """
    values = signed if isinstance(signed, dict) else {}
    if set(values) != {"list", "signatures"} or not isinstance(values["signatures"], list):
        raise TrustListRefused("互认名单文件的格式不正确：应有 list 和 signatures 两项；请重新下载名单。")
    _check_signatures(values["list"], values["signatures"], officers)
    try:
        document = TrustListDocument.model_validate(values["list"])
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"])) or "list"
        raise TrustListRefused(
            f"互认名单的 {place} 不符合要求（{error.errors()[0]['msg']}）；请由名单管理员更正后重新签发。"
        ) from error
    cas = tuple(_ca(entry) for entry in document.entries if entry.service == "sign")
    return TrustList(document=document, cas=cas, signed=values)


def succeed(current: TrustList, signed: object, officers: Mapping[str, bytes]) -> TrustList:
    """Take over a newer version in place of `current`.

    :raises TrustListRefused: as `read_trust_list`; or its seq has not grown, or it takes out a CA or
        a certificate, or tells another past than `current`.
    """
    newer = read_trust_list(signed, officers)
    if newer.seq <= current.seq:
        raise TrustListRefused(
            f"互认名单的序号必须大于现用的第 {current.seq} 版，收到的是第 {newer.seq} 版；请下载最新名单。"
        )
    if current.document is None or newer.document is None:
        return newer
    if newer.document.issued < current.document.issued:
        raise TrustListRefused("互认名单的签发时间早于现用版本；请由名单管理员核对后重新签发。")
    successors = {(entry.ca, entry.service): entry for entry in newer.document.entries}
    for entry in current.document.entries:
        _check_keeps_the_past(entry, successors.get((entry.ca, entry.service)))
    return newer


def to_sign(document: object) -> bytes:
    """Return the bytes officers sign: the document's canonical JSON (RFC 8785), behind what they are for."""
    return b"yuntai-trust-list-v1|" + rfc8785.dumps(document)  # type: ignore[arg-type]


def sign_trust_list(document: TrustListDocument, keys: Mapping[str, bytes]) -> dict[str, object]:
    """Return a version signed by these officers: in a sandbox; in a city each signs on an own device.

    keys: Ed25519 private keys, by the officer's name.
    """
    content = document.model_dump(mode="json")
    signatures = [
        {"officer": officer, "signature": base64url(signing.sign(key, to_sign(content)))}
        for officer, key in keys.items()
    ]
    return {"list": content, "signatures": signatures}


def _check_signatures(document: object, signatures: Sequence[object], officers: Mapping[str, bytes]) -> None:
    try:
        data = to_sign(document)
    except (ValueError, TypeError, RecursionError) as error:
        raise TrustListRefused("互认名单含有不能规范化的内容；请重新下载名单。") from error
    keys = {_signer(signature, data, officers) for signature in signatures}
    if len(keys) < SIGNATURES_NEEDED:
        raise TrustListRefused(
            f"互认名单须由 {SIGNATURES_NEEDED} 名管理员签名，现有 {len(keys)} 名；请补齐签名后再导入。"
        )


def _signer(signature: object, data: bytes, officers: Mapping[str, bytes]) -> bytes:
    """Return the officer's key: two names with one key are one officer."""
    values = signature if isinstance(signature, dict) else {}
    key = officers.get(str(values.get("officer", "")))
    try:
        good = key is not None and signing.is_valid(key, data, from_base64url(str(values["signature"])))
    except (KeyError, ValueError):
        good = False
    if key is None or not good:
        raise TrustListRefused("互认名单上有一个签名无效，或不是本市名单管理员所签；名单未采用，请重新下载。")
    return key


def _check_keeps_the_past(old: Entry, new: Entry | None) -> None:
    if new is None:
        raise TrustListRefused(f"新名单缺少发证机构“{old.ca}”；机构只能改为退出互认，不能删去。")
    if new.timeline[: len(old.timeline)] != old.timeline:
        raise TrustListRefused(
            f"新名单改动了发证机构“{old.ca}”以往的互认状态；以往的状态只能续写，不能改写。"
        )
    if not set(old.certificates) <= set(new.certificates):
        raise TrustListRefused(
            f"新名单删去了发证机构“{old.ca}”的证书；以往的签名须能继续验证，证书不能删去。"
        )


def _ca(entry: Entry) -> TrustedCa:
    return TrustedCa(
        name=entry.ca,
        certificates=tuple(read_trusted(from_base64url(encoded)) for encoded in entry.certificates),
        algorithms=frozenset(entry.algorithms),
        profile=Profile(**entry.fields),
        policies=frozenset(entry.policies),
        entry=entry,
        asks_revocation=True,
    )


def _belongs_to_a_ca(encoded: str) -> bool:
    try:
        return read_trusted(from_base64url(encoded)).may_issue
    except (ValueError, CertificateRefused):
        return False
