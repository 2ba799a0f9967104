"""`yuntai bid` against a real trading system: prepare, seal, submit, refuse, withdraw, submit again."""

import json
from pathlib import Path

import pytest

from tests.city.conftest import SmallCity
from yuntai.bidtool.command import main
from yuntai.city.demo.archive import public_key_of
from yuntai.law.days import SHANGHAI
from yuntai.trust.base64url import base64url

pytestmark = pytest.mark.city


def test_a_bidder_hands_in_from_the_command_line(
    played: SmallCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bidder, city = played.cast.one("bidder"), played.city
    key = tmp_path / "key.json"
    key.write_text(json.dumps(city.bundle(bidder.id)), encoding="utf-8")
    system_key = base64url(public_key_of(city.folder.peers_file, played.cast.trading))
    due = f"{played.open_lot.bids_due_at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
    checked = ("--holders", str(city.folder.holders_file(played.cast.trading)), "--due", due)
    mine = ("--key", str(key), "--folder", str(tmp_path / "bid"))
    offer = ("--price", "4000000", "--days", "200", "--lead", "王工", "--quality", "合格")

    def run(command: str, *words: str) -> tuple[int, str, str]:
        code = main([command, *words, *(mine if command != "status" else mine[2:])])
        said = capsys.readouterr()
        return code, said.out, said.err

    lot, url = played.open_lot.code, city.url(played.cast.trading)
    assert run("prepare", lot, "--system", url, *offer)[0] == 0
    assert run("seal", *checked)[0] == 0
    assert run("submit", "--system-key", system_key)[0] == 0

    second = tmp_path / "second"
    elsewhere = ("--key", str(key), "--folder", str(second))
    assert main(["prepare", lot, "--system", url, *offer, *elsewhere]) == 0
    assert main(["seal", "--unchecked", *elsewhere]) == 0
    capsys.readouterr()
    assert main(["submit", *elsewhere]) == 1
    assert "本单位在该标段已有一份有效投标文件" in capsys.readouterr().err

    assert run("withdraw")[0] == 0
    assert "已撤回" in run("status")[1]
    assert run("seal", *checked)[0] == 0
    assert run("submit", "--system-key", system_key)[0] == 0
    assert "已递交" in run("status")[1]
