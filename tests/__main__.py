"""Runs all tests: the pure ones, each system's under its own settings, the whole city, the browser.

python -m tests [pytest options]; one pytest process a part, since each system has settings of its own.
"""

import subprocess
import sys
import time
from dataclasses import dataclass

PURE = ("law", "trust", "standard", "evaluation", "procedures", "holder", "bidtool", "conformance", "city")
SYSTEMS = ("publicservice", "trading", "supervision")


@dataclass(frozen=True)
class Part:
    """A pytest run.  arguments: folders and options."""

    name: str
    arguments: tuple[str, ...]


def parts() -> list[Part]:
    """Return the runs in order, quick ones first."""
    pure = Part("知识、工具与实例", (*(f"yuntai/{package}" for package in PURE), "examples"))
    house = Part("房子的规矩", ("tests/boundaries", "tests/law", "tests/frontend"))
    kernel = Part("公共部件", ("--ds=yuntai.trading.settings", "yuntai/kernel"))
    systems = [Part(f"系统 {each}", (f"--ds=yuntai.{each}.settings", f"yuntai/{each}")) for each in SYSTEMS]
    whole = Part("整座城市、故障与浏览器", ("tests/city", "tests/faults", "tests/browser"))
    return [house, pure, kernel, *systems, whole]


def main(options: list[str]) -> int:
    """Run every part, also after a failure, and return 1 if any failed."""
    failed = []
    for number, part in enumerate(parts(), start=1):
        print(f"\n[{number}/{len(parts())}] {part.name}", flush=True)
        started = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", *part.arguments, *options]
        if subprocess.run(command, check=False).returncode != 0:
            failed.append(part.name)
        print(f"      {time.monotonic() - started:.0f} 秒", flush=True)
    print(f"\n未通过：{'、'.join(failed)}" if failed else "\n全部通过")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
