"""Messages and records per second from the outbox to supervision, beside bare COPY of the same rows."""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.figures import Figure
from benchmarks.processor import seconds_used
from benchmarks.tables import make_twins, twin
from yuntai.city.city import City
from yuntai.city.demo import traffic
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.databases import database, rows
from yuntai.city.demo.load import Maker, fill_outbox, records, registrations
from yuntai.city.demo.teller import Teller

RUNS = 3
INBOX = "inbox_inboxmessage"
LONGEST_SECONDS = 300.0
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Load:
    """What is sent.  count: in one run."""

    name: str
    make: Maker
    count: int


LOADS = (
    Load("报文，从办理到监管系统入库", registrations, 500),
    Load("数据集 501 记录，签名、校验、入库、回执并成批转发到监管系统", records, 2000),
)


def measure(cast: Cast, teller: Teller, limit: str) -> list[Figure]:
    """Measure each load and its baseline; each run starts when the one before is through."""
    return [_measure(load, cast, teller, limit) for load in LOADS]


def _measure(load: Load, cast: Cast, teller: Teller, limit: str) -> Figure:
    city = cast.city
    runs, baseline_runs = [], []
    systems = (cast.trading, cast.platform, cast.supervision)
    groups = [city.processes()[f"{code}-{part}"] for code in systems for part in ("web", "worker")]
    used = 0.0
    traffic.wait_until_quiet(city)
    for run in range(RUNS):
        with database(city, cast.supervision) as supervision:
            last = _last(supervision)
        before = seconds_used(groups)
        runs.append(_through_the_hub(load, city, cast, first=run * load.count + 1, after=last))
        traffic.wait_until_quiet(city)
        used += seconds_used(groups) - before
        baseline_runs.append(_by_copy(load, city, cast.supervision, after=last))
        teller.say(f"  第 {len(runs)} 轮：{runs[-1]:,.0f} 条/秒，基线 {baseline_runs[-1]:,.0f} 条/秒")
    return Figure(
        name=load.name,
        unit="条/秒",
        runs=runs,
        baseline_name="同样的行裸 COPY 入收件表",
        baseline_runs=baseline_runs,
        cost_ms=used / (load.count * RUNS) * 1000,
        conditions=f"每轮 {load.count} 条，两次签名、两次验签、编号、转发和办理都在内。",
        limit=f"{limit}负载 {os.getloadavg()[0]:.1f}。",
    )


def _through_the_hub(load: Load, city: City, cast: Cast, *, first: int, after: int) -> float:
    fill_outbox(city, cast.trading, load.count, first=first, now=datetime.now(UTC), make=load.make)
    started = time.perf_counter()
    with database(city, cast.supervision) as supervision:
        supervision.autocommit = True
        while _stored(supervision, after) < load.count:
            if time.perf_counter() - started > LONGEST_SECONDS:
                raise RuntimeError(f"{LONGEST_SECONDS:.0f} 秒内没有送完，测量无效。")
            time.sleep(POLL_SECONDS)
    return load.count / (time.perf_counter() - started)


def _by_copy(load: Load, city: City, code: str, *, after: int) -> float:
    with database(city, code, as_owner=True) as owner:
        make_twins(owner, [INBOX])
        read = sql.SQL("COPY (SELECT * FROM {} WHERE id > {} ORDER BY id LIMIT {}) TO STDOUT")
        statement = read.format(sql.Identifier(INBOX), sql.Literal(after), sql.Literal(load.count))
        with owner.cursor().copy(statement) as copy:
            content = b"".join(bytes(part) for part in copy)
        owner.commit()
        started = time.perf_counter()
        with owner.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(twin(INBOX))) as copy:
            copy.write(content)
        owner.commit()
        seconds = time.perf_counter() - started
        copied: int = owner.execute(sql.SQL("SELECT count(*) FROM {}").format(twin(INBOX))).fetchall()[0][0]
    if copied != load.count:
        raise RuntimeError(f"基线写入 {copied} 行，应为 {load.count} 行，测量无效。")
    return load.count / seconds


def _last(supervision: psycopg.Connection[Any]) -> int:
    found: int = rows(supervision, "SELECT coalesce(max(id), 0) FROM inbox_inboxmessage")[0][0]
    return found


def _stored(supervision: psycopg.Connection[Any], after: int) -> int:
    found: int = rows(supervision, "SELECT count(*) FROM inbox_inboxmessage WHERE id > %s", [after])[0][0]
    return found
