"""Small programs that stand in for the systems, and a city made of them."""

import os
import socket
import sys

from yuntai.city.children import Program
from yuntai.city.city import City
from yuntai.city.environment import MARK
from yuntai.city.programs import Programs, Stage

SLEEP = "import time; time.sleep(600)"
UP = "import time; print('up', flush=True); time.sleep(600)"
# Answers /livez, and writes its name down when it is asked to stop.
SERVICE = """
import http.server, pathlib, signal, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/livez" else 404)
        self.end_headers()
    def log_message(self, *words):
        pass
def stop(*_):
    with open(sys.argv[2], "a") as file:
        file.write(sys.argv[3] + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(600)
"""
WITH_WORKER = """
import subprocess, sys, time
worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w").write(str(worker.pid))
time.sleep(600)
"""


def free_port() -> int:
    """Return a port that nothing uses at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def program(name: str, code: str, *arguments: str, port: int = 0, mark: str = "") -> Program:
    """Return a program that runs `code` in Python."""
    environment = {"PATH": os.environ["PATH"], MARK: mark}
    return Program(name, (sys.executable, "-c", code, *arguments), environment, port)


def topology_text(systems: dict[str, int], sandbox_port: int) -> str:
    """Return a city.toml with these kinds of systems on these ports."""
    lines = ["[city]", 'name = "试城"', 'region = "320700"', f"sandbox_port = {sandbox_port}"]
    for kind, port in systems.items():
        keeper = "authority" if kind == "supervision" else "operator"
        lines += [
            "[[system]]",
            f'kind = "{kind}"',
            f'code = "{kind}-x"',
            f'title = "{kind}"',
            f"port = {port}",
        ]
        lines += [] if kind == "publicservice" else ['industry = "construction"']
        lines += [f'{keeper} = {{ code = "12320700YT0000011P", name = "试单位（演示）" }}']
    for letter in "TPCR":
        lines += ["[[holder]]", f'letter = "{letter}"', f'name = "{letter}"']
    return "\n".join(lines) + "\n"


class FakePrograms(Programs):
    """The order of a real city, with programs that need no Django."""

    def preparations(self) -> list[Stage]:
        return [Stage("migrate", [program("migrate", "pass", mark=str(self._folder.home))])]

    def stages(self) -> list[Stage]:
        mark, ended = str(self._folder.home), str(self._folder.home / "ended.txt")
        webs = [
            program(
                f"{system.code}-web",
                SERVICE,
                str(system.port),
                ended,
                system.code,
                port=system.port,
                mark=mark,
            )
            for system in self._topology.systems
        ]
        return [
            super().stages()[0],
            Stage("webs", webs),
            Stage("worker", [program("worker", SLEEP, mark=mark)]),
        ]


class FakeCity(City):
    """A city whose database and sandbox are real and whose systems are not."""

    programs = FakePrograms


def main() -> None:
    """Run a fake city until it is stopped, as `yuntai city up` would."""
    lines: list[str] = []
    city = FakeCity(say=lines.append)
    try:
        with city.running():
            sys.stdout.write("up\n")
            sys.stdout.flush()
            city.watch(until=lambda: False)
    except KeyboardInterrupt:
        sys.stdout.write("down\n")


if __name__ == "__main__":
    main()
