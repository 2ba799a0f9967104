"""Counting passed tests; with the last one the system is connected, without anybody's approval."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import uuid4

from django.conf import settings

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.peers import own_key
from yuntai.publicservice.systems.models import (
    ConnectedSystem,
    State,
    SupervisedArea,
    SystemTurn,
    TestPassed,
    Trial,
)
from yuntai.publicservice.systems.telling import tell
from yuntai.publicservice.systems.trial import STREAM, TESTS
from yuntai.standard.envelope import Position, payload_for, sign
from yuntai.standard.messages import TrialOffered


def start_trial(system: ConnectedSystem, now: datetime) -> Trial:
    """Give the system an empty trial stream and the message that it must receive."""
    offered = TrialOffered(
        occurred_at=now, system_code=system.code, text=f"{system.code} 的对接测试报文，不含业务内容"
    )
    position = Position(settings.SYSTEM_CODE, system.code, STREAM)
    payload = payload_for(position, body=offered.body(), subject=offered.subject, msg_id=uuid4(), now=now)
    fresh = {
        "answered": [],
        "repeated": 0,
        "offered": sign(payload, own_key()).to_json(),
    }
    return Trial.objects.update_or_create(system=system, defaults=fresh)[0]


def pass_tests(system: ConnectedSystem, tests: AbstractSet[str], *, caller: Caller, now: datetime) -> bool:
    """Note passed tests of a system on trial; connect it when none is left, and return whether it is.

    Precondition: the caller holds the system's lock, and writes the audit row of what showed the tests.
    """
    known = set(system.tests_passed.values_list("test", flat=True))
    TestPassed.objects.bulk_create(
        TestPassed(system=system, test=test, at=now) for test in sorted(tests - known)
    )
    if system.state != State.TRIAL or {test.code for test in TESTS} - known - tests:
        return False
    _connect(system, caller, now)
    return True


def _connect(system: ConnectedSystem, caller: Caller, now: datetime) -> None:
    before = version_of(system)
    system.state = State.CONNECTED
    system.keys.filter(valid_from=None).update(valid_from=now)
    if system.kind == "supervision":
        SupervisedArea.objects.get_or_create(
            system=system, industry=system.industry, region_code=system.region_code
        )
    SystemTurn.objects.create(
        system=system, state=State.CONNECTED, detail="全部对接测试通过，自动对接", by="公共服务平台", at=now
    )
    tell(system, now=now)
    system.save()
    record(caller=caller, act="connect-system", subject=system, before=before, now=now)
