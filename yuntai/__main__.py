"""`yuntai <what> …`: one entry for systems, city and tools; each is loaded only when asked for."""

import os
import sys
from collections.abc import Callable
from importlib import import_module

SYSTEMS = ("publicservice", "trading", "supervision")
TOOLS = {
    "bid": ("yuntai.bidtool.command", "投标人工具：编制、密封、递交投标文件"),
    "city": ("yuntai.city.command", "在一台机器上运行整座城市：up、demo、ahead、release、reset、status"),
    "conform": ("yuntai.conformance.command", "从外部检测交易系统是否符合规定，写出检测报告"),
    "holder": ("yuntai.holder.command", "开标密钥保管方的进程"),
}
OWNER_COMMANDS = {"migrate", "makemigrations"}


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    what, *rest = (sys.argv[1:] if argv is None else argv) or ["--help"]
    if what in SYSTEMS:
        return _manage(what, rest)
    if what in TOOLS:
        run: Callable[[list[str]], int] = import_module(TOOLS[what][0]).main
        return run(rest)
    _print_help()
    return 0 if what in {"-h", "--help", "help"} else 2


def _manage(system: str, arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - tools need no Django

    os.environ["DJANGO_SETTINGS_MODULE"] = f"yuntai.{system}.settings"
    if arguments and arguments[0] in OWNER_COMMANDS:
        os.environ["YUNTAI_DB_ROLE"] = "owner"
    execute_from_command_line([f"yuntai {system}", *arguments])
    return 0


def _print_help() -> None:
    lines = ["用法：yuntai <命令> …", ""]
    lines += [f"  {name:<14}{help_text}" for name, (_, help_text) in TOOLS.items()]
    lines += [f"  {name:<14}该系统的管理命令：migrate、work、check …" for name in SYSTEMS]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
