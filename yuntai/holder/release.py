"""Decides whether a holder releases its shares of a closed bid set.  Touches neither disk nor network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from yuntai.holder.home import LotKey
from yuntai.holder.wire import CloseStatement, SharesWanted, beijing
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
        raise NoSuchLot(
            f"本方没有为招标项目 {wanted.tender} 的这个标段生成过密钥。请核对标段编号和保管方目录。"
        )
    if now < key.opens_at:
        raise TooEarly(f"按本方记录，{beijing(key.opens_at)} 开标，时间未到。请到时再执行。")
    close = _signed_close(wanted, trading_key)
    headers = _headers(wanted)
    if key.released_root not in ("", close.root):
        raise WrongSet(f"本方已为另一组密封包释放过份额，其根是 {key.released_root}。一个标段只释放一次。")
    root = merkle.root(_leaves(headers)).hex()
    if root != close.root or len(headers) != close.count:
        raise WrongSet(
            f"收到 {len(headers)} 个密封包，其根是 {root}；封标的是 {close.count} 个，其根是 {close.root}。"
            "两者不是同一组，请向交易系统运营机构查问。"
        )
    shares = {_name(header): _share(header, letter, key.private_key) for header in headers}
    return Release(root=root, shares=shares)


def _signed_close(wanted: SharesWanted, trading_key: bytes) -> CloseStatement:
    if not wanted.close.is_signed_by(trading_key):
        raise CloseNotSigned("封标声明不是由交易系统签名的。请核对 --trading-key 给出的公钥。")
    try:
        close = CloseStatement.model_validate(wanted.close.statement)
    except ValidationError as error:
        raise CloseNotSigned("封标声明的格式不对。请向交易系统运营机构查问。") from error
    if close.lot != wanted.lot:
        raise CloseNotSigned(f"封标声明是标段 {close.lot} 的。请向交易系统运营机构查问。")
    return close


def _headers(wanted: SharesWanted) -> list[Header]:
    try:
        headers = [Header.from_json(envelope) for envelope in wanted.envelopes]
    except MalformedHeader as error:
        raise WrongSet(
            f"有一个密封包的信封头格式不对（{error.field or '整体'}）。请向交易系统运营机构查问。"
        ) from error
    for header in headers:
        if (header.context.lot, header.context.tender) != (wanted.lot, wanted.tender):
            raise WrongSet(f"密封包 {header.context.envelope_id} 是别的标段的。请向交易系统运营机构查问。")
    return headers


def _leaves(headers: Sequence[Header]) -> list[bytes]:
    try:
        return merkle.bid_set_leaves(headers)
    except ValueError as error:
        raise WrongSet("有一个密封包的同一部分出现了两次。请向交易系统运营机构查问。") from error


def _name(header: Header) -> str:
    return f"{header.context.envelope_id}:{header.context.part}"


def _share(header: Header, letter: str, private_key: bytes) -> bytes | None:
    try:
        return unwrap_share(header, letter, private_key)
    except ShareUnreadable:
        return None
