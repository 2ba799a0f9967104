"""What a supervisor runs: a program in a process group of its own, or the database server."""

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from yuntai.city.accounts import tethered
from yuntai.city.folder import PROJECT
from yuntai.city.postgres import Postgres

LONGEST_LOG = 20 * 1000**2


class Child(Protocol):
    """Something that the supervisor runs.  name: of its log file.  pid: 0 while it doesn't run."""

    @property
    def name(self) -> str: ...

    @property
    def pid(self) -> int: ...

    @property
    def log(self) -> Path: ...

    def start(self) -> None: ...

    def is_alive(self) -> bool: ...

    def is_ready(self) -> bool: ...

    def ending(self) -> str: ...

    def ask_to_stop(self) -> None: ...

    def finish(self, until: float) -> None: ...


@dataclass(frozen=True)
class Program:
    """A command with its environment.

    port: answers GET /livez there once it is ready; 0 when it is ready as soon as it runs.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    port: int = 0


class ProcessChild:
    """One program in a process group of its own, its output in a log file."""

    def __init__(self, program: Program, log: Path) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self.log = log

    @property
    def name(self) -> str:
        return self._program.name

    @property
    def pid(self) -> int:
        return self._process.pid if self._process and self.is_alive() else 0

    def start(self) -> None:
        """Start the program."""
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                tethered(self._program.command),
                cwd=PROJECT,
                env=dict(self._program.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def is_ready(self) -> bool:
        return self.is_alive() and (not self._program.port or answers(self._program.port))

    def ending(self) -> str:
        """Return in Chinese how it ended."""
        code = self._process.poll() if self._process else None
        if code is None:
            return "未在运行"
        return f"被信号 {-code} 终止" if code < 0 else f"退出码 {code}"

    def ask_to_stop(self) -> None:
        if self._process and self.is_alive():
            self._process.send_signal(signal.SIGTERM)

    def finish(self, until: float) -> None:
        """Wait for the end until the monotonic instant `until`, then kill; nothing of its group is left."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, until - time.monotonic()))
        # A killed server may leave workers that hold its port.  macOS refuses for a group of zombies.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None  # its number may soon be a stranger's


class DatabaseChild:
    """The database server as the supervisor sees it; starting it includes waiting for its recovery."""

    name = "postgres"

    def __init__(self, server: Postgres, log: Path) -> None:
        self._server = server
        self.log = log

    @property
    def pid(self) -> int:
        return self._server.pid

    def start(self) -> None:
        self._server.start()

    def is_alive(self) -> bool:
        return self._server.is_alive()

    def is_ready(self) -> bool:
        return self._server.is_alive()

    def ending(self) -> str:
        return "数据库进程已退出"

    def ask_to_stop(self) -> None:
        """Leave it to `finish`: the systems' last statements may still be running."""

    def finish(self, until: float) -> None:
        self._server.stop()


def answers(port: int) -> bool:
    """Return whether GET /livez of the service on `port` is answered with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/livez", headers={"Host": f"localhost:{port}"})
        response = connection.getresponse()
        response.read()  # closing on an unread answer resets the connection
        return response.status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
