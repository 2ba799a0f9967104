"""A city of its own for tests and benchmarks: in a folder of its own, on free ports, gone afterwards."""

import json
import os
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from yuntai.city.city import City
from yuntai.city.folder import PROJECT

PORT = re.compile(r"port = \d+")
# An outside database server may hold another city's rows under the same names, so it is never used here.
PASSED_ON = ("PG_BIN",)


@contextmanager
def running_city(folder: Path, *, recognised_cas: Sequence[str] = ()) -> Iterator[City]:
    """Have a city running in `folder`; its processes, database and files are gone afterwards.

    recognised_cas: letters of the sandbox CAs in its first trust list; all when left out.
    """
    topology = folder / "city.toml"
    declared = (PROJECT / "deploy" / "city.toml").read_text(encoding="utf-8")
    if recognised_cas:
        declared = declared.replace("[city]\n", f"[city]\nrecognised_cas = {json.dumps(recognised_cas)}\n")
    topology.write_text(on_free_ports(declared), encoding="utf-8")
    environ = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {
        "YUNTAI_CITY_DIR": str(folder / "city"),
        "YUNTAI_CITY_TOPOLOGY": str(topology),
    }
    city = City(environ, say=lambda line: None)
    try:
        with city.running():
            yield city
    finally:
        city.erase()


def on_free_ports(declared: str) -> str:
    """Return the topology with every port replaced by a free one."""
    with ExitStack() as held:

        def free(_: object) -> str:
            probe = held.enter_context(socket.socket())  # held until all are chosen, so that no two are equal
            probe.bind(("127.0.0.1", 0))
            return f"port = {probe.getsockname()[1]}"

        return PORT.sub(free, declared)
