"""One city on this machine: brings up what its topology declares and takes it down again."""

import os
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from yuntai.city import leftovers
from yuntai.city.children import DatabaseChild, ProcessChild, Program
from yuntai.city.cluster import Cluster
from yuntai.city.database import (
    DatabaseAccess,
    close_own_databases,
    drop_system_database,
    ensure_system_database,
)
from yuntai.city.disk import DiskWatch
from yuntai.city.environment import MARK, Environments
from yuntai.city.errors import CityError
from yuntai.city.folder import CityFolder
from yuntai.city.postgres import VARIABLE as DATABASE_VARIABLE
from yuntai.city.postgres import Postgres
from yuntai.city.processes import Say, Supervisor, run_together
from yuntai.city.programs import Programs
from yuntai.city.sandbox.clock import SandboxClock
from yuntai.city.sandbox.issuer import Issuer
from yuntai.city.sandbox.people import Person, demo_people
from yuntai.city.sandbox.trust_list import SandboxTrustList
from yuntai.city.topology import Topology, read_topology, topology_file
from yuntai.city.vault import Vault

ENDING = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))


class City:
    """A city; `with city.running():` has it up.

    environ: YUNTAI_CITY_DIR, YUNTAI_CITY_TOPOLOGY, YUNTAI_DATABASE_URL and PG_BIN count.
    say: takes one Chinese line for the person watching.
    """

    programs = Programs  # tests put smaller ones in its place

    def __init__(self, environ: Mapping[str, str] = os.environ, *, say: Say) -> None:
        self._environ = environ
        self._say = say
        self._source = topology_file(environ)
        self.folder = CityFolder.of(environ)
        self.topology: Topology = read_topology(self._source)
        self._supervisor = Supervisor(say=say, running_file=self.folder.running_file)
        self._database = Postgres(self.folder.home, environ)
        self._access: dict[str, DatabaseAccess] = {}

    # For whoever plays in the city.

    def url(self, code: str) -> str:
        """Return the address of the system `code`, "http://localhost:8010" for one."""
        return next(system.url for system in self.topology.systems if system.code == code)

    def people(self) -> tuple[Person, ...]:
        """Return the demo persons, the main ones first."""
        return demo_people(self.topology)

    def bundle(self, person_id: str) -> dict[str, Any]:
        """Return the key and certificate of a demo person, as the sandbox service hands them out."""
        return Issuer(self.folder.sandbox).bundle(person_id)

    @property
    def trust_list(self) -> SandboxTrustList:
        """Return the trust list of this city, whose officers are made up too."""
        return SandboxTrustList(self.folder.sandbox, self.topology.sandbox_url)

    def connected_key(self, code: str) -> Path:
        """Return the file of the signing key of a connected system that the city runs no process for."""
        return self.folder.secrets / f"{code}.signing-key"

    def database(self, code: str) -> DatabaseAccess:
        """Return how the running system `code` reaches its database: for checks, never to play through."""
        return self._access[code]

    def shift(self) -> timedelta:
        """Return how far the city's clock is ahead of real time."""
        return timedelta(seconds=self._clock.shift_seconds())

    def set_shift(self, shift: timedelta) -> None:
        """Set how far the city's clock is ahead of real time."""
        self._clock.set(shift.total_seconds())

    def processes(self) -> dict[str, int]:
        """Return the process number of each running process by its name, e.g. "trading-construction-web"."""
        return self._supervisor.processes()

    def restarts(self) -> dict[str, int]:
        """Return how often each process had to be started again since the city came up."""
        return self._supervisor.restarts()

    @property
    def _clock(self) -> SandboxClock:
        return SandboxClock(self.folder.clock_file)

    # Running.

    @contextmanager
    def running(self) -> Iterator["City"]:
        """Have the city up for the length of a with block; it is down afterwards, whatever happens.

        :raises CityError: with one sentence that says what to do.
        """
        self.folder.prepare()
        with self.folder.locked(), _stop_signals():
            try:
                self._start()
                yield self
            finally:
                with _deaf():
                    self._supervisor.stop()

    def watch(self, until: Callable[[], bool]) -> None:
        """Keep everything running until `until` answers true; say when the disk runs full."""
        disk = DiskWatch(self.folder.home, self._say)

        def is_done() -> bool:
            disk.look()
            return until()

        self._supervisor.watch(is_done)

    def erase(self) -> None:
        """Remove everything of this city: rows, files, keys.

        :raises CityError: it is running, or the given database server can't be reached.
        """
        self.folder.prepare()
        with self.folder.locked():
            self._end_leftovers()
            if self._environ.get(DATABASE_VARIABLE):
                self._database.start()
                for system in self.topology.systems:
                    drop_system_database(self._database.admin_url, system.database)
            Cluster.of(self.folder).erase()
            self.folder.erase()

    def _start(self) -> None:
        self._end_leftovers()
        self._require_ports()
        now = datetime.now(UTC)
        Issuer(self.folder.sandbox).prepare(self.people(), now=now)
        self.trust_list.prepare(self.topology.recognised_cas, now=now)
        Environments(self.topology, self.folder).write_lists()
        self._say("启动数据库")
        self._supervisor.start([DatabaseChild(self._database, self.folder.log("postgres"))])
        programs = self._programs()
        for stage in programs.preparations():
            self._say(stage.title)
            run_together(stage.programs, self.folder.log)
        for stage in programs.stages():
            self._say(stage.title)
            self._supervisor.start([self._child(program) for program in stage.programs])

    def _programs(self) -> Programs:
        admin_url, vault = self._database.admin_url, Vault(self.folder.secrets)
        if not self._environ.get(DATABASE_VARIABLE):
            close_own_databases(admin_url)
        self._access = {
            system.code: ensure_system_database(admin_url, system.database, vault)
            for system in self.topology.systems
        }
        return self.programs(self.topology, self._source, self.folder, self._access)

    def _child(self, program: Program) -> ProcessChild:
        return ProcessChild(program, self.folder.log(program.name))

    def _end_leftovers(self) -> None:
        find = partial(leftovers.marked, f"{MARK}={self.folder.home}")
        if not leftovers.end(find, steps=ENDING):
            numbers = "、".join(str(pid) for pid in find())
            raise CityError(f"上次运行留下的进程 {numbers} 停不下来。请手动结束它们后再启动。")

    def _require_ports(self) -> None:
        wanted = {f"{system.code} 的 port": system.port for system in self.topology.systems}
        for key, port in (wanted | {"city 的 sandbox_port": self.topology.sandbox_port}).items():
            if not is_free(port):
                raise CityError(
                    f"端口 {port} 已被别的程序占用。"
                    f"请停掉它，或在 {self._source} 中把 {key} 改为空闲端口后重新启动。"
                )


def is_free(port: int) -> bool:
    """Return whether nothing listens on `port` of localhost, on either family of addresses."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with suppress(OSError), socket.socket(family) as probe:
            probe.settimeout(1)
            if probe.connect_ex((address, port)) == 0:
                return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextmanager
def _stop_signals() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end the block as Ctrl-C does."""
    with _handled(signal.default_int_handler, signal.SIGTERM, signal.SIGHUP):
        yield


@contextmanager
def _deaf() -> Iterator[None]:
    """Let an impatient second Ctrl-C not break off the stopping."""
    with _handled(signal.SIG_IGN, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        yield


@contextmanager
def _handled(handler: Any, *numbers: signal.Signals) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
