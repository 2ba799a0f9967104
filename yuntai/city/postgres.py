"""The city's PostgreSQL server: one that is given by address, or our own as a direct child of this process.

Leaves out databases and roles (database.py) and where the files lie (cluster.py).
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import psycopg

from yuntai.city.accounts import tethered
from yuntai.city.binaries import OLDEST_MAJOR, Binaries
from yuntai.city.cluster import ADMINISTRATOR, Cluster
from yuntai.city.errors import CityError
from yuntai.city.folder import CityFolder

VARIABLE = "YUNTAI_DATABASE_URL"
ADDRESS = "127.0.0.1"
# Below the ports that systems give to outgoing connections, so that a remembered one stays free.
PORTS = range(15432, 16432)
START_SECONDS = 60.0  # recovery after a kill included
STOPPING = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
TRIES = 5


class Server(Protocol):
    """A PostgreSQL server.  admin_url: of its administrator, with the password."""

    @property
    def admin_url(self) -> str: ...

    @property
    def pid(self) -> int: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def is_alive(self) -> bool: ...

    def erase(self) -> None: ...


class Postgres:
    """The server of the city in `home`.

    environ: YUNTAI_DATABASE_URL names a server that runs already; PG_BIN names the programs to run.
    """

    def __init__(self, home: Path, environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        url = environ.get(VARIABLE, "")
        folder = CityFolder(home.resolve())
        self._server: Server = GivenServer(url) if url else OwnServer(folder, environ)

    @property
    def admin_url(self) -> str:
        """Return the administrator's address of the running server, password included."""
        return self._server.admin_url

    @property
    def pid(self) -> int:
        """Return the process number of our own running server, else 0."""
        return self._server.pid

    def start(self) -> None:
        """Start the server and return when it takes connections; a second call changes nothing.

        :raises CityError: with one sentence that says what to do.
        """
        self._server.start()

    def stop(self) -> None:
        """Stop our own server; connections are cut, what was committed stays."""
        self._server.stop()

    def is_alive(self) -> bool:
        """Return whether our own server runs; a given server is not ours to watch and counts as alive."""
        return self._server.is_alive()

    def erase(self) -> None:
        """Remove our own server's files for good."""
        self._server.erase()

    @contextmanager
    def running(self) -> Iterator["Postgres"]:
        """Start the server for the length of a with block."""
        self.start()
        try:
            yield self
        finally:
            self.stop()


class GivenServer:
    """A server that somebody else runs.  url: of a role that may create databases and roles."""

    def __init__(self, url: str) -> None:
        self.admin_url = url
        self.pid = 0

    def start(self) -> None:
        """Check that it answers and is new enough."""
        try:
            with psycopg.connect(self.admin_url, connect_timeout=5) as connection:
                major = connection.info.server_version // 10000
        except psycopg.Error as error:
            raise CityError(
                f"连接不上 {VARIABLE} 指明的数据库服务器。请检查地址、账户和密码，并确认服务器已启动。"
            ) from error
        if major < OLDEST_MAJOR:
            raise CityError(f"{VARIABLE} 指明的服务器是 PostgreSQL {major}，需要 {OLDEST_MAJOR} 或更新版本。")

    def stop(self) -> None:
        """Leave it alone."""

    def is_alive(self) -> bool:
        return True

    def erase(self) -> None:
        """Leave it alone; the city's databases are dropped one by one."""


class OwnServer:
    """A server that this process starts as its direct child, on the loopback address only."""

    def __init__(self, folder: CityFolder, environ: Mapping[str, str]) -> None:
        self._folder = folder
        self._environ = environ
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._has_run = False

    @property
    def admin_url(self) -> str:
        password = Cluster.of(self._folder).password.read_text()
        return f"postgresql://{ADMINISTRATOR}:{quote(password)}@{ADDRESS}:{self._port}/postgres"

    @property
    def pid(self) -> int:
        return self._process.pid if self._process and self.is_alive() else 0

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it; after a kill it recovers first."""
        if self.is_alive():
            return
        self._folder.prepare()
        cluster = Cluster.of(self._folder)
        binaries = cluster.prepare(self._environ)
        for _ in range(TRIES):
            self._port = self._choose_port()
            self._launch(cluster, binaries)
            if self._becomes_ready(cluster):
                self._has_run = True
                return
            # Orphans of a killed server may hold its shared memory a moment longer, and a port may be lost.
            self.stop()
            time.sleep(0.5)
        raise CityError(
            f"数据库启动失败，详情见 {self._folder.log('postgres')}。请按其中最后几行处理后重新启动。"
        )

    def stop(self) -> None:
        if self._process is None:
            return
        for number, seconds in STOPPING:
            if self._process.poll() is None:
                self._process.send_signal(number)
            try:
                self._process.wait(seconds)
                break
            except subprocess.TimeoutExpired:
                continue
        self._process = None

    def erase(self) -> None:
        self.stop()
        Cluster.of(self._folder).erase()

    def _choose_port(self) -> int:
        if self._has_run:
            return self._port  # the running systems were told it
        remembered = self._folder.state().get("postgres_port", 0)
        start = int(self._folder.hash, 16) % len(PORTS)
        for port in (remembered, *PORTS[start:], *PORTS[:start]):
            if port and _is_free(port):
                self._folder.remember(postgres_port=port)
                return int(port)
        raise CityError(
            f"{PORTS.start} 到 {PORTS.stop - 1} 的端口都被占用，数据库无法启动。请停掉占用端口的程序。"
        )

    def _launch(self, cluster: Cluster, binaries: Binaries) -> None:
        settings = {
            "listen_addresses": ADDRESS,
            "port": str(self._port),
            "unix_socket_directories": "",
            "fsync": "on",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "logging_collector": "off",
        }
        command = [binaries.program("postgres"), "-D", str(cluster.data)]
        command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with self._folder.log("postgres").open("ab") as log:
            self._process = subprocess.Popen(
                tethered(command, account=cluster.account, number=signal.SIGINT),
                cwd="/",
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C must not reach it before the systems have stopped
            )

    def _becomes_ready(self, cluster: Cluster) -> bool:
        until = time.monotonic() + START_SECONDS
        while self.is_alive() and time.monotonic() < until:
            if self._process and cluster.started() == self._process.pid:
                return True
            time.sleep(0.02)
        return False


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True
