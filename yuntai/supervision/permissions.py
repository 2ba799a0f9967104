"""Every act of this system and who may do it.  None of them is a trading act."""

from enum import StrEnum

from yuntai.supervision.roles import SUPERVISOR


class Permission(StrEnum):
    """An act, named system:resource:action."""

    WATCH_TENDERS = "supervision:tender:watch"
    DISMISS_WARNING = "supervision:warning:dismiss"
    DIRECT_SUSPENSION = "supervision:directive:suspend"
    DIRECT_RESUMPTION = "supervision:directive:resume"


POLICY: dict[Permission, frozenset[str]] = {
    Permission.WATCH_TENDERS: frozenset({SUPERVISOR}),
    Permission.DISMISS_WARNING: frozenset({SUPERVISOR}),
    Permission.DIRECT_SUSPENSION: frozenset({SUPERVISOR}),
    Permission.DIRECT_RESUMPTION: frozenset({SUPERVISOR}),
}
