"""Sealing only what the public knows: holders' keys from elsewhere, the deadline of the notice."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from yuntai.bidtool.command import main
from yuntai.bidtool.tests.fake_trading import DUE, LOT, PLATFORM, TENDER, URL, FakeTrading
from yuntai.trust.base64url import base64url
from yuntai.trust.sealing import INTERNATIONAL

EARLY = "2026-03-03T01:00:00Z"
LATER = "2026-03-25T01:00:00Z"


class Keyboard(StringIO):
    """What a person types."""

    def isatty(self) -> bool:
        return True


class Desk:
    """王投标 with a prepared bid and the keys of the holders."""

    def __init__(self, trading: FakeTrading, home: Path, document: dict[str, Any]) -> None:
        self.trading, self.home, self._document = trading, home, document
        self.holders = self.write("holders.json", trading.holders_list())
        self.key = self.write("key.json", document)

    def write(self, name: str, document: dict[str, Any]) -> str:
        file = self.home / name
        file.write_text(json.dumps(document), encoding="utf-8")
        return str(file)

    def name_platform_in_the_key_file(self) -> None:
        self.key = self.write("key.json", self._document | {"platform": PLATFORM})

    def prepare(self) -> None:
        offer = ("--price", "51234567.89", "--days", "365", "--lead", "王工", "--quality", "合格")
        assert self.run("prepare", LOT, "--system", URL, *offer) == 0

    def run(self, *words: str) -> int:
        mine = ("--key", self.key, "--folder", str(self.home / "bid"))
        return main([*words, *mine], transport=self.trading.transport)

    def seal(self, *words: str) -> int:
        return self.run("seal", "--holders", self.holders, *words)

    @property
    def is_sealed(self) -> bool:
        return (self.home / "bid" / "sealed").exists()


@pytest.fixture
def desk(trading: FakeTrading, tmp_path: Path, document: dict[str, Any]) -> Desk:
    return Desk(trading, tmp_path, document)


def test_does_not_seal_without_the_holders_keys(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.prepare()

    with pytest.raises(SystemExit):
        desk.run("seal", "--deadline", DUE)

    assert "--holders" in capsys.readouterr().err
    assert not desk.is_sealed


def test_says_what_unchecked_keys_mean(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.prepare()

    assert desk.run("seal", "--unchecked-holders", "--deadline", DUE) == 0

    said = capsys.readouterr().out
    assert "没有核对保管方的公钥" in said
    assert "任何人都打不开" not in said


def test_refuses_an_early_deadline_that_holders_and_bidder_were_both_told(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.trading.opens_at = desk.trading.due = EARLY
    desk.prepare()
    capsys.readouterr()

    assert desk.seal("--deadline", "2026-03-22T09:00+08:00") == 1
    assert desk.seal("--platform", PLATFORM) == 1

    said = capsys.readouterr()
    assert said.err.count("公告的投标截止时间是 2026-03-22 09:00:00") == 2
    assert "交易系统给出的投标截止时间：2026-03-03 09:00:00（北京时间）" in said.out
    assert not desk.is_sealed


@pytest.mark.parametrize("from_key_file", [True, False])
def test_seals_and_hands_in_what_the_platform_shows(
    desk: Desk, capsys: pytest.CaptureFixture[str], from_key_file: bool
) -> None:
    if from_key_file:
        desk.name_platform_in_the_key_file()
    words = () if from_key_file else ("--platform", PLATFORM)
    desk.prepare()

    assert desk.seal(*words) == 0
    assert desk.run("submit", *words) == 0

    assert capsys.readouterr().out.count(f"已与 {PLATFORM} 公布的公告核对") == 2


def test_takes_the_deadline_in_force_after_a_resumption(desk: Desk) -> None:
    resumed = {
        "type": "trading.tender.resumed.v1",
        "occurred_at": "2026-03-12T03:00:00Z",
        "tender_code": TENDER,
        "reason": "恢复",
        "resumed_at": "2026-03-12T03:00:00Z",
        "bids_due_at": LATER,
    }
    desk.trading.told.insert(0, resumed)
    desk.trading.due = desk.trading.opens_at = LATER
    desk.prepare()

    assert desk.seal("--platform", PLATFORM) == 0


def test_does_not_hand_in_under_a_deadline_that_moved(desk: Desk) -> None:
    desk.prepare()
    assert desk.seal("--platform", PLATFORM) == 0
    desk.trading.told = [desk.trading.notice(bids_due_at=LATER)]

    assert desk.run("submit", "--platform", PLATFORM) == 1
    assert desk.run("submit", "--deadline", LATER) == 1
    assert desk.trading.bids == {}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"documents_sha256": "5f" * 32}, "招标文件摘要与公告的不同"),
        ({"holders": []}, "开标公钥与公告的不同"),
    ],
)
def test_refuses_other_documents_or_keys_than_published(
    desk: Desk, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], why: str
) -> None:
    desk.prepare()
    desk.trading.told = [desk.trading.notice(**changes)]

    assert desk.seal("--platform", PLATFORM) == 1

    assert why in capsys.readouterr().err
    assert not desk.is_sealed


def test_refuses_keys_that_differ_from_the_notice_though_nobody_checks_them(desk: Desk) -> None:
    letters = desk.trading.holder_pairs
    swapped = [
        {
            "lot_code": LOT,
            "letter": letter,
            "name": "某",
            "public_key": base64url(INTERNATIONAL.new_holder_key()[1]),
        }
        for letter in letters
    ]
    desk.trading.told = [desk.trading.notice(holders=swapped)]
    desk.prepare()

    assert desk.run("seal", "--unchecked-holders", "--platform", PLATFORM) == 1


@pytest.mark.parametrize("told", [[], [{"type": "trading.tender.notice-published.v1"}], [{}]])
def test_refuses_a_platform_that_shows_no_notice(desk: Desk, told: list[dict[str, Any]]) -> None:
    desk.trading.told = told
    desk.prepare()

    assert desk.seal("--platform", PLATFORM) == 1
    assert not desk.is_sealed


@pytest.mark.parametrize(("typed", "outcome"), [("一致\n", 0), ("\n", 1), ("不一致\n", 1)])
def test_asks_the_person_when_nothing_is_named(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    outcome: int,
) -> None:
    desk.prepare()
    monkeypatch.setattr("sys.stdin", Keyboard(typed))

    assert desk.seal() == outcome

    assert "2026-03-22 09:00:00（北京时间）" in capsys.readouterr().out
    assert desk.is_sealed == (outcome == 0)


def test_does_not_take_a_pipe_for_a_person(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.prepare()
    monkeypatch.setattr("sys.stdin", StringIO("一致\n"))

    assert desk.seal() == 1

    assert "--deadline" in capsys.readouterr().err


@pytest.mark.parametrize("typed", ["2026-03-22T09:00", "明天"])
def test_wants_a_deadline_with_its_time_zone(
    desk: Desk, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    desk.prepare()

    with pytest.raises(SystemExit):
        desk.seal("--deadline", typed)

    assert "2026-01-31T09:30+08:00" in capsys.readouterr().err
