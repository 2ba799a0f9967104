"""Everything about the code that needs no running system: `make check`."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

BIN = Path(sys.executable).parent
PYTHON = sys.executable
SYSTEMS = ("publicservice", "trading", "supervision")

PURE = ("law", "trust", "standard", "evaluation", "procedures", "bidtool", "holder", "conformance", "city")


@dataclass(frozen=True)
class Check:
    """One check.  environment: what to set beside the process's own."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def types(system: str, *packages: str) -> Check:
    """Return the type check of a system; Django's types depend on whose settings are loaded."""
    command = [str(BIN / "mypy"), "--cache-dir", f".mypy_cache/{system}"]
    command += [argument for package in packages for argument in ("-p", f"yuntai.{package}")]
    return Check(f"类型 {system}", command, {"DJANGO_SETTINGS_MODULE": f"yuntai.{system}.settings"})


def migrations(system: str) -> Check:
    """Return the check that no model of a system lacks its migration."""
    arguments = ["makemigrations", "--check", "--dry-run"]
    return Check(f"迁移 {system}", [PYTHON, "-W", "ignore", "-m", "yuntai", system, *arguments])


CHECKS = [
    Check("格式", [str(BIN / "ruff"), "format", "--check", "."]),
    Check("规范", [str(BIN / "ruff"), "check", "."]),
    types("trading", "trading", "kernel", *PURE),
    types("publicservice", "publicservice"),
    types("supervision", "supervision"),
    Check(
        "类型 tests",
        [str(BIN / "mypy"), "--cache-dir", ".mypy_cache/trading", "-p", "tests", "-p", "benchmarks"],
        {"DJANGO_SETTINGS_MODULE": "yuntai.trading.settings"},
    ),
    Check("导入契约", [str(BIN / "lint-imports"), "--no-cache"]),
    *(migrations(system) for system in SYSTEMS),
    Check("交易流程说明", [PYTHON, "-m", "yuntai.procedures.pages", "--check"]),
]


def main() -> int:
    """Run every check and return 1 if any failed; a failed one shows its output."""
    failed = []
    for check in CHECKS:
        environment = os.environ | check.environment
        outcome = subprocess.run(check.command, env=environment, capture_output=True, text=True, check=False)
        good = outcome.returncode == 0
        print(f"{'通过' if good else '不符'}  {check.name}", flush=True)
        if not good:
            failed.append(check.name)
            print(outcome.stdout + outcome.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
