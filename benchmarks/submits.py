"""Sealed submits per second: over HTTP through the trading system, and the same rows by bare SQL."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import psycopg

from benchmarks.figures import Figure
from benchmarks.processor import seconds_used
from benchmarks.tables import insertion, make_twins, rows_as_json
from yuntai.city.city import City
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.databases import database
from yuntai.city.demo.play import Play
from yuntai.city.demo.rush import Ready, get_ready, submit_all
from yuntai.city.demo.scenes import past_tenders
from yuntai.city.demo.teller import Teller

BIDDERS, TENDERS_PER_RUN, RUNS, AT_ONCE = 60, 2, 3, 8
TABLES = ("bids_envelope", "bids_sealedact", "audit_auditentry")

Triple = tuple[str, ...]


def measure(cast: Cast, teller: Teller, limit: str) -> Figure:
    """Measure both; bids are sealed and uploaded before the clock starts."""
    play = Play(cast, teller)
    bidders = cast.crowd()[:BIDDERS]
    ready = get_ready(play, past_tenders()[: TENDERS_PER_RUN * RUNS], bidders)
    per_run = BIDDERS * TENDERS_PER_RUN
    runs, baseline_runs = [], []
    web = [cast.city.processes()[f"{cast.trading}-web"]]
    used = 0.0
    for start in range(0, len(ready), per_run):
        batch = ready[start : start + per_run]
        before = seconds_used(web)
        runs.append(_over_http(batch))
        used += seconds_used(web) - before
        baseline_runs.append(_by_sql(cast.city, cast.trading, batch))
        teller.say(f"  第 {len(runs)} 轮：递交 {runs[-1]:,.0f} 份/秒，基线 {baseline_runs[-1]:,.0f} 份/秒")
    return Figure(
        name="密封递交",
        unit="份/秒",
        runs=runs,
        baseline_name="同样三行（信封、密封操作、留痕）一个事务的裸 SQL",
        baseline_runs=baseline_runs,
        cost_ms=used / len(ready) * 1000,
        conditions=f"每轮 {per_run} 份，{AT_ONCE} 个并发客户端在同一台机器上，密文已先上传。",
        limit=limit,
    )


def _over_http(ready: Sequence[Ready]) -> float:
    started = time.perf_counter()
    outcome = submit_all(ready, at_once=AT_ONCE)
    seconds = time.perf_counter() - started
    if outcome.failed:
        raise RuntimeError(f"有 {len(outcome.failed)} 份递交失败，测量无效：{outcome.failed[0][1]}")
    return len(ready) / seconds


def _by_sql(city: City, code: str, ready: Sequence[Ready]) -> float:
    """Write the rows of these submits again, each submit in one transaction."""
    with database(city, code, as_owner=True) as owner:
        make_twins(owner, TABLES)
        triples = _triples(owner, [each.bid.envelope_id for each in ready])
    statements = [insertion(table) for table in TABLES]
    with ExitStack() as opened:
        connections = [opened.enter_context(database(city, code, as_owner=True)) for _ in range(AT_ONCE)]
        shares = [triples[number::AT_ONCE] for number in range(AT_ONCE)]

        def write(connection: psycopg.Connection[Any], share: Sequence[Triple]) -> None:
            for triple in share:
                with connection.transaction():
                    for statement, row in zip(statements, triple, strict=True):
                        connection.execute(statement, [row])

        for connection in connections:
            connection.commit()
        started = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(write, connections, shares))
        return len(triples) / (time.perf_counter() - started)


def _triples(owner: psycopg.Connection[Any], envelope_ids: Sequence[str]) -> list[Triple]:
    """Return what each submit wrote; which sealed act is whose is secret, and does not matter here."""
    ids = list(envelope_ids)
    envelopes = rows_as_json(owner, "bids_envelope", "envelope_id = ANY(%s)", [ids])
    lots = "lot_id IN (SELECT lot_id FROM bids_envelope WHERE envelope_id = ANY(%s))"
    acts = rows_as_json(owner, "bids_sealedact", lots, [ids])
    committed = f"object_id IN (SELECT commitment FROM bids_sealedact WHERE {lots})"  # noqa: S608
    audit = rows_as_json(owner, "audit_auditentry", committed, [ids])
    return list(_zipped(envelopes, acts, audit))


def _zipped(*tables: Sequence[str]) -> Iterator[Triple]:
    yield from zip(*tables, strict=True)
