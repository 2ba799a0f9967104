"""Every act on the platform and who may do it.  None of them is a trading act."""

from enum import StrEnum

from yuntai.publicservice.roles import OPERATOR, PARTICIPANT


class Permission(StrEnum):
    """An act, named system:resource:action."""

    REGISTER_PARTICIPANT = "publicservice:participant:register"
    UPDATE_PARTICIPANT = "publicservice:participant:update"
    VERIFY_PARTICIPANT = "publicservice:participant:verify"


POLICY: dict[Permission, frozenset[str]] = {
    Permission.REGISTER_PARTICIPANT: frozenset({PARTICIPANT}),
    Permission.UPDATE_PARTICIPANT: frozenset({PARTICIPANT}),
    Permission.VERIFY_PARTICIPANT: frozenset({OPERATOR}),
}
