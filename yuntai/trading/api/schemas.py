"""What the interface takes and gives.  Amounts are text with two decimals, instants carry an offset."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field, PlainSerializer, PlainValidator, StrictBool

from yuntai.standard.fields import EnvelopeId, OrganizationCodeOrEmpty, RegionCode, Sha256
from yuntai.standard.money import YuanText
from yuntai.trading.api.fields import Matching, NearInstant, OneLine, SeveralLines
from yuntai.trading.tenders.text_rules import (
    LEAST_NOTICE,
    LONGEST_CONTACT,
    LONGEST_LINE,
    LONGEST_NOTICE,
    LONGEST_OPINION,
    LONGEST_ORIGIN,
)
from yuntai.trust.base64url import base64url, from_base64url


def _octets(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise ValueError("须为 base64url 文本")
    try:
        return from_base64url(value)
    except ValueError as error:
        raise ValueError("不是有效的 base64url 文本") from error


Octets = Annotated[
    bytes,
    PlainValidator(_octets, json_schema_input_type=str),
    PlainSerializer(base64url, return_type=str),
]
"""Bytes, base64url without padding in JSON."""


class ProjectIn(Schema):
    """An investment project.  initiator_code: only when an agency registers it."""

    name: Annotated[str, OneLine("项目名称", LONGEST_LINE)]
    region_code: RegionCode
    place: Annotated[str, OneLine("建设地点", LONGEST_LINE)]
    investment_code: Annotated[
        str, Matching("投资项目统一代码", r"[0-9A-Za-z-]{0,24}", "最多 24 位字母、数字和连字符")
    ] = ""
    initiator_code: OrganizationCodeOrEmpty = ""


class ProjectOut(Schema):
    """The registered project."""

    code: str


class AgencyIn(Schema):
    """The agency to appoint; "" ends the appointment."""

    agency_code: OrganizationCodeOrEmpty


class LotIn(Schema):
    """A lot of a tender."""

    title: Annotated[str, OneLine("标段名称", LONGEST_LINE)]
    estimated_yuan: YuanText
    ceiling_price_yuan: YuanText | None = None


class TenderIn(Schema):
    """A tender to draft."""

    project_code: Annotated[
        str, Matching("投资项目编号", r"[0-9A-Za-z][0-9A-Za-z-]{0,49}", "1 至 50 位字母、数字和连字符")
    ]
    title: Annotated[str, OneLine("招标项目名称", LONGEST_LINE)]
    procedure_code: Annotated[
        str, Matching("交易流程代码", r"[a-z][a-z0-9._-]{0,49}", "1 至 50 位小写字母、数字、点和连字符")
    ]
    must_tender: StrictBool
    bids_due_at: NearInstant
    contact: Annotated[str, OneLine("联系人和电话", LONGEST_CONTACT)]
    lots: Annotated[list[LotIn], Field(min_length=1, max_length=99)]
    suite: Literal["", "international-1", "national-1"] = ""
    demonstration: StrictBool = False
    origin: Annotated[str, OneLine("演示数据来源", LONGEST_ORIGIN, least=0)] = ""


class TenderOut(Schema):
    """A tender and its lots' codes."""

    code: str
    lots: list[str]


class DocumentOut(Schema):
    """A stored tender document."""

    name: str
    sha256: Sha256
    size: int


class NoticeIn(Schema):
    """The text of a notice."""

    text: Annotated[str, SeveralLines("公告正文", LONGEST_NOTICE, LEAST_NOTICE)]


class DeadlineIn(Schema):
    """The deadline that a draft gets instead of its own: a later one."""

    bids_due_at: NearInstant


class HolderOut(Schema):
    """A holder's public key for a lot."""

    letter: str
    name: str
    public_key: Octets
    statement: dict[str, Any]


class LotOut(Schema):
    """What a bid tool needs to seal a bid, and where the lot stands."""

    tender_code: str
    code: str
    title: str
    documents_sha256: str
    suite: str
    bids_due_at: AwareDatetime
    ceiling_price_yuan: Decimal | None
    stage: str
    final_status: str
    milestones: dict[str, AwareDatetime]
    holders: list[HolderOut]


class SubmitIn(Schema):
    """A sealed bid's header and the owner key's signature over "yuntai-submit-v1|" + its digest."""

    header: dict[str, Any]
    signature: Octets


class WithdrawIn(Schema):
    """The owner key's signature over "yuntai-withdraw-v1|" + the header's digest."""

    envelope_id: EnvelopeId
    signature: Octets


class ReceiptOut(Schema):
    """The signed receipt: keep it, it proves what was handed in and when."""

    statement: dict[str, Any]
    signature: str


class EvaluationIn(Schema):
    """An expert's confirmation of the computed result."""

    opinion: Annotated[str, SeveralLines("评审意见", LONGEST_OPINION, least=0)] = ""


class CandidatesIn(Schema):
    """The end of the standstill."""

    closes_at: NearInstant


class ContractOut(Schema):
    """The contract: `sha256` of `text`; each side signs `to_sign`."""

    code: str
    text: str
    sha256: str
    to_sign: str
    signed_by: list[str]


class SignatureIn(Schema):
    """A person's certificate (DER) and raw r||s signature."""

    certificate: Octets
    signature: Octets


class Done(Schema):
    """The act is done."""

    at: AwareDatetime
