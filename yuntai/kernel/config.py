"""Reads a deployment's settings from the environment; a wrong value stops the start with one sentence.

Secrets come from files (NAME_FILE), never from the command line.  In a sandbox (YUNTAI_SANDBOX=1) what is
missing gets a harmless default, so that checks and tests need no deployment.
"""

import os
from collections.abc import Sequence
from pathlib import Path

SANDBOX = os.environ.get("YUNTAI_SANDBOX") == "1"


class ConfigError(SystemExit):
    """The environment is wrong: the message names the variable and what it may be."""


def text(name: str, default: str | None = None) -> str:
    """Return the variable `name`; `default` stands in when it is unset.

    :raises ConfigError: it is unset and has no default.
    """
    value = os.environ.get(name, default)
    if value is None:
        raise ConfigError(f"缺少环境变量 {name}。请在部署的 env 文件中设置它，再启动。")
    return value


def in_sandbox(name: str, default: str) -> str:
    """Return the variable `name`; only a sandbox may leave it unset and use `default`."""
    return text(name, default if SANDBOX else None)


def choice(name: str, allowed: Sequence[str]) -> str:
    """Return the variable `name`, which must be one of `allowed`; a sandbox defaults to the first."""
    value = in_sandbox(name, allowed[0])
    if value not in allowed:
        raise ConfigError(f"{name}={value!r}：只能是 {', '.join(allowed)} 之一。")
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return whether the variable `name` is "1"; only "0" and "1" are allowed."""
    value = text(name, "1" if default else "0")
    if value not in {"0", "1"}:
        raise ConfigError(f"{name}={value!r}：只能是 0 或 1。")
    return value == "1"


def secret(name: str) -> str:
    """Return the secret in the file that NAME_FILE names; a sandbox may do without a file.

    :raises ConfigError: the variable is unset, or its file can't be read.
    """
    path = in_sandbox(f"{name}_FILE", "")
    if not path:
        return f"sandbox-only-{name.lower()}-without-a-file-0123456789abcdef"
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigError(
            f"{name}_FILE={path}：读不到该文件（{error.strerror}）。请检查路径和权限。"
        ) from error
