"""What may stand in deploy/city.toml, and what is said when something else does."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from yuntai.city.errors import CityError
from yuntai.city.tests.fakes import topology_text
from yuntai.city.topology import INDUSTRIES, parse_topology, read_topology, topology_file
from yuntai.standard.identifiers import credit_code

Change = Callable[[dict[str, Any]], object]


def declared() -> dict[str, Any]:
    """Return a small city that is right: a platform, a trading and a supervision system."""
    ports = {"publicservice": 8000, "trading": 8010, "supervision": 8020}
    return tomllib.loads(topology_text(ports, 8090))


def refusal_of(change: Change) -> str:
    table = declared()
    change(table)
    with pytest.raises(CityError) as refusal:
        parse_topology(table, "city.toml")
    return str(refusal.value)


def test_the_city_that_comes_with_the_code() -> None:
    topology = read_topology(topology_file({}))

    assert [(system.code, system.url) for system in topology.systems] == [
        ("publicservice", "http://localhost:8000"),
        ("trading-construction", "http://localhost:8010"),
        ("supervision-construction", "http://localhost:8020"),
    ]
    assert topology.sandbox_url == "http://localhost:8090"
    assert topology.platform.database == "publicservice"
    assert topology.systems[1].database == "trading_construction"
    assert topology.systems[1].package == "yuntai.trading"
    assert [connected.code for connected in topology.connected] == ["history-archive"]
    assert [(seat.letter, seat.keys_only) for seat in topology.holders] == [
        ("T", False), ("P", False), ("C", False), ("R", True),
    ]  # fmt: skip
    assert all(credit_code.is_valid(system.keeper.code) for system in topology.systems)
    assert all("演示" in system.keeper.name for system in topology.systems)


def test_starts_the_platform_first_wherever_it_is_declared() -> None:
    table = declared()
    table["system"].reverse()

    kinds = [system.kind for system in parse_topology(table, "city.toml").systems]

    assert kinds == ["publicservice", "trading", "supervision"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda t: t["system"][1].update(kind="shop"),
            "system[2].kind：写的是 'shop'，只能是 publicservice、trading、supervision 之一",
        ),
        (
            lambda t: t["system"][1].update(industry="wood"),
            f"system[2].industry：写的是 'wood'，只能是 {'、'.join(INDUSTRIES)} 之一",
        ),
        (lambda t: t["system"][1].pop("industry"), "system[2].industry：缺少这个键，应为文字"),
        (lambda t: t["system"][0].update(industry="land"), "system[1].industry：没有这个键，可用的键："),
        (lambda t: t["system"][1].update(prot=8010), "system[2].prot：没有这个键，可用的键："),
        (lambda t: t["system"][1].update(code="Trading"), "system[2].code：写的是 'Trading'，只能用小写"),
        (lambda t: t["system"][1].update(code="a" * 42), f"system[2].code：写的是 '{'a' * 42}'"),
        (lambda t: t["system"][1].update(title=""), "system[2].title：写的是 ''，不能为空"),
        (lambda t: t["system"][1].update(port="8010"), "system[2].port：写的是 '8010'，应为整数"),
        (lambda t: t["system"][1].update(port=True), "system[2].port：写的是 True，应为整数"),
        (lambda t: t["system"][1].update(port=1023), "system[2].port：写的是 1023，端口只能是 1024 到"),
        (lambda t: t["system"][1].update(port=65536), "system[2].port：写的是 65536，端口只能是 1024 到"),
        (lambda t: t["system"][1].update(port=8000), "port 写的是 8000，用了两次"),
        (lambda t: t["system"][1].update(port=8090), "port 写的是 8090，用了两次"),
        (lambda t: t["system"][1].update(operator="x"), "system[2].operator：写的是 'x'，应为表"),
        (
            lambda t: t["system"][1]["operator"].update(code="12320700YT0000011Q"),
            "system[2].operator.code：'12320700YT0000011Q' 不是有效的统一社会信用代码（18 位，末位为校验码）",
        ),
        (
            lambda t: t["system"][1]["operator"].update(name="长" * 65),
            f"system[2].operator.name：写的是 '{'长' * 65}'，应为 1 到 64 个字",
        ),
        (lambda t: t["system"][2].update(operator={}), "system[3].operator：没有这个键，可用的键："),
        (lambda t: t["system"][2].update(code="trading-x"), "code 写的是 'trading-x'，有两个系统用了它"),
        (lambda t: t["system"].pop(0), "kind = 'publicservice' 的系统应恰好有一个，现有 0 个"),
        (
            lambda t: t["system"].append(t["system"][1] | {"code": "another", "port": 8011}),
            "industry = 'construction' 的 trading 系统有两个，最多一个",
        ),
        (
            lambda t: t["system"][1].update(platform_number="1"),
            "system[2].platform_number：写的是 '1'，应为 4 位数字",
        ),
        (
            lambda t: t["system"].append(
                t["system"][1] | {"code": "b", "port": 8011, "industry": "water", "platform_number": "0001"}
            ),
            "platform_number 写的是 '0001'，有两个交易系统用了它",
        ),
        (
            lambda t: t["system"][0].update(platform_number="0001"),
            "system[1].platform_number：没有这个键，可用的键：",
        ),
        (lambda t: t["holder"].pop(), "holder 的 letter 现为 T、P、C，应恰好是 T、P、C、R 各一个"),
        (lambda t: t["holder"][3].update(letter="S"), "holder[4].letter：写的是 'S'，只能是 T、P、C、R 之一"),
        (lambda t: t["holder"][3].update(keys_only=1), "holder[4].keys_only：写的是 1，应为true 或 false"),
        (lambda t: t["city"].update(region="3207"), "city.region：写的是 '3207'，应为 6 位行政区划代码"),
        (lambda t: t.pop("city"), "city：缺少这个键，应为表"),
        (lambda t: t.update(system=[1]), "system：应为若干个 [[system]] 表"),
        (lambda t: t.update(systems=[]), "systems：没有这个键，可用的键：city、system、connected、holder"),
        (lambda t: t.update(connected=[{"code": "x"}]), "connected[1].title：缺少这个键，应为文字"),
    ],
)  # fmt: skip
def test_names_the_key_and_what_is_allowed(change: Change, sentence: str) -> None:
    said = refusal_of(change)

    assert said.startswith(f"city.toml：{sentence}")
    assert said.endswith("。请修改后重新启动。")


@pytest.mark.parametrize("port", [1024, 65535])
def test_takes_the_first_and_the_last_port(port: int) -> None:
    table = declared()
    table["system"][1]["port"] = port

    assert parse_topology(table, "city.toml").systems[1].port == port


def test_a_trading_systems_number_follows_its_industry_unless_declared() -> None:
    table = declared()
    table["system"].append(table["system"][1] | {"code": "b", "port": 8011, "industry": "water"})
    table["system"][1]["platform_number"] = "0717"

    numbers = {system.code: system.platform_number for system in parse_topology(table, "").systems}

    assert numbers == {"publicservice-x": "", "trading-x": "0717", "supervision-x": "", "b": "0003"}


def test_takes_a_code_of_41_characters() -> None:
    table = declared()
    table["system"][1]["code"] = "a" * 41

    assert parse_topology(table, "city.toml").systems[1].code == "a" * 41


def test_names_the_line_that_is_no_toml(tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    file.write_text("[city]\nname = 连云港\n", encoding="utf-8")

    with pytest.raises(CityError, match=rf"{file} 不是有效的 TOML 文件（第 2 行附近）"):
        read_topology(file)


def test_names_a_file_in_another_encoding(tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    file.write_bytes('name = "云台"'.encode("gbk"))

    with pytest.raises(CityError, match="不是有效的 TOML 文件（编码须为 UTF-8）"):
        read_topology(file)


def test_names_a_file_that_is_missing(tmp_path: Path) -> None:
    missing = topology_file({"YUNTAI_CITY_TOPOLOGY": str(tmp_path / "none.toml")})

    with pytest.raises(CityError, match=f"读不到城市拓扑文件 {missing}：路径不存在。请检查路径"):
        read_topology(missing)
