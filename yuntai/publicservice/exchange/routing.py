"""Which message goes to whom through the hub, and what the hub rejects: one table, read from the top.

Leaves out which kind of system may author a message (the standard's SPEAKERS, checked at every door), how
it travels (kernel outbox) and what a receiver makes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from yuntai.kernel.code_owners import why_not_own
from yuntai.kernel.peers import Peer
from yuntai.publicservice.systems.areas import Areas, watches
from yuntai.standard.messages import (
    Message,
    ResumptionDirected,
    SuspensionDirected,
    TenderRegistered,
    type_of,
)


class Audience(Enum):
    """Who gets a message beside the platform."""

    NOBODY = "nobody further"
    SUPERVISION_OF_INDUSTRY = "every supervision system that watches the sender's industry at the place"
    SUPERVISION_CONCERNED = "as above; every supervision system when the sender has no industry"
    TARGET_SYSTEM = "the trading system that the directive names, of the sender's industry"
    TRADING_AND_SUPERVISION = "every trading and every supervision system"
    EVERYBODY = "every connected system"


@dataclass(frozen=True)
class Route:
    """family: how the message type begins."""

    family: str
    audience: Audience


# The first row whose family fits decides.
ROUTES = (
    Route("exchange.record.", Audience.SUPERVISION_OF_INDUSTRY),
    Route("exchange.stream.", Audience.SUPERVISION_CONCERNED),
    Route("trading.tender.history-recorded.", Audience.NOBODY),
    Route("trading.", Audience.SUPERVISION_OF_INDUSTRY),
    Route("supervision.directive.", Audience.TARGET_SYSTEM),
    Route("supervision.warning.", Audience.NOBODY),
    Route("registry.", Audience.TRADING_AND_SUPERVISION),
    Route("identity.", Audience.TRADING_AND_SUPERVISION),
    Route("exchange.code.", Audience.NOBODY),
    Route("exchange.system.", Audience.EVERYBODY),
    Route("exchange.trial.", Audience.NOBODY),
)


def route_of(message_type: str) -> Route | None:
    """Return the row that decides about `message_type`, None when no row fits."""
    return next((route for route in ROUTES if message_type.startswith(route.family)), None)


def why_not_routed(message: Message, sender: Peer, systems: Mapping[str, Peer]) -> str:
    """Return why the hub must not act on `message` of `sender`, one Chinese sentence; "" when it may.

    An authentic message may still be none of its sender's business: an authority directs only systems of
    its own industry, and a trading system registers only tenders of its own: of its industry, and under codes
    that carry its own platform number.
    """
    if isinstance(message, SuspensionDirected | ResumptionDirected):
        return _why_not_directed(message.target_system, sender, systems)
    if isinstance(message, TenderRegistered) and message.industry != sender.industry:
        return (
            f"{sender.code} 对接登记的行业是 {sender.industry}，不能登记 {message.industry} 行业的招标项目。"
            "请核对 industry。"
        )
    return why_not_own(message, sender, systems)


def _why_not_directed(target_system: str, sender: Peer, systems: Mapping[str, Peer]) -> str:
    target = systems.get(target_system)
    if target is None or target.kind != "trading":
        return f"没有代码为 {target_system} 的交易系统，指令无法送达。请核对 target_system。"
    if target.industry != sender.industry:
        return (
            f"{sender.code} 只能向本行业（{sender.industry}）的交易系统发指令，"
            f"{target.code} 属于 {target.industry}。请核对 target_system。"
        )
    return ""


@dataclass(frozen=True)
class Scene:
    """industry: of a message's sender, "" for the platform.  place: region, six digits, "" when not known.

    areas: the routing table of the supervision systems.
    """

    industry: str = ""
    place: str = ""
    areas: Areas = field(default_factory=dict)


def destinations(message: Message, scene: Scene, systems: Mapping[str, Peer]) -> tuple[str, ...]:
    """Return the codes of the systems that get `message`, sorted.

    systems: the connected systems by code.  One without an address only sends, so it gets nothing.
    Precondition: the hub's door took it in.
    """
    route = route_of(type_of(message))
    return tuple(
        sorted(
            system.code
            for system in systems.values()
            if route is not None and system.url and _is_meant(system, route.audience, message, scene)
        )
    )


def _is_meant(system: Peer, audience: Audience, message: Message, scene: Scene) -> bool:
    match audience:
        case Audience.SUPERVISION_OF_INDUSTRY:
            watched = watches(system, scene.areas, scene.industry, scene.place)
            return system.kind == "supervision" and watched
        case Audience.SUPERVISION_CONCERNED:
            watched = watches(system, scene.areas, scene.industry, scene.place)
            return system.kind == "supervision" and (not scene.industry or watched)
        case Audience.TARGET_SYSTEM:
            return system.code == getattr(message, "target_system", "")
        case Audience.TRADING_AND_SUPERVISION:
            return system.kind in {"trading", "supervision"}
        case Audience.EVERYBODY:
            return system.kind != "publicservice"
        case Audience.NOBODY:
            return False
