"""Reads of connected systems: facts, standing, tests, and what passed between them and the platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yuntai.publicservice.systems.entering import Responsible
from yuntai.publicservice.systems.models import ConnectedSystem, State, SystemKey, SystemTurn
from yuntai.publicservice.systems.services import SystemNotFound, statement_of
from yuntai.publicservice.systems.traffic import Traffic, no_traffic, traffic
from yuntai.publicservice.systems.trial import TESTS, Test
from yuntai.trust import signing
from yuntai.trust.base64url import from_base64url

ORDER = {"trading": 0, "supervision": 1, "connected": 2}


@dataclass(frozen=True)
class TestView:
    """passed_at: None while the test is open."""

    __test__ = False  # no test class of pytest's

    test: Test
    passed_at: datetime | None


@dataclass(frozen=True)
class KeyView:
    """valid_until: None for the present key; both None while it awaits its signatures."""

    number: int
    key_id: str
    public_key: str
    valid_from: datetime | None
    valid_until: datetime | None
    is_signed: bool
    is_proved: bool


@dataclass(frozen=True)
class TurnView:
    """A change of state, as the public reads it."""

    state: str
    reason: str
    clause: str
    detail: str
    by: str
    at: datetime


@dataclass(frozen=True)
class SystemView:
    """One system.  reason, clause: of its suspension or refusal, "" otherwise.  keys: the newest first.

    challenge, statement_sha256: what the newest key and its operator must sign; "" when nothing is open.
    """

    code: str
    title: str
    kind: str
    industry: str
    region_code: str
    url: str
    operator_code: str
    operator_name: str
    responsible: tuple[Responsible, ...]
    state: str
    entered_at: datetime
    traffic: Traffic
    tests: tuple[TestView, ...] = ()
    keys: tuple[KeyView, ...] = ()
    turns: tuple[TurnView, ...] = ()
    challenge: str = ""
    statement_sha256: str = ""
    areas: tuple[tuple[str, str], ...] = field(default=())

    @property
    def is_connected(self) -> bool:
        return self.state == State.CONNECTED

    @property
    def state_name(self) -> str:
        return str(State(self.state).label)

    @property
    def reason(self) -> str:
        return self.turns[0].reason if self.turns and not self.is_connected else ""

    @property
    def clause(self) -> str:
        return self.turns[0].clause if self.turns and not self.is_connected else ""

    @property
    def key_id(self) -> str:
        """Name of the key that counts now; of the entered one while there is none."""
        present = [key for key in self.keys if key.valid_from and key.valid_until is None]
        return next((key.key_id for key in (*present, *self.keys)), "")

    @property
    def received_today(self) -> int:
        return self.traffic.received_today

    @property
    def rejected_today(self) -> int:
        return self.traffic.rejected_today

    @property
    def waiting(self) -> int:
        return self.traffic.waiting

    @property
    def delay_p50_seconds(self) -> float | None:
        return self.traffic.delay_p50

    @property
    def delay_p99_seconds(self) -> float | None:
        return self.traffic.delay_p99


def system_views(*, now: datetime) -> list[SystemView]:
    """Return every system: trading, then supervision, then others, each by code."""
    passed = traffic(now=now)
    found = ConnectedSystem.objects.prefetch_related("keys", "turns", "tests_passed", "areas")
    return sorted((_view(each, passed) for each in found), key=lambda each: (ORDER[each.kind], each.code))


def system_view(code: str, *, now: datetime) -> SystemView:
    """Return one system.

    :raises SystemNotFound: none has that code.
    """
    found = (
        ConnectedSystem.objects.filter(code=code)
        .prefetch_related("keys", "turns", "tests_passed", "areas")
        .first()
    )
    if found is None:
        raise SystemNotFound(f"没有登记代码为 {code} 的系统。请核对系统代码。")
    return _view(found, traffic(now=now, only=code))


def _view(system: ConnectedSystem, passed: Mapping[str, Traffic]) -> SystemView:
    keys = sorted(system.keys.all(), key=lambda each: -each.number)
    pending = next((key for key in keys if key.valid_from is None), None)
    if system.state == State.REFUSED:
        pending = None
    statement = statement_of(pending) if pending else None
    return SystemView(
        **{name: getattr(system, name) for name in _PLAIN},
        responsible=tuple(Responsible(**each) for each in system.responsible),
        traffic=passed.get(system.code, no_traffic()),
        tests=_tests(system),
        keys=tuple(map(_key, keys)),
        turns=tuple(_turn(turn) for turn in sorted(system.turns.all(), key=lambda each: -each.pk)),
        challenge=statement.challenge(pending.nonce).decode() if statement and pending else "",
        statement_sha256=statement.sha256 if statement else "",
        areas=tuple(sorted((area.industry, area.region_code) for area in system.areas.all())),
    )


_PLAIN = (
    "code",
    "title",
    "kind",
    "industry",
    "region_code",
    "url",
    "operator_code",
    "operator_name",
    "state",
    "entered_at",
)


def _tests(system: ConnectedSystem) -> tuple[TestView, ...]:
    if system.listed:  # nobody had to try it
        return ()
    passed: dict[str, Any] = {each.test: each.at for each in system.tests_passed.all()}
    return tuple(TestView(test, passed.get(test.code)) for test in TESTS)


def _key(key: SystemKey) -> KeyView:
    return KeyView(
        number=key.number,
        key_id=signing.key_id(from_base64url(key.public_key)),
        public_key=key.public_key,
        valid_from=key.valid_from,
        valid_until=key.valid_until,
        is_signed=bool(key.signature),
        is_proved=bool(key.possession),
    )


def _turn(turn: SystemTurn) -> TurnView:
    return TurnView(turn.state, turn.reason, turn.clause, turn.detail, turn.by, turn.at)
