"""PostgreSQL is killed in the middle of the submits: what was acknowledged is there once, nothing is half."""

import os
import random
import signal

import pytest

from tests.faults.checker import half_done, lost_or_doubled
from tests.faults.conftest import while_watched
from tests.planting import behind_its_back
from yuntai.bidtool import SealedBid, published_lot
from yuntai.city.city import City
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.databases import database, rows
from yuntai.city.demo.play import Play
from yuntai.city.demo.rush import Outcome, Ready, get_ready, submit_all
from yuntai.city.demo.scenes import past_tenders
from yuntai.city.demo.teller import SilentTeller
from yuntai.city.demo.waiting import wait_for

pytestmark = pytest.mark.city

BIDDERS, TENDERS, AT_ONCE = 30, 4, 8


class Killer:
    """Kills PostgreSQL once, as soon as so many receipts have come."""

    def __init__(self, city: City, after: int) -> None:
        self._city = city
        self._after = after
        self.killed = 0

    def __call__(self, acknowledged: int) -> None:
        if acknowledged == self._after:
            self.killed = self._city.processes()["postgres"]
            os.kill(self.killed, signal.SIGKILL)


def stored_envelopes(city: City, code: str) -> list[str]:
    with database(city, code) as connection:
        return [row[0] for row in rows(connection, "SELECT envelope_id FROM bids_envelope")]


def counts(city: City, code: str) -> tuple[int, int, int]:
    with database(city, code) as connection:
        row = rows(
            connection,
            "SELECT (SELECT count(*) FROM bids_envelope), (SELECT count(*) FROM bids_sealedact),"
            " (SELECT count(*) FROM audit_auditentry WHERE act = 'sealed')",
        )[0]
    return row[0], row[1], row[2]


def ids(bids: list[SealedBid]) -> list[str]:
    return [bid.envelope_id for bid in bids]


def answers_again(cast: Cast, ready: list[Ready]) -> bool:
    try:
        published_lot(cast.visitor(cast.trading), ready[0].bid.header.context.lot)
    except Exception:
        return False
    return True


def test_acknowledged_bids_outlive_the_database(city: City, cast: Cast) -> None:
    play, chance = Play(cast, SilentTeller()), random.SystemRandom()
    ready = while_watched(city, lambda: get_ready(play, past_tenders()[:TENDERS], cast.crowd()[:BIDDERS]))
    killer = Killer(city, after=chance.randrange(len(ready) // 5, len(ready) * 3 // 5))

    first = while_watched(city, lambda: submit_all(ready, at_once=AT_ONCE, acknowledged=killer))
    while_watched(city, lambda: wait_for("交易系统恢复", lambda: answers_again(cast, ready)))
    second = while_watched(city, lambda: submit_all([one for one, _ in first.failed], at_once=AT_ONCE))

    assert killer.killed
    assert city.restarts()["postgres"] == 1
    assert first.failed, "the kill came too late to interrupt anything"
    check_all(city, cast.trading, first, second)
    check_finds_a_dropped_row(city, cast.trading, first)


def check_all(city: City, code: str, first: Outcome, second: Outcome) -> None:
    """Check what is stored after both rounds; every bid that was refused twice was stored by the first."""
    stored = stored_envelopes(city, code)
    acknowledged = ids(first.acknowledged) + ids(second.acknowledged)
    unknown = [one.bid.envelope_id for one, _ in second.failed]

    assert list(lost_or_doubled(acknowledged, unknown, stored)) == []
    assert list(half_done(*counts(city, code))) == []
    assert {sentence for _, sentence in second.failed} <= {
        "本单位在该标段已有一份有效投标文件。如需更换，请先撤回，再递交新的。"
    }
    assert set(unknown) <= set(stored), "refused as standing already, but not stored"


def check_finds_a_dropped_row(city: City, code: str, outcome: Outcome) -> None:
    """Drop an acknowledged envelope behind the system's back: the checker must say so."""
    dropped = outcome.acknowledged[0].envelope_id
    behind_its_back(
        city, code, "bids_envelope", "DELETE FROM bids_envelope WHERE envelope_id = %s", [dropped]
    )

    stored = stored_envelopes(city, code)

    faults = list(lost_or_doubled(ids(outcome.acknowledged), [], stored))
    assert faults[0] == f"{dropped} was acknowledged and is stored 0 times"
    assert len(list(half_done(*counts(city, code)))) == 1
