"""Which systems a city has, as deploy/city.toml declares them."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yuntai.city.declared import Declared
from yuntai.city.errors import CityError
from yuntai.city.folder import PROJECT, reason
from yuntai.standard.identifiers import credit_code
from yuntai.trust.sandbox_cas import PLANS
from yuntai.trust.sealing import HOLDERS, INTERNATIONAL, SUITES

VARIABLE = "YUNTAI_CITY_TOPOLOGY"
KINDS = ("publicservice", "trading", "supervision")
INDUSTRIES = ("construction", "transport", "water", "procurement", "land", "state_assets", "medical")
CA_LETTERS = tuple(plan.letter for plan in PLANS)
CODE_FORM = {
    "pattern": r"[a-z][a-z0-9-]{0,40}",
    "form": "只能用小写字母、数字和连字符，以字母开头，最长 41 个字符",
}

NUMBER_FORM = {"pattern": r"[0-9]{4}", "form": "应为 4 位数字"}


@dataclass(frozen=True)
class Organization:
    """A body.  code: 统一社会信用代码, 18 characters."""

    code: str
    name: str


@dataclass(frozen=True)
class System:
    """One deployment that this city runs.

    industry: "" for the platform.  keeper: the operator, or the authority of a supervision system.
    contact: who answers for it there, "" when the city does not say.
    region: GB/T 2260, the city's unless it says another; "" for everywhere.
    suite: in which a trading system seals where its tenders do not say; "" for the others.
    platform_number: 4 digits in every code that a trading system issues, "" of the others.
    """

    code: str
    kind: str
    industry: str
    title: str
    port: int
    keeper: Organization
    contact: str = ""
    region: str = ""
    suite: str = ""
    platform_number: str = ""

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def package(self) -> str:
        return f"yuntai.{self.kind}"

    @property
    def database(self) -> str:
        return self.code.replace("-", "_")


@dataclass(frozen=True)
class Connected:
    """Another body's system that sends to the platform.  operator, contact: "" when the city does not say."""

    code: str
    title: str
    operator: str = ""
    contact: str = ""


@dataclass(frozen=True)
class HolderSeat:
    """A keeper of opening keys.  keys_only: releases shares only when a person says so."""

    letter: str
    name: str
    keys_only: bool


@dataclass(frozen=True)
class Topology:
    """A whole city.

    region: GB/T 2260.  systems: the platform first, in the order they start.
    recognised_cas: letters of the sandbox CAs in the first version of the trust list.
    """

    name: str
    region: str
    sandbox_port: int
    recognised_cas: tuple[str, ...]
    systems: tuple[System, ...]
    connected: tuple[Connected, ...]
    holders: tuple[HolderSeat, ...]

    @property
    def sandbox_url(self) -> str:
        return f"http://localhost:{self.sandbox_port}"

    @property
    def platform(self) -> System:
        return next(system for system in self.systems if system.kind == "publicservice")

    def of_kind(self, kind: str) -> tuple[System, ...]:
        """Return the systems of one kind."""
        return tuple(system for system in self.systems if system.kind == kind)


def topology_file(environ: Mapping[str, str]) -> Path:
    """Return the file that declares the city."""
    return Path(environ.get(VARIABLE) or PROJECT / "deploy" / "city.toml")


def read_topology(path: Path) -> Topology:
    """Return the city that `path` declares.

    :raises CityError: the file can't be read, or what it says is wrong; names the key and what is allowed.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CityError(
            f"读不到城市拓扑文件 {path}：{reason(error)}。请检查路径，或用环境变量 {VARIABLE} 指定。"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CityError(f"{path} 不是有效的 TOML 文件（{_place(error)}）。请修改后重新启动。") from error
    return parse_topology(table, path.name)


def parse_topology(table: Mapping[str, Any], file_name: str) -> Topology:
    """Return the city that `table` declares.

    :raises CityError: as `read_topology`.
    """
    root = Declared(table, f"{file_name}：")
    root.only("city", "system", "connected", "holder")
    city = root.table("city")
    city.only("name", "region", "sandbox_port", "recognised_cas")
    region = city.text("region", pattern=r"\d{6}", form="应为 6 位行政区划代码")
    systems = [_system(row, region) for row in root.tables("system")]
    topology = Topology(
        name=city.text("name"),
        region=region,
        sandbox_port=city.port("sandbox_port"),
        recognised_cas=city.choices("recognised_cas", CA_LETTERS),
        systems=tuple(sorted(systems, key=lambda system: KINDS.index(system.kind))),
        connected=tuple(_connected(row) for row in root.tables("connected")),
        holders=tuple(_holder(row) for row in root.tables("holder")),
    )
    for sentence in _contradictions(topology):
        raise CityError(f"{file_name}：{sentence}。请修改后重新启动。")
    return topology


def _system(row: Declared, region: str) -> System:
    kind = row.choice("kind", KINDS)
    keeper = "authority" if kind == "supervision" else "operator"
    industry = () if kind == "publicservice" else ("industry",)
    of_trading = ("platform_number", "suite") if kind == "trading" else ()
    row.only("kind", "code", "title", "port", keeper, "contact", "region", *industry, *of_trading)
    return System(
        code=row.text("code", **CODE_FORM),
        kind=kind,
        industry=row.choice("industry", INDUSTRIES) if industry else "",
        title=row.text("title"),
        port=row.port("port"),
        keeper=_organization(row.table(keeper)),
        contact=row.text_if_any("contact"),
        region=row.region("region", region),
        platform_number=_platform_number(row) if of_trading else "",
        suite=row.choice("suite", SUITES, INTERNATIONAL.code) if of_trading else "",
    )


def _platform_number(row: Declared) -> str:
    # By industry and not by place in the file: a number stands in codes for good.
    usual = f"{INDUSTRIES.index(row.choice('industry', INDUSTRIES)) + 1:04d}"
    return row.text_if_any("platform_number", **NUMBER_FORM) or usual


def _organization(row: Declared) -> Organization:
    row.only("code", "name")
    code = row.text("code")
    if not credit_code.is_valid(code):
        raise row.wrong("code", f"{code!r} 不是有效的统一社会信用代码（18 位，末位为校验码）")
    return Organization(code, row.text("name", pattern=r".{1,64}", form="应为 1 到 64 个字"))


def _connected(row: Declared) -> Connected:
    row.only("code", "title", "operator", "contact")
    return Connected(
        row.text("code", **CODE_FORM),
        row.text("title"),
        row.text_if_any("operator"),
        row.text_if_any("contact"),
    )


def _holder(row: Declared) -> HolderSeat:
    row.only("letter", "name", "keys_only")
    return HolderSeat(row.choice("letter", HOLDERS), row.text("name"), row.flag("keys_only"))


def _contradictions(topology: Topology) -> Iterator[str]:
    platforms = len(topology.of_kind("publicservice"))
    if platforms != 1:
        yield f"kind = 'publicservice' 的系统应恰好有一个，现有 {platforms} 个"
    for code in _repeated([*(s.code for s in topology.systems), *(c.code for c in topology.connected)]):
        yield f"code 写的是 {code!r}，有两个系统用了它；每个系统的代码须唯一"
    for port in _repeated([topology.sandbox_port, *(system.port for system in topology.systems)]):
        yield f"port 写的是 {port}，用了两次；每个系统和 sandbox_port 须各用一个端口"
    for kind, industry in _repeated([(system.kind, system.industry) for system in topology.systems]):
        yield f"industry = {industry!r} 的 {kind} 系统有两个，最多一个"
    for number in _repeated([system.platform_number for system in topology.of_kind("trading")]):
        yield f"platform_number 写的是 {number!r}，有两个交易系统用了它；每个交易系统的平台编号须唯一"
    letters = Counter(holder.letter for holder in topology.holders)
    if letters != Counter(HOLDERS):
        present = "、".join(letters.elements()) or "空"
        yield f"holder 的 letter 现为 {present}，应恰好是 {'、'.join(HOLDERS)} 各一个"


def _repeated(values: list[Any]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]


def _place(error: Exception) -> str:
    line = re.search(r"line (\d+)", str(error))
    return f"第 {line[1]} 行附近" if line else "编码须为 UTF-8"
