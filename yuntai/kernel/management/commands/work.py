"""The worker of a system: numbers and sends messages, applies received ones, acts on what is due."""

import logging
import signal
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection
from django.utils.module_loading import import_string

from yuntai.kernel.inbox.apply import apply_messages
from yuntai.kernel.outbox.sender import Sender
from yuntai.kernel.outbox.sequencer import number_messages
from yuntai.kernel.recognition.asking import refresh_lists
from yuntai.trust import clock

log = logging.getLogger(__name__)
IDLE_SECONDS = 0.1
FAULT_SECONDS = 1.0


class Command(BaseCommand):
    """Runs until it is told to stop.  Safe to run several at once: each row is taken by one of them."""

    help = "Send and apply messages and act on what is due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --once."""
        parser.add_argument("--once", action="store_true", help="stop when there is nothing left to do")

    def handle(self, *, once: bool, **options: object) -> None:
        """Go round the tasks; rest when none had work."""
        signal.signal(signal.SIGTERM, lambda *_: _stop())
        tasks = worker_tasks()
        while True:
            busy = sum(_run(task) for task in tasks)
            if once and not busy:
                return
            if not busy:
                time.sleep(IDLE_SECONDS)


def worker_tasks() -> list[Callable[..., int]]:
    """Return what this system's worker does, in order; each takes `now` and returns how much it did."""
    own = [import_string(path) for path in settings.WORKER_TASKS]
    sender = Sender()
    return [apply_messages, *own, refresh_lists, number_messages, sender.send_due, sender.beat_due]


def _run(task: Callable[..., int]) -> int:
    now: datetime = clock.now()
    try:
        return task(now=now)
    except DatabaseError:
        # The database was restarted or refused the act: what was under way rolled back, so it is tried again.
        log.exception("%s failed; trying again", task)
        connection.close()
        close_old_connections()
        time.sleep(FAULT_SECONDS)
        return 0
    except Exception:  # one faulty task must not stop the others
        log.exception("%s failed", task)
        time.sleep(FAULT_SECONDS)
        return 0


def _stop() -> None:
    raise SystemExit(0)
