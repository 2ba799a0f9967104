"""What a person sees in the terminal: where to go, as whom to log in, what runs."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from yuntai.city.releasing import hand_seat
from yuntai.city.sandbox.people import Person, systems_of
from yuntai.city.topology import Topology


def show_addresses(console: Console, topology: Topology) -> None:
    """Print the address of each system."""
    table = _table(f"{topology.name}演示城市", "系统", "地址", "运行单位")
    for system in topology.systems:
        table.add_row(system.title, system.url, system.keeper.name)
    table.add_row("演示证书与时钟", topology.sandbox_url, "仅供演示")
    console.print(table)


def show_people(console: Console, topology: Topology, people: tuple[Person, ...]) -> None:
    """Print whom one may log in as, and where."""
    table = _table("演示登录（在登录页中选取）", "角色", "姓名", "单位", "登录地址")
    main = [person for person in people if not person.crowd]
    for person in main:
        table.add_row(person.role_name, person.name, person.organization.name, login_url(topology, person))
    console.print(table)
    console.print(
        f"另有 {len(people) - len(main)} 家演示建筑企业的投标人，见 {topology.sandbox_url}/people。"
    )
    keeper = hand_seat(topology)
    if keeper is not None:
        console.print(
            f"保管方 {keeper.letter}（{keeper.name}）只由人释放密钥份额，别的保管方不应答时用：",
            soft_wrap=True,
        )
        console.print("  .venv/bin/yuntai city release 标段编号")


def login_url(topology: Topology, person: Person) -> str:
    """Return the login page of the system where `person` works first."""
    code = systems_of(person, topology)[0]
    return next(f"{system.url}/login" for system in topology.systems if system.code == code)


def show_processes(console: Console, running: Mapping[str, Any]) -> None:
    """Print what runs, as the supervisor last wrote it down."""
    table = _table(f"运行中的进程（总进程 {running.get('supervisor', '未知')}）", "进程", "编号", "重启次数")
    for name, child in running.get("children", {}).items():
        table.add_row(name, str(child["pid"] or "未在运行"), str(child["restarts"]))
    console.print(table)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        # An address that is broken in two can't be clicked or copied.
        table.add_column(column, overflow="fold", no_wrap=column.endswith("地址"))
    return table
