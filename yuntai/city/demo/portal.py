"""What the public service platform publishes of a tender: the trading system's own signed messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from yuntai.bidtool import Refused
from yuntai.city.demo.archive import public_key_of
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.waiting import wait_for
from yuntai.standard.envelope import SignedMessage, verify
from yuntai.standard.messages import Message, parse

Kind = TypeVar("Kind", bound=Message)


@dataclass(frozen=True)
class Published:
    """The messages of one tender as the platform shows them.  forged: how many do not verify."""

    messages: Sequence[Message]
    forged: int = 0

    def all_of(self, kind: type[Kind]) -> list[Kind]:
        """Return the messages of one kind, in the order they came."""
        return [message for message in self.messages if isinstance(message, kind)]


def published(cast: Cast, tender_code: str) -> Published:
    """Return what the platform shows of a tender now; nothing before its notice came."""
    try:
        listed = cast.visitor(cast.platform).get(f"/api/v1/tenders/{tender_code}/messages")
    except Refused as refusal:
        if refusal.status == 404:
            return Published(())
        raise
    signed = [SignedMessage.model_validate(each) for each in listed]
    key = public_key_of(cast.city.folder.peers_file, cast.trading)
    genuine = [each for each in signed if verify(each, key)]
    return Published([parse(each.payload.body) for each in genuine], len(signed) - len(genuine))


def wait_until_published(cast: Cast, tender_code: str, kind: type[Kind]) -> Kind:
    """Return the first message of `kind` about a tender, once the platform shows it."""

    def look() -> Kind | None:
        return next(iter(published(cast, tender_code).all_of(kind)), None)

    return wait_for(f"公共服务平台公布 {tender_code} 的 {kind.__name__}", look)
