"""Starts the processes of a city in order, keeps them running, and stops them in the opposite order."""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from yuntai.city.children import Child, ProcessChild, Program
from yuntai.city.errors import CityError
from yuntai.city.files import write_json
from yuntai.city.folder import reason

START_SECONDS = 90.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.1
FIRST_DELAY, LONGEST_DELAY = 0.5, 15.0
STEADY_SECONDS = 30.0  # having run so long, a process starts again with the shortest delay

Say = Callable[[str], None]


@dataclass
class _Record:
    """What the supervisor knows of a child.  due: monotonic instant of the next start, None while it runs."""

    started_at: float
    restarts: int = 0
    failures: int = 0
    due: float | None = None


class Supervisor:
    """Runs children in stages.

    say: takes one Chinese line for the person watching.
    running_file: kept up to date for `yuntai city status`.
    Use it from the thread that lives longest: children are tied to the thread that starts them.
    """

    def __init__(self, *, say: Say, running_file: Path) -> None:
        self._say = say
        self._running_file = running_file
        self._stages: list[Sequence[Child]] = []
        self._records: dict[str, _Record] = {}

    def start(self, children: Sequence[Child]) -> None:
        """Start `children` together as the next stage and return when all are ready.

        :raises CityError: one ended or was not ready in time; the sentence names its log.
        """
        self._stages.append(children)
        for child in children:
            child.start()
            self._records[child.name] = _Record(time.monotonic())
        self._write()
        until = time.monotonic() + START_SECONDS
        waiting = list(children)
        while waiting:
            waiting = [child for child in waiting if not child.is_ready()]
            for child in waiting:
                if not child.is_alive():
                    raise CityError(f"{child.name} 启动失败（{child.ending()}），详情见 {child.log}。")
            if waiting and time.monotonic() > until:
                raise CityError(
                    f"{waiting[0].name} 在 {START_SECONDS:.0f} 秒内没有就绪，详情见 {waiting[0].log}。"
                )
            if waiting:
                time.sleep(POLL_SECONDS)

    def watch(self, until: Callable[[], bool]) -> None:
        """Start again whatever ends, with growing delay, until `until` answers true."""
        while not until():
            for child in self._children():
                self._tend(child)
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Stop all, the last started first; nothing is left running."""
        for stage in reversed(self._stages):
            for child in stage:
                child.ask_to_stop()
            until = time.monotonic() + STOP_SECONDS
            for child in stage:
                child.finish(until)
        self._stages.clear()
        self._running_file.unlink(missing_ok=True)

    def processes(self) -> dict[str, int]:
        """Return the process number of each child that runs."""
        return {child.name: child.pid for child in self._children() if child.pid}

    def restarts(self) -> dict[str, int]:
        """Return how often each child had to be started again."""
        return {name: record.restarts for name, record in self._records.items()}

    def _children(self) -> list[Child]:
        return [child for stage in self._stages for child in stage]

    def _tend(self, child: Child) -> None:
        record, now = self._records[child.name], time.monotonic()
        if record.due is None:
            if not child.is_alive():
                ending = child.ending()
                child.finish(until=now)
                self._schedule(child, record, ending)
        elif now >= record.due:
            self._start_again(child, record)

    def _schedule(self, child: Child, record: _Record, ending: str) -> None:
        now = time.monotonic()
        if now - record.started_at >= STEADY_SECONDS:
            record.failures = 0
        delay = min(FIRST_DELAY * 2**record.failures, LONGEST_DELAY)
        record.failures += 1
        record.due = now + delay
        self._say(f"{child.name} 意外退出（{ending}），{delay:g} 秒后重新启动；日志：{child.log}")

    def _start_again(self, child: Child, record: _Record) -> None:
        record.started_at, record.due = time.monotonic(), None
        record.restarts += 1
        try:
            child.start()
        except CityError as error:
            self._schedule(child, record, str(error))
        except OSError as error:
            self._schedule(child, record, reason(error))
        self._write()

    def _write(self) -> None:
        children = {
            child.name: {"pid": child.pid, "restarts": self._records[child.name].restarts}
            for child in self._children()
            if child.name in self._records
        }
        with suppress(OSError):  # a full disk must not take down what still runs
            write_json(self._running_file, {"supervisor": os.getpid(), "children": children})


def run_together(programs: Sequence[Program], log: Callable[[str], Path]) -> None:
    """Run `programs` side by side to their ends.

    :raises CityError: one failed; the sentence names its log.
    """
    children = [ProcessChild(program, log(program.name)) for program in programs]
    try:
        for child in children:
            child.start()
        while any(child.is_alive() for child in children):
            time.sleep(POLL_SECONDS / 2)
        for child in children:
            if child.ending() != "退出码 0":
                raise CityError(f"{child.name} 没有完成（{child.ending()}），详情见 {child.log}。")
    finally:
        for child in children:
            child.finish(0.0)
