"""`yuntai city`: exit codes, and sentences instead of tracebacks."""

import os
import socket
import sys
from pathlib import Path

import httpx
import pytest

from yuntai.city import command
from yuntai.city.accounts import tethered
from yuntai.city.children import ProcessChild, Program
from yuntai.city.command import main
from yuntai.city.display import login_url
from yuntai.city.errors import CityError
from yuntai.city.folder import PROJECT, CityFolder
from yuntai.city.postgres import Postgres
from yuntai.city.processes import Supervisor
from yuntai.city.sandbox.issuer import Issuer
from yuntai.city.sandbox.people import demo_people
from yuntai.city.tests.fakes import FakeCity, free_port, topology_text
from yuntai.city.tests.test_sandbox import NOW
from yuntai.city.topology import read_topology, topology_file


@pytest.fixture
def home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that the command works in."""
    ports = [free_port() for _ in range(3)]
    declared = home.parent / "city.toml"
    declared.write_text(topology_text({"publicservice": ports[0], "trading": ports[1]}, ports[2]))
    monkeypatch.setenv("YUNTAI_CITY_DIR", str(home))
    monkeypatch.setenv("YUNTAI_CITY_TOPOLOGY", str(declared))
    monkeypatch.delenv("YUNTAI_DATABASE_URL", raising=False)
    monkeypatch.setattr(command, "orphaned_places", list)  # not those of this machine
    return home


@pytest.fixture
def home_on_shared_server(home: Path, server: Postgres, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that the command works in, with a server that runs already."""
    monkeypatch.setenv("YUNTAI_DATABASE_URL", server.admin_url)
    return home


def test_status_of_a_city_that_does_not_run(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 1
    assert "城市没有运行" in capsys.readouterr().out


def test_status_of_a_city_that_runs(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = CityFolder(home)
    folder.prepare()
    with folder.locked():
        (home / "running.json").write_text(
            '{"supervisor": 7, "children": {"trading-x-web": {"pid": 4321, "restarts": 2}}}'
        )

        assert main(["status"]) == 0

    said = capsys.readouterr().out
    assert "运行中的进程（总进程 7）" in said
    assert "trading-x-web" in said
    assert "4321" in said


def test_reset_without_a_city_is_done(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reset"]) == 0
    assert f"已清空：{home}" in capsys.readouterr().out.replace("\n", "")


def test_reset_leaves_files_of_other_cities_and_says_how_to_remove_them(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    orphan = home.parent / "or phan"
    orphan.mkdir()
    monkeypatch.setattr(command, "orphaned_places", lambda: [orphan])

    assert main(["reset"]) == 0

    assert orphan.is_dir()
    said = capsys.readouterr().out
    assert "另有其他城市的数据库文件" in said
    assert f"  rm -r -- '{orphan}'\n" in said


@pytest.mark.parametrize(("answer", "code"), [("yes", 0), ("no", 1), ("", 1)])
def test_reset_asks_when_a_person_is_there(
    home: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    CityFolder(home).prepare()
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda *_: answer)

    assert main(["reset"]) == code

    assert (home / "secrets").exists() == (code == 1)


def test_a_wrong_topology_is_one_sentence(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    declared = Path(os.environ["YUNTAI_CITY_TOPOLOGY"])
    declared.write_text(declared.read_text().replace('"trading"', '"shop"'))

    assert main(["up"]) == 1

    said = capsys.readouterr().err
    assert said.startswith("city.toml：system[2].kind：写的是 'shop'")
    assert len(said.splitlines()) == 1


def test_a_taken_port_is_one_sentence(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    port = read_topology(Path(os.environ["YUNTAI_CITY_TOPOLOGY"])).sandbox_port

    with socket.create_server(("127.0.0.1", port)):
        assert main(["up"]) == 1

    assert capsys.readouterr().err.startswith(f"端口 {port} 已被别的程序占用。")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (CityError("数据库没有启动。"), "数据库没有启动。\n"),
        (OSError(28, "No space left", "/x"), "/x：磁盘已满。详情见 {log}。\n"),
        (ZeroDivisionError(), "程序内部出错。详情见 {log}。\n"),
    ],
)
def test_whatever_goes_wrong_is_one_sentence(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    sentence: str,
) -> None:
    def fail(_: object) -> int:
        raise error

    monkeypatch.setitem(command.COMMANDS, "up", fail)

    assert main(["up"]) == 1

    log = home / "log" / "city.log"
    assert capsys.readouterr().err == sentence.format(log=log)
    assert log.exists() != isinstance(error, CityError)


@pytest.mark.city
@pytest.mark.parametrize(
    ("held", "code", "sentence"),
    [
        (True, 0, "演示完成，所有检查都成立。"),
        (False, 1, "演示未通过，未成立的检查见上。"),
        (None, 1, "演示中断。"),
    ],
)
def test_a_demo_succeeds_only_when_all_held(
    home_on_shared_server: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    held: object,
    code: int,
    sentence: str,
) -> None:
    played: list[dict[str, int]] = []

    def play(city: FakeCity, _: object) -> object:
        played.append(city.processes())
        if held is None:
            raise ZeroDivisionError
        return held

    monkeypatch.setattr(command, "City", FakeCity)
    monkeypatch.setattr("yuntai.city.demo.play", play)

    assert main(["demo"]) == code

    assert sentence in capsys.readouterr().out
    assert "trading-x-web" in played[0]
    assert not CityFolder(home_on_shared_server).is_locked()


def test_the_sandbox_service_answers_and_ends(home: Path) -> None:
    folder = CityFolder(home)
    folder.prepare()
    topology = read_topology(Path(os.environ["YUNTAI_CITY_TOPOLOGY"]))
    Issuer(folder.sandbox).prepare(demo_people(topology)[:3], now=NOW)
    service = Program(
        "sandbox",
        (sys.executable, "-m", "yuntai", "city", "sandbox"),
        {**os.environ, "PYTHONPATH": str(PROJECT)},
        topology.sandbox_port,
    )
    supervisor = Supervisor(say=print, running_file=folder.running_file)
    child = ProcessChild(service, folder.log("sandbox"))

    try:
        supervisor.start([child])
        with httpx.Client(base_url=topology.sandbox_url, trust_env=False) as client:
            bundle = client.get("/people/li-zhaobiao/bundle")
            too_long = client.post("/clock", content=b"x" * 1001)
            set_clock = client.post("/clock", json={"shift_seconds": 5})
    finally:
        supervisor.stop()

    assert bundle.json()["person_name"] == "李招标"
    assert bundle.headers["cache-control"] == "no-store"
    assert too_long.status_code == 413
    assert set_clock.json()["shift_seconds"] == 5
    assert "Traceback" not in folder.log("sandbox").read_text()


def test_a_tether_of_a_dead_parent_starts_nothing(tmp_path: Path) -> None:
    words = tethered(["touch", str(tmp_path / "made")])
    words[words.index(str(os.getpid()))] = "1" if os.getppid() != 1 else "2"
    child = ProcessChild(Program("orphan", tuple(words), {"PATH": "/usr/bin:/bin"}), tmp_path / "log")

    child.start()
    while child.is_alive():
        pass

    assert child.ending() == "退出码 0"
    assert not (tmp_path / "made").exists()


def test_everybody_is_shown_the_login_of_the_system_where_they_work() -> None:
    topology = read_topology(topology_file({}))

    shown = {person.name: login_url(topology, person) for person in demo_people(topology) if not person.crowd}

    trading, platform, supervision = (f"http://localhost:{port}/login" for port in (8010, 8000, 8020))
    assert shown == {
        "李招标": trading,
        "郑代理": trading,
        "王投标": trading,
        "赵投标": trading,
        "孙投标": trading,
        "钱专家": trading,
        "孙监督": supervision,
        "周平台": platform,
        "吴运营": trading,
    }
