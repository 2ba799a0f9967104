"""Is a lot, as its trading system tells it, the lot of the published notice?

Whoever controls the trading server could name one early deadline to bidder and holders alike, and read the
bids from that instant on.  So the deadline is held against the notice as the public service platform shows
it, or as a person read it there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from yuntai.bidtool.lots import PublishedLot
from yuntai.bidtool.refusals import NotAsPublished, UnexpectedAnswer
from yuntai.bidtool.session import Session
from yuntai.law.days import SHANGHAI
from yuntai.standard.messages import (
    MESSAGE_TYPES,
    InvalidMessage,
    Message,
    TenderNoticePublished,
    TenderResumed,
    UnknownMessageType,
    parse,
)
from yuntai.trust.base64url import from_base64url

DEADLINE_SETTING = (TenderNoticePublished, TenderResumed)


@dataclass(frozen=True)
class ShownNotice:
    """What the public sees of a lot.

    bids_due_at: the deadline in force.  holder_keys: P-256 points by letter.
    """

    bids_due_at: datetime
    documents_sha256: str
    holder_keys: Mapping[str, bytes]


def shown_notice(session: Session, lot: PublishedLot) -> ShownNotice:
    """Ask the public service platform of `session` for the notice of `lot`; no login is needed.

    :raises Refused: the platform shows no such tender.
    :raises UnexpectedAnswer: it shows no notice of it, or answers something else than signed messages.
    """
    told = _messages(session, lot.tender_code)
    notices = [message for message in told if isinstance(message, TenderNoticePublished)]
    if not notices:
        raise UnexpectedAnswer(
            f"{session.url} 上没有 {lot.tender_code} 的招标公告，不能核对。请核对平台地址。"
        )
    in_force = [message for message in told if isinstance(message, DEADLINE_SETTING)][-1]
    return ShownNotice(
        in_force.bids_due_at,
        notices[-1].documents_sha256,
        {
            holder.letter: from_base64url(holder.public_key)
            for holder in notices[-1].holders
            if holder.lot_code == lot.code
        },
    )


def check_notice(lot: PublishedLot, shown: ShownNotice) -> None:
    """Check deadline, documents and holders' keys of `lot` against what the public sees.

    :raises NotAsPublished: one of them differs.
    """
    check_deadline(lot, shown.bids_due_at)
    if lot.documents_sha256 != shown.documents_sha256:
        raise NotAsPublished(
            f"{lot.code} 的招标文件摘要与公告的不同，不能密封。"
            "请用 yuntai bid prepare 在新文件夹重新获取标段信息。"
        )
    if dict(lot.holder_keys) != dict(shown.holder_keys):
        raise NotAsPublished(
            f"{lot.code} 的开标公钥与公告的不同，公钥可能被替换，不能密封。请向各保管方核实。"
        )


def check_deadline(lot: PublishedLot, published: datetime) -> None:
    """Check that the trading system named the deadline of the notice.

    :raises NotAsPublished: it named another.
    """
    if lot.bids_due_at != published:
        raise NotAsPublished(
            f"公告的投标截止时间是 {beijing(published)}，标段信息写的是 {beijing(lot.bids_due_at)}，"
            "两者须一致，已停止办理。请用 yuntai bid prepare 在新文件夹重新获取标段信息；"
            "仍不一致的，向监督部门反映。"
        )


def beijing(instant: datetime) -> str:
    """Return the instant as the notice writes it; to the second, so that no difference is hidden."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}（北京时间）"


def _messages(session: Session, tender_code: str) -> list[Message]:
    """Return notices and resumptions of a tender, oldest first."""
    answer = session.get(f"/api/v1/tenders/{tender_code}/messages")
    try:
        bodies = [each["payload"]["body"] for each in answer]
        told = [parse(body) for body in bodies if MESSAGE_TYPES.get(body["type"]) in DEADLINE_SETTING]
    except (KeyError, TypeError, InvalidMessage, UnknownMessageType) as error:
        raise UnexpectedAnswer(
            f"{session.url} 的答复不是项目的报文，不能核对公告。请核对平台地址。"
        ) from error
    return sorted(told, key=lambda message: message.occurred_at)
