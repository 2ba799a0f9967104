"""The door for the key holders: what is wanted of them, their keys, their shares.

Each statement is signed with the key under which the holder is set up here (HOLDERS_FILE).  A recorded
statement that comes again can do no harm, so no nonce is remembered: `work` changes nothing, and what it
answers whoever recorded it could read then (it counts for five minutes only); `keys` takes the key it has and
the instant in force, no earlier one; `shares` takes back no statement that came before.
"""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from yuntai.kernel.errors import DomainError, Problem
from yuntai.standard.canonical import NotCanonical, canonical
from yuntai.trading.api.schemas import Done, Octets
from yuntai.trading.key_holders import known_holders
from yuntai.trading.opening import queries as openings
from yuntai.trading.opening.services import take_release
from yuntai.trading.tenders.drafting import KeyStatement
from yuntai.trading.tenders.queries import lots_wanting_keys
from yuntai.trading.tenders.refusals import UnknownHolder
from yuntai.trading.tenders.services import note_holder_key
from yuntai.trust import clock, signing
from yuntai.trust.base64url import base64url, from_base64url

router = Router(tags=["holders"])
SKEW = timedelta(minutes=5)
REFUSED = {403: Problem, 404: Problem, 409: Problem, 422: Problem}


class MalformedStatement(DomainError):
    """A field of the signed statement is missing or wrong."""

    code = "malformed-statement"
    status = 422


class SignedStatement(Schema):
    """A holder's word: `signature` is Ed25519 over the canonical JSON of `statement`."""

    statement: dict[str, Any]
    signature: Octets


class Work(Schema):
    """What is wanted of one holder now."""

    keys_wanted: list[dict[str, Any]]
    shares_wanted: list[dict[str, Any]]


@router.post("/work", response={200: Work, **REFUSED}, operation_id="holderWork", summary="询问待办")
def work(request: HttpRequest, payload: SignedStatement) -> Status[Work]:
    """Tell a holder which keys and shares are wanted."""
    letter = _letter_of(payload)
    if abs(clock.now() - _instant(payload, "issued_at")) > SKEW:
        raise MalformedStatement("issued_at 与本系统时间相差超过 5 分钟。请校准保管方的时钟。")
    keys = [
        {
            "lot": lot.code,
            "tender": lot.tender.code,
            "suite": lot.tender.suite,
            "opens_at": lot.tender.bids_due_at,
        }
        for lot in lots_wanting_keys(letter)
    ]
    shares = [
        {
            "lot": close.lot.code,
            "tender": close.lot.tender.code,
            "close": {"statement": close.statement, "signature": close.signature},
            "envelopes": openings.closed_headers(close.lot),
        }
        for close in openings.closes_wanting(letter)
    ]
    return Status(200, Work(keys_wanted=keys, shares_wanted=shares))


@router.post("/keys", response={201: Done, **REFUSED}, operation_id="holderKey", summary="提供标段公钥")
def keys(request: HttpRequest, payload: SignedStatement) -> Status[Done]:
    """Take in a holder's public key for a lot."""
    letter, now = _letter_of(payload), clock.now()
    told = KeyStatement(
        lot_code=_text(payload, "lot"),
        letter=letter,
        holder_name=known_holders()[letter]["name"],
        public_key=_octets(_text(payload, "public_key")),
        opens_at=_instant(payload, "opens_at"),
        statement=payload.model_dump(mode="json"),
    )
    note_holder_key(told=told, now=now)
    return Status(201, Done(at=now))


@router.post("/shares", response={201: Done, **REFUSED}, operation_id="holderShares", summary="释放密钥份额")
def shares(request: HttpRequest, payload: SignedStatement) -> Status[Done]:
    """Take in a holder's shares for a closed lot."""
    letter, now = _letter_of(payload), clock.now()
    given = payload.statement.get("shares")
    if not isinstance(given, dict) or not all(isinstance(each, str | None) for each in given.values()):
        raise MalformedStatement(
            "声明的 shares 须为信封编号到份额（文本或 null）的对照表。请按接口文档填写。"
        )
    take_release(
        lot_code=_text(payload, "lot"),
        letter=letter,
        statement=payload.statement,
        signature=base64url(payload.signature),
        now=now,
    )
    return Status(201, Done(at=now))


def _letter_of(payload: SignedStatement) -> str:
    """Return who signed `payload`, checked."""
    letter = str(payload.statement.get("holder", ""))
    known = known_holders().get(letter)
    try:
        signed = canonical(payload.statement)
    except NotCanonical as error:
        raise MalformedStatement(str(error)) from error
    if known is None or not signing.is_valid(_octets(known["public_key"]), signed, payload.signature):
        raise UnknownHolder(f"保管方 {letter[:1]} 未在本系统登记，或签名不符。请核对密钥。")
    return letter


def _text(payload: SignedStatement, name: str) -> str:
    value = payload.statement.get(name)
    if not isinstance(value, str):
        raise MalformedStatement(f"声明缺少 {name}。请按接口文档填写。")
    return value


def _instant(payload: SignedStatement, name: str) -> datetime:
    try:
        return TypeAdapter(AwareDatetime).validate_python(_text(payload, name))
    except ValidationError as error:
        raise MalformedStatement(f"声明中的 {name} 不是带时区的时刻。") from error


def _octets(text: str) -> bytes:
    try:
        return from_base64url(text)
    except ValueError as error:
        raise MalformedStatement("声明中的二进制字段须为 base64url。") from error
