"""Decides whether a holder releases its shares of a closed bid set.  Touches neither disk nor network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from yuntai.holder.home import LotKey
from yuntai.holder.wire import CloseStatement, SharesWanted, instant
from yuntai.trust import merkle
from yuntai.trust.envelopes import Header
from yuntai.trust.faults import MalformedHeader, ShareUnreadable
from yuntai.trust.sealing import unwrap_share


class ReleaseRefused(Exception):
    """The holder keeps its shares; `str(error)` is the reason for its log."""

    code = "release-refused"


class NoSuchLot(ReleaseRefused):
    code = "no-such-lot"


class TooEarly(ReleaseRefused):
    code = "too-early"


class CloseNotSigned(ReleaseRefused):
    code = "close-not-signed"


class WrongSet(ReleaseRefused):
    """The envelopes are not the set that was closed."""

    code = "wrong-set"


@dataclass(frozen=True)
class Release:
    """shares: by "<envelope_id>:<part>"; None where the holder cannot unwrap its share."""

    root: str
    shares: Mapping[str, bytes | None]


def decide_release(
    wanted: SharesWanted, *, letter: str, key: LotKey | None, trading_key: bytes, now: datetime
) -> Release:
    """Return the shares of a lot.

    key: the holder's own record of the lot; the instant in it decides, whatever the trading system says.
    now: by the holder's own clock.

    :raises NoSuchLot: the holder made no key for this lot of this tender.
    :raises TooEarly: `now` is before the recorded opening.
    :raises CloseNotSigned: the close of the set is not signed by the trading system, or names another lot.
    :raises WrongSet: the envelopes do not give the signed root, or another set was released before.
    """
    if key is None or key.tender != wanted.tender:
        raise NoSuchLot(f"no key was made for it in tender {wanted.tender}")
    if now < key.opens_at:
        raise TooEarly(f"by this holder's record it opens at {instant(key.opens_at)}, which has not come")
    close = _signed_close(wanted, trading_key)
    headers = _headers(wanted)
    if key.released_root not in ("", close.root):
        raise WrongSet(f"another set was released before, with root {key.released_root}")
    root = merkle.root(_leaves(headers)).hex()
    if root != close.root or len(headers) != close.count:
        raise WrongSet(
            f"{len(headers)} envelopes with root {root} came, but {close.count} with root"
            f" {close.root} were closed"
        )
    shares = {_name(header): _share(header, letter, key.private_key) for header in headers}
    return Release(root=root, shares=shares)


def _signed_close(wanted: SharesWanted, trading_key: bytes) -> CloseStatement:
    if not wanted.close.is_signed_by(trading_key):
        raise CloseNotSigned("the close of its bid set is not signed by the trading system")
    try:
        close = CloseStatement.model_validate(wanted.close.statement)
    except ValidationError as error:
        raise CloseNotSigned("the close of its bid set is malformed") from error
    if close.lot != wanted.lot:
        raise CloseNotSigned(f"the close is of lot {close.lot}")
    return close


def _headers(wanted: SharesWanted) -> list[Header]:
    try:
        headers = [Header.from_json(envelope) for envelope in wanted.envelopes]
    except MalformedHeader as error:
        raise WrongSet(f"an envelope's header is malformed at {error.field}") from error
    for header in headers:
        if (header.context.lot, header.context.tender) != (wanted.lot, wanted.tender):
            raise WrongSet(f"envelope {header.context.envelope_id} is of another lot")
    return headers


def _leaves(headers: Sequence[Header]) -> list[bytes]:
    try:
        return merkle.bid_set_leaves(headers)
    except ValueError as error:
        raise WrongSet(str(error)) from error


def _name(header: Header) -> str:
    return f"{header.context.envelope_id}:{header.context.part}"


def _share(header: Header, letter: str, private_key: bytes) -> bytes | None:
    try:
        return unwrap_share(header, letter, private_key)
    except ShareUnreadable:
        return None
