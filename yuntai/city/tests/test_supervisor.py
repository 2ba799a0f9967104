"""The supervisor: starts in order, brings back what died, leaves nothing running."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from yuntai.city import leftovers, processes
from yuntai.city.children import ProcessChild, Program
from yuntai.city.errors import CityError
from yuntai.city.folder import PROJECT
from yuntai.city.processes import Supervisor, run_together
from yuntai.city.tests.fakes import SERVICE, SLEEP, STUBBORN, WITH_WORKER, free_port, program
from yuntai.city.tests.waiting import becomes_true


class Watched:
    """A supervisor together with what it said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.running_file = folder / "running.json"
        self.supervisor = Supervisor(say=self.said.append, running_file=self.running_file)

    def child(self, program: Program) -> ProcessChild:
        return ProcessChild(program, self.folder / f"{program.name}.log")

    def start(self, *programs: Program) -> None:
        self.supervisor.start([self.child(program) for program in programs])

    def watch_until(self, reached: Callable[[], bool]) -> None:
        limit = time.monotonic() + 60
        self.supervisor.watch(until=lambda: reached() or time.monotonic() > limit)
        assert reached()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    yield made
    made.supervisor.stop()


def test_waits_until_a_service_answers(watched: Watched) -> None:
    port = free_port()

    watched.start(program("web", SERVICE, str(port), str(watched.folder / "ended"), "web", port=port))

    child = watched.supervisor.processes()["web"]
    assert leftovers.is_running(child)
    assert os.getpgid(child) == child
    assert json.loads(watched.running_file.read_text()) == {
        "supervisor": os.getpid(),
        "children": {"web": {"pid": child, "restarts": 0}},
    }


def test_brings_back_a_killed_child_and_says_so_in_one_line(watched: Watched) -> None:
    watched.start(program("worker", SLEEP))
    killed = watched.supervisor.processes()["worker"]

    os.kill(killed, signal.SIGKILL)
    watched.watch_until(lambda: watched.supervisor.restarts() == {"worker": 1})

    assert watched.said == [
        f"worker 意外退出（被信号 9 终止），0.5 秒后重新启动；日志：{watched.folder / 'worker.log'}"
    ]
    back = watched.supervisor.processes()["worker"]
    assert back != killed
    assert leftovers.is_running(back)


def test_waits_longer_each_time_for_a_child_that_cannot_run(watched: Watched) -> None:
    watched.start(program("broken", "import time; time.sleep(0.3); raise SystemExit(3)"))

    watched.watch_until(lambda: len(watched.said) == 4)

    delays = [line.partition("），")[2].partition(" 秒")[0] for line in watched.said]
    assert delays == ["0.5", "1", "2", "4"]
    assert all("退出码 3" in line for line in watched.said)


def test_a_child_that_ran_steadily_comes_back_quickly(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "STEADY_SECONDS", 0.2)
    watched.start(program("broken", "import time; time.sleep(0.6); raise SystemExit(3)"))

    watched.watch_until(lambda: len(watched.said) == 3)

    delays = [line.partition("），")[2].partition(" 秒")[0] for line in watched.said]
    assert delays == ["0.5", "0.5", "0.5"]


def test_names_the_log_of_a_child_that_does_not_start(watched: Watched) -> None:
    broken = program("broken", "import sys; sys.exit('no such thing')", port=free_port())

    with pytest.raises(CityError) as refusal:
        watched.start(broken)

    log = watched.folder / "broken.log"
    assert str(refusal.value) == f"broken 启动失败（退出码 1），详情见 {log}。"
    assert log.read_text() == "no such thing\n"


def test_names_a_child_that_is_not_ready_in_time(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "START_SECONDS", 0.3)

    with pytest.raises(CityError, match="silent 在 0 秒内没有就绪"):
        watched.start(program("silent", SLEEP, port=free_port()))


def test_stops_the_last_started_first(watched: Watched) -> None:
    ended, ports = watched.folder / "ended", (free_port(), free_port())
    for name, port in zip(("first", "second"), ports, strict=True):
        watched.start(program(name, SERVICE, str(port), str(ended), name, port=port))
    children = list(watched.supervisor.processes().values())

    watched.supervisor.stop()

    assert ended.read_text().split() == ["second", "first"]
    assert not any(leftovers.is_running(child) for child in children)
    assert watched.supervisor.processes() == {}
    assert not watched.running_file.exists()


def test_kills_what_does_not_stop_in_time(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.5)
    watched.start(program("stubborn", STUBBORN))
    child = watched.supervisor.processes()["stubborn"]
    assert becomes_true(lambda: (watched.folder / "stubborn.log").read_text() == "up\n")

    started = time.monotonic()
    watched.supervisor.stop()

    assert time.monotonic() - started >= 0.5
    assert not leftovers.is_running(child)


@pytest.mark.parametrize("act", ["stop", "restart"])
def test_leaves_no_worker_of_a_killed_child(watched: Watched, act: str) -> None:
    note = watched.folder / "worker"
    watched.start(program("server", WITH_WORKER, str(note)))
    assert becomes_true(lambda: note.exists() and note.read_text() != "")
    worker = int(note.read_text())

    os.kill(watched.supervisor.processes()["server"], signal.SIGKILL)
    if act == "stop":
        watched.supervisor.stop()
    else:
        watched.watch_until(lambda: watched.said != [])

    assert becomes_true(lambda: not leftovers.is_running(worker), seconds=20)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_a_killed_supervisor_takes_its_children_along(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from yuntai.city.tests.fakes import *\n"
        "from yuntai.city.tests.test_supervisor import Watched\n"
        "watched = Watched(Path(sys.argv[1])); watched.start(program('worker', UP))\n"
        "print(watched.supervisor.processes()['worker'], flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        worker = int(supervisor.stdout.readline())
        # Until then it could end by noticing that its parent is gone, which is another promise.
        assert becomes_true(lambda: (tmp_path / "worker.log").read_text() == "up\n")

        supervisor.kill()

    assert becomes_true(lambda: not leftovers.is_running(worker), seconds=20)


def test_runs_preparations_side_by_side(tmp_path: Path) -> None:
    started = time.monotonic()

    run_together(
        [program(name, "import time; time.sleep(2); print('done')") for name in "ab"],
        lambda name: tmp_path / f"{name}.log",
    )

    assert time.monotonic() - started < 4
    assert [(tmp_path / f"{name}.log").read_text() for name in "ab"] == ["done\n", "done\n"]


def test_names_the_preparation_that_failed(tmp_path: Path) -> None:
    with pytest.raises(CityError) as refusal:
        run_together(
            [program("good", "pass"), program("bad", "raise SystemExit(2)")], lambda name: tmp_path / name
        )

    assert str(refusal.value) == f"bad 没有完成（退出码 2），详情见 {tmp_path / 'bad'}。"


def test_starts_a_new_log_when_the_old_one_is_long(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yuntai.city.children.LONGEST_LOG", 10)
    log = watched.folder / "worker.log"
    log.write_text("x" * 11)

    watched.start(program("worker", SLEEP))

    assert log.read_text() == ""
    assert (watched.folder / "worker.log.1").read_text() == "x" * 11
