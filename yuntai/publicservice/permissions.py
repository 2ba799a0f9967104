"""Every act on the platform and who may do it.  None of them is a trading act."""

from enum import StrEnum

from yuntai.publicservice.roles import OPERATOR, PARTICIPANT


class Permission(StrEnum):
    """An act, named system:resource:action."""

    REGISTER_PARTICIPANT = "publicservice:participant:register"
    UPDATE_PARTICIPANT = "publicservice:participant:update"
    PUBLISH_CERTIFICATE = "publicservice:certificate:publish"


POLICY: dict[Permission, frozenset[str]] = {
    Permission.REGISTER_PARTICIPANT: frozenset({PARTICIPANT}),
    Permission.UPDATE_PARTICIPANT: frozenset({PARTICIPANT}),
    Permission.PUBLISH_CERTIFICATE: frozenset({OPERATOR}),
}
