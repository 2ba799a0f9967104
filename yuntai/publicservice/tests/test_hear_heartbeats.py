"""The platform knows when it last heard of each connected system."""

import pytest

from yuntai.kernel.inbox.heartbeats import answer_heartbeat
from yuntai.publicservice.systems.traffic import last_heard
from yuntai.publicservice.tests.factories import DAY, KEYS, NOW
from yuntai.standard import heartbeat
from yuntai.standard.heartbeat import Told

pytestmark = pytest.mark.django_db(transaction=True)


def test_tells_the_last_heartbeat_of_each_system() -> None:
    assert last_heard() == {}
    for code, at in (
        ("trading-construction", NOW - DAY),
        ("trading-construction", NOW),
        ("trading-water", NOW),
    ):
        told = Told(v=1, iss=code, aud="publicservice", at=at, streams=())
        answer_heartbeat(heartbeat=heartbeat.sign(told, KEYS[code]), now=at)

    assert last_heard() == {"trading-construction": NOW, "trading-water": NOW}
