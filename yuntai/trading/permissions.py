"""Who may do what in a trading system: one table."""

from enum import StrEnum

from yuntai.kernel.accounts.caller import Caller


class Permission(StrEnum):
    """Every act of this system that a person can do: "system:resource:action"."""

    PROJECT_REGISTER = "trading:project:register"
    TENDER_DRAFT = "trading:tender:draft"
    TENDER_DISCARD = "trading:tender:discard"
    TENDER_PUBLISH = "trading:tender:publish"
    BID_SUBMIT = "trading:bid:submit"
    BID_WITHDRAW = "trading:bid:withdraw"
    EVALUATION_SUBMIT = "trading:evaluation:submit"
    CANDIDATES_PUBLISH = "trading:candidates:publish"
    AWARD_DECIDE = "trading:award:decide"
    CONTRACT_DRAW_UP = "trading:contract:draw-up"
    CONTRACT_SIGN = "trading:contract:sign"


_BUYING_SIDE = frozenset({"initiator", "agency"})

POLICY: dict[Permission, frozenset[str]] = {
    Permission.PROJECT_REGISTER: _BUYING_SIDE,
    Permission.TENDER_DRAFT: _BUYING_SIDE,
    Permission.TENDER_DISCARD: _BUYING_SIDE,
    Permission.TENDER_PUBLISH: _BUYING_SIDE,
    Permission.BID_SUBMIT: frozenset({"bidder"}),
    Permission.BID_WITHDRAW: frozenset({"bidder"}),
    Permission.EVALUATION_SUBMIT: frozenset({"expert"}),
    Permission.CANDIDATES_PUBLISH: _BUYING_SIDE,
    Permission.AWARD_DECIDE: frozenset({"initiator"}),
    Permission.CONTRACT_DRAW_UP: _BUYING_SIDE,
    Permission.CONTRACT_SIGN: frozenset({"initiator", "bidder"}),
}


def permitted(caller: Caller, permission: Permission) -> Caller:
    """Return `caller` in the role that allows `permission`.

    :raises Forbidden: none of its roles does.
    """
    return caller.acting_as(POLICY[permission])
