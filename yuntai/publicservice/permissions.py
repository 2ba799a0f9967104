"""Every act on the platform and who may do it.  None of them is a trading act."""

from enum import StrEnum

from yuntai.publicservice.roles import OPERATOR, PARTICIPANT


class Permission(StrEnum):
    """An act, named system:resource:action."""

    REGISTER_PARTICIPANT = "publicservice:participant:register"
    UPDATE_PARTICIPANT = "publicservice:participant:update"
    ENTER_SYSTEM = "publicservice:system:enter"
    JUDGE_SYSTEM = "publicservice:system:judge"


POLICY: dict[Permission, frozenset[str]] = {
    Permission.REGISTER_PARTICIPANT: frozenset({PARTICIPANT}),
    Permission.UPDATE_PARTICIPANT: frozenset({PARTICIPANT}),
    Permission.ENTER_SYSTEM: frozenset({PARTICIPANT, OPERATOR}),
    Permission.JUDGE_SYSTEM: frozenset({OPERATOR}),
}
