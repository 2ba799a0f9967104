"""`yuntai city up | demo | reset | status`; `sandbox` is the service that `up` starts."""

import argparse
import os
import shlex
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from rich.console import Console

from yuntai.city import demo
from yuntai.city.city import City
from yuntai.city.cluster import orphaned_places
from yuntai.city.display import show_addresses, show_people, show_processes
from yuntai.city.errors import CityError
from yuntai.city.files import read_json
from yuntai.city.folder import VARIABLE, CityFolder, reason
from yuntai.city.sandbox.service import serve

OK, FAILED, STOPPED_BY_PERSON = 0, 1, 130


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code; what goes wrong is one Chinese sentence on standard error."""
    command = _parser().parse_args(argv).command
    console = Console(highlight=False)
    try:
        return COMMANDS[command](console)
    except CityError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return STOPPED_BY_PERSON
    except OSError as error:
        return _fail(f"{error.filename or '系统调用'}：{reason(error)}。{_written_down()}")
    except Exception:
        return _fail(f"程序内部出错。{_written_down()}")


def up(console: Console) -> int:
    """Run the city in the foreground until Ctrl-C."""
    with _running(console) as city:
        demo.seat(city)
        show_addresses(console, city.topology)
        show_people(console, city.topology, city.people())
        console.print("城市已就绪。按 Ctrl-C 停止。")
        try:
            city.watch(until=lambda: False)
        except KeyboardInterrupt:
            console.print("正在停止")
    return OK


def play_demo(console: Console) -> int:
    """Bring the city up, play in it, take it down; 0 only when every invariant held."""
    outcome: list[bool] = []
    with _running(console) as city:
        show_addresses(console, city.topology)
        player = threading.Thread(target=_play, args=(city, console, outcome), daemon=True)
        player.start()
        city.watch(until=lambda: not player.is_alive())
        console.print("正在停止")
    held = outcome == [True]
    console.print("演示完成，所有检查都成立。" if held else "演示未通过，未成立的检查见上。")
    return OK if held else FAILED


def reset(console: Console) -> int:
    """Remove everything of the city, after asking when somebody is there to answer."""
    folder = CityFolder.of(os.environ)
    if sys.stdin.isatty():
        answer = console.input(f"将删除 {folder.home} 中演示城市的全部数据和密钥，不能恢复。输入 yes 确认：")
        if answer.strip() != "yes":
            console.print("没有删除。")
            return FAILED
    City(say=console.print).erase()
    console.print(f"已清空：{folder.home}")
    _list_orphans(console)
    return OK


def _list_orphans(console: Console) -> None:
    """Name the database files of other cities whose folder is gone: their owner decides, not this city."""
    orphans = orphaned_places()
    if not orphans:
        return
    console.print(
        "另有其他城市的数据库文件，其城市目录已不存在。本命令不动它们；确认不再需要的，可逐个执行："
    )
    for place in orphans:
        console.print(f"  rm -r -- {shlex.quote(str(place))}", markup=False, soft_wrap=True)


def status(console: Console) -> int:
    """Say whether the city runs, and what of it."""
    folder = CityFolder.of(os.environ)
    if not folder.is_locked():
        console.print(f"城市没有运行：{folder.home}。用 yuntai city up 启动。")
        return FAILED
    show_processes(console, read_json(folder.running_file))
    show_addresses(console, City(say=console.print).topology)
    return OK


def sandbox(console: Console) -> int:
    """Serve certificates of demo persons and the clock until SIGTERM."""
    city = City(say=console.print)
    serve(city.topology, city.folder)
    return OK


COMMANDS = {"up": up, "demo": play_demo, "reset": reset, "status": status, "sandbox": sandbox}


@contextmanager
def _running(console: Console) -> Iterator[City]:
    """Have the city up for the length of a with block, with a sign of life while it starts."""
    city = City(say=lambda line: console.print(line, soft_wrap=True))
    with ExitStack() as stack:
        with console.status("正在启动城市"):
            stack.enter_context(city.running())
        yield city


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="yuntai city",
        description="在一台机器上运行整座演示城市。",
        epilog=f"环境变量：{VARIABLE} 城市目录；YUNTAI_CITY_TOPOLOGY 拓扑文件；"
        "YUNTAI_DATABASE_URL 已有数据库服务器的管理员地址；"
        "PG_BIN PostgreSQL 程序目录（wheel 表示用 Python 包自带的）。",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    commands.add_parser("up", help="在前台运行，按 Ctrl-C 停止")
    commands.add_parser("demo", help="运行并演一遍，检查都成立时退出码为 0")
    commands.add_parser("reset", help="清空城市的全部数据和密钥")
    commands.add_parser("status", help="显示正在运行的进程")
    commands.add_parser("sandbox", help="只运行演示证书与时钟服务（up 会自动启动它）")
    return parser


def _play(city: City, console: Console, outcome: list[bool]) -> None:
    try:
        outcome.append(demo.play(city, console))
    except Exception:
        console.print(f"演示中断。{_written_down()}")


def _fail(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return FAILED


def _written_down() -> str:
    """Write the current exception's traceback to the city's log and return where it is, in Chinese."""
    log = CityFolder.of(os.environ).log("city")
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            traceback.print_exc(file=file)
    except OSError as error:
        return f"详情没有写成（{log}：{reason(error)}）。"
    return f"详情见 {log}。"
