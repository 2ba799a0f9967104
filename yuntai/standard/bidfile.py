"""The inside of a sealed bid: the bid form, its files and the bidder's signature, as one CBOR map.

Whose the certificates are, and whether the signature is theirs, the caller checks with `trust.certificates`:
`BidFile.signed` are the bytes it must be over.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import cbor2
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from yuntai.standard.bidfile_reader import KEYS, MOST_FILES, BidParts, NotABidFile, read_parts
from yuntai.standard.canonical import NotCanonical, canonical
from yuntai.standard.fields import Code, Instant, Line, OrganizationCode, Text
from yuntai.standard.messages.problems import problems_of
from yuntai.standard.money import YuanText
from yuntai.trust.sealing import Context

LONGEST_FILE_NAME = 120


class BidFileError(ValueError):
    """The content is no bid file, or not one of this tender.  code: stable, kebab-case."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


class BidForm(BaseModel):
    """What is read out at the opening.

    duration_days: calendar days.  project_lead: name of the project manager (项目负责人).
    quality: the quality promised (质量承诺).  made_at: by the clock of the bidder's device.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tender_code: Code
    lot_code: Code
    bidder_code: OrganizationCode
    bidder_name: Line
    price_yuan: YuanText
    duration_days: int = Field(gt=0, le=36_500)
    project_lead: Line
    quality: Line
    note: Text = ""
    made_at: Instant

    @field_validator("price_yuan")
    @classmethod
    def _price_is_positive(cls, price: YuanText) -> YuanText:
        if price <= 0:
            raise ValueError("投标报价须大于 0")
        return price


@dataclass(frozen=True)
class BidFile:
    """An unpacked bid.  certificates: DER, the signer's first.  signed: the bytes the signature is over."""

    form: BidForm
    files: Mapping[str, bytes]
    certificates: tuple[bytes, ...]
    signature: bytes
    signed: bytes


def pack(
    form: BidForm,
    files: Mapping[str, bytes],
    *,
    context: Context,
    certificates: Sequence[bytes],
    sign: Callable[[bytes], bytes],
) -> bytes:
    """Sign and pack a bid, ready to be sealed.

    files: by name, kept in this order.  sign: the bidder's certificate key over the bytes it is given.

    :raises BidFileError: the form is for another tender, a file name will not do, there are too many files,
        or no certificate is given.
    """
    form_bytes = canonical(form.model_dump(mode="json"))
    _check_place(form, context)
    _check_file_names(files)
    if not certificates:
        raise BidFileError("bid-file-unsigned", "投标文件须附签名证书，请插入数字证书后重新签名。")
    signature = sign(signed_bytes(context, form_bytes, files))
    content = dict(zip(KEYS, (form_bytes, dict(files), list(certificates), signature), strict=True))
    return cbor2.dumps(content)


def unpack(content: bytes, context: Context) -> BidFile:
    """Read a bid out of an opened envelope, and check all but the certificate and the signature.

    :raises BidFileError: the structure, the form or a file name is wrong, or the form is for another tender.
    """
    parts = _read_parts(content)
    form = _read_form(parts.form)
    _check_place(form, context)
    _check_file_names(parts.files)
    signed = signed_bytes(context, parts.form, parts.files)
    return BidFile(form, parts.files, parts.certificates, parts.signature, signed)


def signed_bytes(context: Context, form: bytes, files: Mapping[str, bytes]) -> bytes:
    """Return what the bidder signs: the envelope's context, and the hashes of the form and of each file."""
    return canonical(
        {
            "context": context.encode().hex(),
            "form_sha256": sha256(form).hexdigest(),
            "files": {name: sha256(file).hexdigest() for name, file in files.items()},
        }
    )


def _read_parts(content: bytes) -> BidParts:
    try:
        parts = read_parts(content)
    except NotABidFile as error:
        raise BidFileError(
            "bid-file-malformed",
            f"投标文件包结构不符合接口标准（附件至多 {MOST_FILES} 个），须用合标的投标工具重新生成。",
        ) from error
    if not parts.certificates:
        raise BidFileError("bid-file-malformed", "投标文件包内没有签名证书，须用合标的投标工具重新生成。")
    return parts


def _read_form(form: bytes) -> BidForm:
    try:
        read = BidForm.model_validate_json(form, strict=True)
        one_form = canonical(json.loads(form)) == form
    except ValidationError as error:
        problems = "；".join(map(str, problems_of(error)))
        raise BidFileError("bid-form-invalid", f"投标函内容不符合接口标准：{problems}。") from error
    except NotCanonical as error:
        raise BidFileError("bid-form-invalid", f"投标函无法核对：{error}。") from error
    if not one_form:
        raise BidFileError("bid-form-invalid", "投标函不是规范 JSON（RFC 8785），无法核对签名，须重新生成。")
    return read


def _check_place(form: BidForm, context: Context) -> None:
    if (form.tender_code, form.lot_code) != (context.tender, context.lot):
        raise BidFileError(
            "bid-form-of-another-lot",
            f"投标函填写的是 {form.tender_code} 的标段 {form.lot_code}，而密封所属为 {context.tender} 的标段 "
            f"{context.lot}，两者须一致。",
        )


def _check_file_names(files: Mapping[str, bytes]) -> None:
    if len(files) > MOST_FILES:
        raise BidFileError(
            "bid-file-too-many", f"附件共 {len(files)} 个，上限为 {MOST_FILES} 个，请合并后重新打包。"
        )
    for name in files:
        plain = name.isprintable() and name == name.strip() and not name.startswith(".")
        if not plain or any(mark in name for mark in '/\\:*?"<>|') or not 0 < len(name) <= LONGEST_FILE_NAME:
            raise BidFileError(
                "bid-file-name",
                f"附件名“{name[:LONGEST_FILE_NAME]}”无效：须为 1 至 {LONGEST_FILE_NAME} 个字符，"
                '不得以点开头，不得含 / \\ : * ? " < > |，请改名后重新打包。',
            )
