"""Running a reconciliation, keeping its signed report, and ordering one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.errors import DomainError
from yuntai.kernel.peers import own_key
from yuntai.publicservice.permissions import POLICY, Permission
from yuntai.publicservice.reconciliation.comparing import is_different, reconcile_stream, streams_with
from yuntai.publicservice.reconciliation.models import Outcome, Reconciliation, ReconciliationOrder
from yuntai.publicservice.reconciliation.talk import Talk
from yuntai.publicservice.systems.models import ConnectedSystem, State
from yuntai.publicservice.systems.services import SystemNotFound
from yuntai.standard import reconciliation_report as standard
from yuntai.standard.client import ExchangeError
from yuntai.standard.reconciliation import Window, hour_of
from yuntai.standard.reconciliation_report import Reason, Statement, StreamCompared

SETTLED_AFTER = timedelta(minutes=10)
"""How long an hour must be over: what was signed at its end has arrived by then, or is under way."""
FROM_THE_START = datetime(2020, 1, 1, tzinfo=UTC)
ANSWER_SECONDS = 60.0


class CannotReconcile(DomainError):
    """There is nobody to ask, or a run is on already."""

    code = "cannot-reconcile"


def reconcile_system(
    *,
    code: str,
    reason: Reason,
    now: datetime,
    since: datetime = FROM_THE_START,
    http: httpx.Client | None = None,
) -> Reconciliation:
    """Compare all streams with a system, from the hour of `since` to the last hour that is settled.

    What is missing is repaired, and the signed report kept, also when the system does not answer.

    :raises SystemNotFound: no such system.
    :raises CannotReconcile: it has no address, is not connected, or another run with it is on.
    """
    system = _askable(code)
    window = Window(since=hour_of(since), until=hour_of(now - SETTLED_AFTER))
    fault = ""
    streams: tuple[StreamCompared, ...] = ()
    with _alone(code), http or connect() as client:
        try:
            talk = Talk.with_system(code, client, window, now)
            streams = tuple(reconcile_stream(kept, talk) for kept in streams_with(code))
        except (httpx.HTTPError, ExchangeError, DomainError) as error:
            fault = " ".join(str(error).split())[:200] or type(error).__name__
        statement = Statement(
            platform=settings.SYSTEM_CODE,
            system=code,
            at=now,
            reason=reason,
            since=window.since,
            until=window.until,
            state=_state(fault, streams),
            fault=fault,
            streams=streams,
        )
        return _keep(system, statement)


def connect() -> httpx.Client:
    """Return a connection to whichever system."""
    return httpx.Client(timeout=ANSWER_SECONDS)


def order_reconciliation(*, code: str, caller: Caller, now: datetime) -> None:
    """Have the worker reconcile a system at once; an order that waits already counts for both.

    :raises SystemNotFound: no such system.
    :raises CannotReconcile: it has no address or is not connected.
    """
    caller = caller.acting_as(POLICY[Permission.RECONCILE_SYSTEM])
    with transaction.atomic():
        system = _askable(code)
        order, is_new = ReconciliationOrder.objects.get_or_create(
            system=system, done_at=None, defaults={"ordered_at": now, "by": caller.person_name}
        )
        if is_new:
            record(caller=caller, act="order-reconciliation", subject=order, before="", now=now)


def close_order(order: ReconciliationOrder, *, now: datetime) -> None:
    """Note that an order was carried out, or cannot be."""
    with transaction.atomic():
        before = version_of(order)
        order.done_at = now
        order.save(update_fields=["done_at"])
        caller = Caller.system(settings.SYSTEM_CODE)
        record(caller=caller, act="close-reconciliation-order", subject=order, before=before, now=now)


def _askable(code: str) -> ConnectedSystem:
    system = ConnectedSystem.objects.filter(code=code).first()
    if system is None:
        raise SystemNotFound(f"没有登记代码为 {code} 的系统。请核对系统代码。")
    if system.state != State.CONNECTED:
        raise CannotReconcile(f"{code} 现在{State(system.state).label}，不能对账。请待恢复对接后再办理。")
    if not system.url:
        raise CannotReconcile(f"{code} 没有接收地址，平台无法询问。可由该系统按接口标准向平台询问对账。")
    return system


def _state(fault: str, streams: tuple[StreamCompared, ...]) -> standard.State:
    if fault:
        return "unanswered"
    return "differs" if any(map(is_different, streams)) else "equal"


def _keep(system: ConnectedSystem, statement: Statement) -> Reconciliation:
    report = standard.sign(statement, own_key())
    with transaction.atomic():
        ConnectedSystem.objects.select_for_update().get(pk=system.pk)
        last = Reconciliation.objects.filter(system=system).aggregate(last=Max("number"))["last"] or 0
        run = Reconciliation.objects.create(
            system=system,
            number=last + 1,
            at=statement.at,
            reason=statement.reason,
            outcome=Outcome(statement.state),
            report=report.model_dump(mode="json"),
        )
        caller = Caller.system(settings.SYSTEM_CODE)
        record(caller=caller, act="keep-reconciliation", subject=run, before="", now=statement.at)
    return run


@contextmanager
def _alone(code: str) -> Iterator[None]:
    """Hold a lock that ends with the database connection, so that a killed run holds up no other."""
    name = f"reconcile {code}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        if not cursor.fetchone()[0]:
            raise CannotReconcile(f"{code} 正在对账，请稍后查看结果。")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
