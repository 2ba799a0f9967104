"""The clock and its shift."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from yuntai.trust import clock

CLOSE = timedelta(seconds=5)


@pytest.fixture
def clock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "clock.json"
    monkeypatch.setenv(clock.FILE_VARIABLE, str(path))
    monkeypatch.setenv(clock.SANDBOX_VARIABLE, "1")
    return path


def test_shows_real_time_without_a_clock_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock.FILE_VARIABLE, raising=False)

    assert clock.shift() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < CLOSE
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.usefixtures("clock_file")
def test_shows_real_time_while_the_clock_file_is_missing() -> None:
    assert clock.shift() == timedelta(0)


def test_follows_the_clock_file_at_every_change(clock_file: Path) -> None:
    clock.set_shift(clock_file, timedelta(days=20))
    assert clock.shift() == timedelta(days=20)
    assert abs(clock.now() - datetime.now(UTC) - timedelta(days=20)) < CLOSE

    clock.set_shift(clock_file, timedelta(days=21, seconds=0.5))
    assert clock.shift() == timedelta(days=21, seconds=0.5)

    clock_file.unlink()
    assert clock.shift() == timedelta(0)


def test_reads_an_unchanged_file_once(clock_file: Path) -> None:
    clock.set_shift(clock_file, timedelta(hours=1))
    assert clock.shift() == timedelta(hours=1)
    status = clock_file.stat()
    clock_file.write_text('{"shift_seconds": 7200}'[: status.st_size].ljust(status.st_size), encoding="utf-8")
    os.utime(clock_file, ns=(status.st_atime_ns, status.st_mtime_ns))

    assert clock.shift() == timedelta(hours=1)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"shift_seconds": "1"}', '{"shift_seconds": 1e99}'])
def test_stops_at_a_file_without_a_shift(clock_file: Path, text: str) -> None:
    clock_file.write_text(text, encoding="utf-8")

    with pytest.raises(clock.BadClockFile, match=r"clock\.json"):
        clock.now()


@pytest.mark.parametrize("sandbox", ["", "0", "true"])
@pytest.mark.usefixtures("clock_file")
def test_a_production_city_may_not_shift(monkeypatch: pytest.MonkeyPatch, sandbox: str) -> None:
    monkeypatch.setenv(clock.SANDBOX_VARIABLE, sandbox)

    with pytest.raises(clock.ClockMayNotShift, match="YUNTAI_CLOCK_FILE"):
        clock.require_unshifted()
    with pytest.raises(clock.ClockMayNotShift):
        clock.now()


def test_a_production_city_starts_without_a_clock_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock.FILE_VARIABLE, raising=False)
    monkeypatch.delenv(clock.SANDBOX_VARIABLE, raising=False)

    clock.require_unshifted()


@pytest.mark.usefixtures("clock_file")
def test_a_sandbox_may_shift() -> None:
    clock.require_unshifted()
