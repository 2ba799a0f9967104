"""`yuntai holder` on the command line."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from yuntai.holder.command import main
from yuntai.holder.home import Home, HomeError
from yuntai.trust import clock, signing

KEY = signing.public_key(bytes(32))
NOWHERE = "http://localhost:9"  # the discard port: nobody listens


def test_shows_the_public_key_others_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["key", "--home", str(tmp_path), "--letter", "P"]) == 0
    first = capsys.readouterr().out.strip()
    assert main(["key", "--home", str(tmp_path)]) == 0

    assert capsys.readouterr().out.strip() == first
    assert bytes.fromhex(first) == Home.open(tmp_path).public_key()


def test_refuses_to_work_without_the_trading_systems_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--letter", "P", "--home", str(tmp_path), "--trading", NOWHERE]) == 2

    assert "--trading-key" in capsys.readouterr().err


def test_refuses_a_home_of_another_letter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Home.prepare(tmp_path, letter="T", trading_key=KEY)

    assert main(["--letter", "P", "--home", str(tmp_path), "--trading", NOWHERE]) == 2

    assert "是保管方 T 的" in capsys.readouterr().err


def test_stays_with_the_trading_system_it_was_bound_to(tmp_path: Path) -> None:
    Home.prepare(tmp_path, letter="T", trading_key=KEY)

    with pytest.raises(HomeError, match="已绑定另一个交易系统"):
        Home.prepare(tmp_path, letter="T", trading_key=bytes(32))
    assert Home.prepare(tmp_path, letter="T").trading_key == KEY


def test_release_needs_a_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["release", "LOT", "--home", str(tmp_path), "--trading", NOWHERE]) == 2

    assert "不是保管方的目录" in capsys.readouterr().err


def test_release_says_that_nobody_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Home.prepare(tmp_path, letter="R", trading_key=KEY)

    assert main(["release", "LOT", "--home", str(tmp_path), "--trading", NOWHERE]) == 1

    assert "询问待办没有得到应答" in capsys.readouterr().err


def test_stops_where_the_clock_may_not_shift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(clock.FILE_VARIABLE, str(tmp_path / "clock.json"))
    monkeypatch.delenv(clock.SANDBOX_VARIABLE, raising=False)

    call = ["--letter", "P", "--home", str(tmp_path), "--trading", NOWHERE, "--trading-key", KEY.hex()]
    assert main(call) == 2

    assert clock.FILE_VARIABLE in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv",
    [[], ["--letter", "S", "--home", "x", "--trading", "y"], ["release", "--home", "x"], ["key"]],
    ids=["nothing", "no such holder", "no lot", "no home"],
)
def test_explains_itself_when_called_wrongly(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(argv)

    assert stop.value.code == 2
    assert "yuntai holder" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_cleanly_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    program = "import sys; from yuntai.holder.command import main; sys.exit(main(sys.argv[1:]))"
    call = ["--letter", "P", "--home", str(tmp_path), "--trading", NOWHERE, "--trading-key", KEY.hex()]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("YUNTAI_")}
    process = subprocess.Popen(
        [sys.executable, "-c", program, *call], stderr=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert process.stderr is not None
        seen = process.stderr.readline()  # its first line says that it is at work
        process.send_signal(number)
        _, rest = process.communicate(timeout=20)
    finally:
        process.kill()

    assert process.returncode == 0
    assert "保管方 P 开始工作" in seen
    assert rest.rstrip().endswith("保管方 P 已停止。")
    assert "Traceback" not in rest
