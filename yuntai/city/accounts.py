"""Whom PostgreSQL runs as: it refuses root, so root drops to an account that the machine already has."""

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yuntai.city.errors import CityError

ACCOUNTS = ("postgres", "nobody")
TETHER = Path(__file__).with_name("tether.py")


@dataclass(frozen=True)
class Account:
    """An account of the machine, by number."""

    name: str
    uid: int
    gid: int


def database_account() -> Account | None:
    """Return the account for PostgreSQL; None when this process isn't root and needs no other.

    :raises CityError: root, and the machine has none of the accounts.
    """
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise CityError(
        f"PostgreSQL 不能以 root 运行，而本机没有 {'、'.join(ACCOUNTS)} 账户。"
        "请以普通用户启动，或先建立其中一个账户。"
    )


def run_as(
    account: Account | None, command: Sequence[str], *, environ: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run `command` to its end as `account` and return what it said; the exit code is the caller's to judge.

    :raises OSError: the account may not run it.
    """
    return subprocess.run(
        command,
        cwd="/",
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def tethered(
    command: Sequence[str], *, account: Account | None = None, number: signal.Signals = signal.SIGTERM
) -> list[str]:
    """Return `command` so wrapped that the program gets signal `number` when this process dies.

    Start it from a thread that lives as long as this process: the kernel ties to the thread.
    """
    uid, gid = (str(account.uid), str(account.gid)) if account else ("-", "-")
    wrapper = [sys.executable, "-I", "-S", str(TETHER)]
    return [*wrapper, str(int(number)), str(os.getpid()), uid, gid, *command]
