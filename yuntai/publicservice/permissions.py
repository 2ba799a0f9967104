"""Every act on the platform and who may do it.  None of them is a trading act."""

from enum import StrEnum

from yuntai.publicservice.roles import CITIZEN, OPERATOR, PARTICIPANT


class Permission(StrEnum):
    """An act, named system:resource:action."""

    REGISTER_PARTICIPANT = "publicservice:participant:register"
    UPDATE_PARTICIPANT = "publicservice:participant:update"
    VERIFY_PARTICIPANT = "publicservice:participant:verify"
    KEEP_PASSKEYS = "publicservice:passkey:keep"
    PUBLISH_TRUST_LIST = "publicservice:trust-list:publish"
    ENTER_SYSTEM = "publicservice:system:enter"
    JUDGE_SYSTEM = "publicservice:system:judge"
    RECONCILE_SYSTEM = "publicservice:system:reconcile"
    PUBLISH_CERTIFICATE = "publicservice:certificate:publish"
    FOLLOW_TENDER = "publicservice:tender:follow"


EVERYBODY = frozenset({PARTICIPANT, OPERATOR, CITIZEN})


POLICY: dict[Permission, frozenset[str]] = {
    Permission.REGISTER_PARTICIPANT: frozenset({PARTICIPANT}),
    Permission.UPDATE_PARTICIPANT: frozenset({PARTICIPANT}),
    Permission.VERIFY_PARTICIPANT: frozenset({OPERATOR}),
    Permission.PUBLISH_TRUST_LIST: frozenset({OPERATOR}),
    Permission.KEEP_PASSKEYS: EVERYBODY,
    Permission.FOLLOW_TENDER: EVERYBODY,
    Permission.ENTER_SYSTEM: frozenset({PARTICIPANT, OPERATOR}),
    Permission.JUDGE_SYSTEM: frozenset({OPERATOR}),
    Permission.RECONCILE_SYSTEM: frozenset({OPERATOR}),
    Permission.PUBLISH_CERTIFICATE: frozenset({OPERATOR}),
}
