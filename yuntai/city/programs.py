"""Which programs make up a city, in the order they start."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yuntai.city import topology as topologies
from yuntai.city.children import Program
from yuntai.city.database import DatabaseAccess
from yuntai.city.environment import Environments
from yuntai.city.folder import CityFolder
from yuntai.city.topology import System, Topology

YUNTAI = (sys.executable, "-m", "yuntai")
# One process with threads: on a small machine a second one costs more memory than it brings.
GRANIAN = (
    *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
    *("--host", "127.0.0.1", "--workers", "1", "--blocking-threads", "4", "--workers-kill-timeout", "3"),
)


@dataclass(frozen=True)
class Stage:
    """Programs that start together.  title: what is done, one Chinese line."""

    title: str
    programs: list[Program]


class Programs:
    """The programs of one city.

    source: file of the topology.  access: database of each system, by its code.
    """

    def __init__(
        self, topology: Topology, source: Path, folder: CityFolder, access: Mapping[str, DatabaseAccess]
    ) -> None:
        self._topology = topology
        self._source = source
        self._folder = folder
        self._access = access
        self._environments = Environments(topology, folder)

    def preparations(self) -> list[Stage]:
        """Return what runs to its end before the systems start."""
        systems = self._topology.systems
        return [
            Stage("建立数据表", [self._once(system, "migrate", "--no-input") for system in systems]),
            Stage(
                "收集页面资源",
                [self._once(system, "collectstatic", "--no-input", "-v", "0") for system in systems],
            ),
            Stage("登记对接系统", [self._taking_over()]),
        ]

    def stages(self) -> list[Stage]:
        """Return what runs on, in the order of starting."""
        systems = self._topology.systems
        return [
            Stage("启动演示证书与时钟服务", [self._sandbox()]),
            Stage("启动各系统的网站", [self._web(system) for system in systems]),
            Stage("启动后台任务", [self._worker(system) for system in systems]),
            Stage("启动开标密钥保管方", self._holders()),
        ]

    def _once(self, system: System, command: str, *arguments: str) -> Program:
        environment = self._environments.of_owner(system, self._access[system.code])
        words = (*YUNTAI, system.kind, command, *arguments)
        return Program(f"{system.code}-{command}", words, environment)

    def _taking_over(self) -> Program:
        platform = self._topology.platform
        environment = self._environments.of_system(platform, self._access[platform.code])
        words = (*YUNTAI, platform.kind, "take_over_systems")
        return Program(f"{platform.code}-take-over-systems", words, environment)

    def _web(self, system: System) -> Program:
        environment = self._environments.of_system(system, self._access[system.code]) | {"DB_POOL": "1"}
        words = (*GRANIAN, "--port", str(system.port), f"{system.package}.wsgi:application")
        return Program(f"{system.code}-web", words, environment, port=system.port)

    def _worker(self, system: System) -> Program:
        environment = self._environments.of_system(system, self._access[system.code])
        return Program(f"{system.code}-worker", (*YUNTAI, system.kind, "work"), environment)

    def _sandbox(self) -> Program:
        environment = self._environments.of_sandbox() | {topologies.VARIABLE: str(self._source)}
        return Program("sandbox", (*YUNTAI, "city", "sandbox"), environment, port=self._topology.sandbox_port)

    def _holders(self) -> list[Program]:
        programs = []
        for system in self._topology.of_kind("trading"):
            for seat in self._topology.holders:
                home = self._folder.holder(system.code, seat.letter)
                words = ("holder", "--letter", seat.letter, "--home", str(home), "--trading", system.url)
                key = ("--trading-key", self._environments.public_key(system.code).hex())
                mode = ("--keys-only",) if seat.keys_only else ()
                name = f"{system.code}-holder-{seat.letter}"
                programs.append(Program(name, (*YUNTAI, *words, *key, *mode), self._environments.of_holder()))
        return programs
