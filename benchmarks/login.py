"""Logins by certificate, whole and over HTTP, beside the bare verification of one signature of the same key.

Whole: challenge, signature, answer, chain up to the CA's root, validity, revocation, account, audit row and
session, in the platform's own processes with its database.
"""

import os
import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from statistics import median, quantiles

from benchmarks.processor import seconds_used
from yuntai.bidtool import KeyBundle
from yuntai.city.demo import traffic
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.teller import Teller
from yuntai.city.sandbox.people import Person
from yuntai.trust.identities import public_key_of
from yuntai.trust.sandbox_cas import PLANS, Plan

WARM_UP, LOGINS, AT_ONCE, VERIFICATIONS = 5, 100, 4, 200
AIM_OF_P95_MS = 100.0
WHOLE = "每次含取挑战、客户端签名、应答、证书链、有效期、吊销核对、账户、留痕和会话，经 HTTP"


@dataclass(frozen=True)
class Logins:
    """Logins with certificates of one CA.

    seconds: of each, one after the other.  at_once_rate: a second, AT_ONCE clients together.
    bare_seconds: one bare verification.  cost_ms: processor time of the platform's web processes for one.
    """

    ca: str
    algorithm: str
    seconds: Sequence[float]
    at_once_rate: float
    bare_seconds: float
    cost_ms: float

    @property
    def p95_ms(self) -> float:
        return quantiles(self.seconds, n=20)[-1] * 1000

    def lines(self) -> list[str]:
        """Return the figure as Chinese lines."""
        p50_ms, bare_ms = median(self.seconds) * 1000, self.bare_seconds * 1000
        reached = "达到" if self.p95_ms < AIM_OF_P95_MS else "未达到"
        one_by_one = len(self.seconds) / sum(self.seconds)
        return [
            (
                f"证书登录，{self.ca}（{self.algorithm}）：p50 {p50_ms:.1f} 毫秒，p95 {self.p95_ms:.1f} 毫秒"
                f"（目标 p95 低于 {AIM_OF_P95_MS:.0f} 毫秒：{reached}）；"
                f"逐个 {one_by_one:.0f} 次/秒，{AT_ONCE} 路并发 {self.at_once_rate:.0f} 次/秒"
            ),
            f"  基线：同一证书裸验签 {bare_ms:.2f} 毫秒/次，一次登录的 p50 为其 {p50_ms / bare_ms:.0f} 倍。",
            (
                f"  {WHOLE}，共 {len(self.seconds)} 次；平台每次用处理器 {self.cost_ms:.1f} 毫秒。"
                f"负载 {os.getloadavg()[0]:.1f}。"
            ),
        ]


def measure(cast: Cast, teller: Teller) -> list[Logins]:
    """Measure the certificates of each sandbox CA."""
    figures = []
    traffic.wait_until_quiet(cast.city)
    for plan in PLANS:
        figures.append(_measure(cast, plan))
        teller.say(f"  {plan.name}：p95 {figures[-1].p95_ms:.1f} 毫秒")
    return figures


def _measure(cast: Cast, plan: Plan) -> Logins:
    people = [person for person in cast.crowd() if person.ca == plan.letter]
    keys = [(person, cast.key(person)) for person in people]
    web = [cast.city.processes()[f"{cast.platform}-web"]]
    for number in range(WARM_UP):
        _log_in(cast, *keys[number % len(keys)])
    before = seconds_used(web)
    seconds = [_seconds(partial(_log_in, cast, *keys[number % len(keys)])) for number in range(LOGINS)]
    used = seconds_used(web) - before
    return Logins(
        ca=plan.name,
        algorithm=plan.algorithm,
        seconds=seconds,
        at_once_rate=_at_once(cast, keys),
        bare_seconds=_bare(keys[0][1]),
        cost_ms=used / LOGINS * 1000,
    )


def _log_in(cast: Cast, person: Person, key: KeyBundle) -> None:
    cast.visitor(cast.platform).log_in(key)


def _at_once(cast: Cast, keys: Sequence[tuple[Person, KeyBundle]]) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda number: _log_in(cast, *keys[number % len(keys)]), range(LOGINS)))
    return LOGINS / (time.perf_counter() - started)


def _bare(key: KeyBundle) -> float:
    data, public_key = secrets.token_bytes(200), public_key_of(key.certificate)
    signature = key.sign(data)
    if not public_key.verifies(data, signature):
        raise RuntimeError("裸验签未通过，测量无效。")
    return median(_seconds(lambda: public_key.verifies(data, signature)) for _ in range(VERIFICATIONS))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
