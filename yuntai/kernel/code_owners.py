"""Whose code is it?  Construction codes carry the number of the trading system that issued them.

Codes of other forms are other vendors' and carry no owner; of those, who speaks first keeps them.
"""

from collections.abc import Iterator, Mapping

from yuntai.kernel.peers import Peer
from yuntai.standard.identifiers import construction_codes
from yuntai.standard.identifiers.construction_codes import BadConstructionCode
from yuntai.standard.messages import Message

ISSUERS = frozenset({"trading", "connected"})


def why_not_own(message: Message, author: Peer, systems: Mapping[str, Peer]) -> str:
    """Return why `author` may not speak under a code in `message`, one Chinese sentence; "" when it may.

    Only who issues codes is asked: an authority speaks of the tenders of others.  A system with a number of
    its own uses that number; one without uses nobody else's.
    """
    if author.kind not in ISSUERS:
        return ""
    owners = {system.platform_number: system for system in systems.values() if system.platform_number}
    for code in _codes(message):
        number = _number_of(code)
        owner = owners.get(number)
        if number and number != author.platform_number and (owner is not None or author.platform_number):
            whose = f"属于 {owner.code}" if owner else "没有分配给任何系统"
            own = author.platform_number or "未分配"
            return (
                f"编号 {code} 中的平台编号 {number} {whose}，{author.code} 的平台编号是 {own}。"
                "请改用本系统编制的编号后另发新报文。"
            )
    return ""


def _codes(message: Message) -> Iterator[str]:
    for name in ("project_code", "tender_code", "lot_code"):
        yield getattr(message, name, "")
    for lot in getattr(message, "lots", ()):
        yield lot.lot_code


def _number_of(code: str) -> str:
    try:
        return construction_codes.platform_number_of(code)
    except BadConstructionCode:
        return ""
