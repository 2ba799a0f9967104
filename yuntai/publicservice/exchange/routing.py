"""Who may send which message through the hub, and who else gets it: one table, read from the top.

Leaves out how a message travels (kernel outbox) and what a receiver makes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from yuntai.kernel.peers import Peer
from yuntai.standard.messages import Message, ResumptionDirected, SuspensionDirected, type_of


class Audience(Enum):
    """Who gets a message beside the platform."""

    NOBODY = "nobody further"
    SUPERVISION_OF_INDUSTRY = "every supervision system of the sender's industry"
    TARGET_SYSTEM = "the trading system that the directive names, of the sender's industry"
    TRADING_AND_SUPERVISION = "every trading and every supervision system"


@dataclass(frozen=True)
class Route:
    """family: how the message type begins.  speakers: kinds of system that may send it."""

    family: str
    speakers: frozenset[str]
    audience: Audience


# The first row whose family fits decides.
ROUTES = (
    Route("exchange.record.", frozenset({"trading", "connected"}), Audience.SUPERVISION_OF_INDUSTRY),
    Route("trading.tender.history-recorded.", frozenset({"trading", "connected"}), Audience.NOBODY),
    Route("trading.", frozenset({"trading"}), Audience.SUPERVISION_OF_INDUSTRY),
    Route("supervision.directive.", frozenset({"supervision"}), Audience.TARGET_SYSTEM),
    Route("supervision.warning.", frozenset({"supervision"}), Audience.NOBODY),
    Route("registry.", frozenset({"publicservice"}), Audience.TRADING_AND_SUPERVISION),
)


def route_of(message_type: str) -> Route | None:
    """Return the row that decides about `message_type`, None when no row fits."""
    return next((route for route in ROUTES if message_type.startswith(route.family)), None)


def why_not_routed(message: Message, sender: Peer, systems: Mapping[str, Peer]) -> str:
    """Return why the hub must not act on `message` of `sender`, one Chinese sentence; "" when it may.

    An authentic message may still be none of its sender's business: only an authority directs, and only
    systems of its own industry.
    """
    route = route_of(type_of(message))
    if route is None or sender.kind not in route.speakers:
        return f"{sender.code} 不是可以发送“{type_of(message)}”的系统。请核对报文类型与对接登记的系统类别。"
    if isinstance(message, SuspensionDirected | ResumptionDirected):
        target = systems.get(message.target_system)
        if target is None or target.kind != "trading":
            return f"没有代码为 {message.target_system} 的交易系统，指令无法送达。请核对 target_system。"
        if target.industry != sender.industry:
            return (
                f"{sender.code} 只能向本行业（{sender.industry}）的交易系统发指令，"
                f"{target.code} 属于 {target.industry}。请核对 target_system。"
            )
    return ""


def destinations(message: Message, industry: str, systems: Mapping[str, Peer]) -> tuple[str, ...]:
    """Return the codes of the systems that get `message`, sorted.

    industry: of its sender, "" for the platform.
    systems: the connected systems by code.  One without an address only sends, so it gets nothing.
    Precondition: `why_not_routed` has nothing to say.
    """
    route = route_of(type_of(message))
    return tuple(
        sorted(
            system.code
            for system in systems.values()
            if route is not None and system.url and _is_meant(system, route.audience, message, industry)
        )
    )


def _is_meant(system: Peer, audience: Audience, message: Message, industry: str) -> bool:
    match audience:
        case Audience.SUPERVISION_OF_INDUSTRY:
            return system.kind == "supervision" and system.industry == industry
        case Audience.TARGET_SYSTEM:
            return system.code == getattr(message, "target_system", "")
        case Audience.TRADING_AND_SUPERVISION:
            return system.kind in {"trading", "supervision"}
        case Audience.NOBODY:
            return False
