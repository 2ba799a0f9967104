"""A lot as its trading system publishes it: what sealing a bid needs, and whether the keys are genuine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from yuntai.bidtool.refusals import HolderKeyNotGenuine, UnexpectedAnswer
from yuntai.bidtool.session import Session
from yuntai.law.days import SHANGHAI
from yuntai.standard.canonical import NotCanonical, canonical
from yuntai.trust import signing
from yuntai.trust.base64url import from_base64url
from yuntai.trust.sealing import HOLDERS, Context


class _Published(BaseModel):
    """Fields that a newer trading system adds are ignored, so that old tools keep working."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Holder(_Published):
    letter: str
    name: str
    public_key: str
    statement: dict[str, Any]


class _Lot(_Published):
    tender_code: str
    code: str
    title: str
    documents_sha256: str
    bids_due_at: AwareDatetime
    ceiling_price_yuan: Decimal | None
    stage: str
    final_status: str
    milestones: dict[str, AwareDatetime]
    holders: tuple[_Holder, ...]


class _KeyStatement(_Published):
    holder: str
    lot: str
    public_key: str
    opens_at: AwareDatetime


@dataclass(frozen=True)
class PublishedLot:
    """What GET /api/v1/lots/<code> says.

    ceiling_price_yuan: None when there is no ceiling.  stage: "" before the first and after the last.
    holder_keys: P-256 points by letter.  document: the answer as received, to be kept.
    """

    tender_code: str
    code: str
    title: str
    documents_sha256: str
    bids_due_at: datetime
    ceiling_price_yuan: Decimal | None
    stage: str
    final_status: str
    milestones: Mapping[str, datetime]
    holder_keys: Mapping[str, bytes]
    document: dict[str, Any]

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Read the decoded answer.

        :raises UnexpectedAnswer: it is not of the published form, or a holder's key is missing.
        """
        try:
            lot = _Lot.model_validate(document)
            keys = {holder.letter: from_base64url(holder.public_key) for holder in lot.holders}
        except (ValidationError, ValueError) as error:
            raise UnexpectedAnswer(
                "标段信息不符合接口标准，无法据以密封。请核对系统地址和标段编号。"
            ) from error
        if set(keys) != set(HOLDERS):
            raise UnexpectedAnswer(f"{lot.code} 的保管方公钥不齐全（应有 {'、'.join(HOLDERS)}），不能密封。")
        return cls(
            **{name: getattr(lot, name) for name in _Lot.model_fields if name != "holders"},
            holder_keys=keys,
            document=document,
        )

    def context(self, envelope_id: str) -> Context:
        """Return what an envelope with a bid for this lot is bound to."""
        return Context(self.tender_code, self.code, "bid", self.documents_sha256, envelope_id)

    def check_holders(self, known: Mapping[str, bytes], *, due_at: datetime) -> None:
        """Check that each published key was made by its holder for this lot, and opens nothing early.

        known: Ed25519 public key of each holder by letter, from somewhere else than this trading system.
        due_at: the deadline as the bidder read it in the notice: a system that names an early one to the
        holders names the same one here.

        :raises HolderKeyNotGenuine: a signature, lot or key does not fit, or the deadline comes later.
        """
        for holder in _Lot.model_validate(self.document).holders:
            statement = _signed_statement(holder, known)
            if (statement.holder, statement.lot) != (holder.letter, self.code):
                raise HolderKeyNotGenuine(
                    f"保管方 {holder.letter} 的公钥声明不是为 {self.code} 作出的，不能密封。"
                )
            if statement.public_key != holder.public_key:
                raise HolderKeyNotGenuine(
                    f"{self.code} 公布的 {holder.letter} 公钥与保管方签名声明的不同，不能密封。"
                )
            if statement.opens_at < max(self.bids_due_at, due_at):
                opens = statement.opens_at.astimezone(SHANGHAI)
                raise HolderKeyNotGenuine(
                    f"保管方 {holder.letter} 声明 {opens:%Y-%m-%d %H:%M} 起可释放份额，早于投标截止时间，"
                    "不能密封。请对照公共服务平台上的公告核对截止时间；刚推迟过的，稍后重新获取标段信息。"
                )


def published_lot(session: Session, code: str) -> PublishedLot:
    """Ask the trading system of `session` for the lot `code`; no login is needed."""
    document = session.get(f"/api/v1/lots/{code}")
    if not isinstance(document, dict):
        raise UnexpectedAnswer(f"{session.url} 的答复不是标段信息。请核对系统地址。")
    return PublishedLot.from_json(document)


def _signed_statement(holder: _Holder, known: Mapping[str, bytes]) -> _KeyStatement:
    try:
        said = holder.statement["statement"]
        signature = from_base64url(holder.statement["signature"])
        genuine = signing.is_valid(known[holder.letter], canonical(said), signature)
        statement = _KeyStatement.model_validate(said)
    except (KeyError, TypeError, ValueError, NotCanonical) as error:
        raise HolderKeyNotGenuine(f"保管方 {holder.letter} 的公钥声明不完整或无从核对，不能密封。") from error
    if not genuine:
        raise HolderKeyNotGenuine(
            f"保管方 {holder.letter} 的公钥声明签名不符，公钥可能被替换，不能密封。请向该保管方核实。"
        )
    return statement
