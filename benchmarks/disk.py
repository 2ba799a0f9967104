"""How often the disk can be told to make something durable: what bounds every commit."""

import os
import re
import subprocess
from pathlib import Path

from yuntai.city.binaries import find_binaries

PROGRAM = "pg_test_fsync"
FDATASYNC = re.compile(r"^\s*fdatasync\s+([\d.]+) ops/sec", re.MULTILINE)


def fdatasync_rate(folder: Path) -> float | None:
    """Return the fdatasync calls per second on the disk of `folder`, None without PostgreSQL's own tool."""
    program = find_binaries(os.environ).folder / PROGRAM
    if not program.is_file():
        return None
    measured = subprocess.run(
        [program, "-s", "1", "-f", folder / "fsync.out"], capture_output=True, text=True, check=False
    )
    found = FDATASYNC.search(measured.stdout)
    return float(found[1]) if found else None


def limit_of_commits(rate: float | None) -> str:
    """Return the limit as a Chinese line."""
    if rate is None:
        return f"本机没有 {PROGRAM}，未测磁盘。"
    return f"本机磁盘每秒 fdatasync {rate:,.0f} 次；并发提交可合并落盘。"
