"""The command line, from the empty folder to the withdrawn bid, against a trading system in memory."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from yuntai.bidtool.command import main
from yuntai.bidtool.tests.fake_trading import DUE, LOT, URL, FakeTrading
from yuntai.trust.base64url import base64url


class Bidder:
    """王投标 at the keyboard."""

    def __init__(self, trading: FakeTrading, home: Path, document: dict[str, Any]) -> None:
        self.trading = trading
        self.folder = home / "bid"
        self.key = home / "key.json"
        self.key.write_text(json.dumps(document), encoding="utf-8")
        self.holders = home / "holders.json"
        self.holders.write_text(json.dumps(trading.holders_list()), encoding="utf-8")

    def run(self, command: str, *words: str) -> int:
        key = () if command == "status" else ("--key", str(self.key))
        argv = [command, *words, *key, "--folder", str(self.folder)]
        return main(argv, transport=self.trading.transport)

    def seal(self, *words: str) -> int:
        """Seal as the manual says: keys of the holders at hand, the deadline read in the notice."""
        return self.run("seal", "--holders", str(self.holders), "--deadline", DUE, *words)

    def prepare(self, price: str = "51234567.89", *words: str) -> int:
        offer = ("--price", price, "--days", "365", "--lead", "王工", "--quality", "合格")
        return self.run("prepare", LOT, "--system", URL, *offer, *words)

    def file(self, name: str) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.folder / name).read_text(encoding="utf-8"))
        return read


@pytest.fixture
def bidder(trading: FakeTrading, tmp_path: Path, document: dict[str, Any]) -> Bidder:
    return Bidder(trading, tmp_path, document)


def test_goes_from_an_empty_folder_to_a_receipt(
    bidder: Bidder, trading: FakeTrading, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bidder.prepare() == 0
    assert bidder.seal() == 0
    assert bidder.run("submit", "--system-key", base64url(trading.public_key)) == 0

    envelope_id = bidder.file("sealed/header.json")["context"]["envelope_id"]
    assert list(trading.bids) == [envelope_id]
    assert bidder.file("sealed/receipt.json")["statement"]["envelope_id"] == envelope_id
    assert "签名已核对" in capsys.readouterr().out


def test_seals_no_empty_attachment(bidder: Bidder, capsys: pytest.CaptureFixture[str]) -> None:
    bidder.prepare()
    (bidder.folder / "files" / "技术标.pdf").write_bytes(b"")

    assert bidder.seal() == 1

    assert "附件 技术标.pdf 是空文件（0 字节）。" in capsys.readouterr().err
    assert not (bidder.folder / "sealed").exists()


def test_keeps_the_owner_key_to_its_owner(bidder: Bidder) -> None:
    bidder.prepare()
    bidder.seal()

    assert stat.S_IMODE((bidder.folder / "sealed" / "owner.key").stat().st_mode) == 0o600


def test_seals_without_a_network(bidder: Bidder, tmp_path: Path) -> None:
    published = tmp_path / "published.json"
    published.write_text(json.dumps(bidder.trading.lot()), encoding="utf-8")
    offer = ("--price", "1", "--days", "1", "--lead", "王工", "--quality", "合格")
    offline = ("--key", str(bidder.key), "--folder", str(bidder.folder))

    assert main(["prepare", LOT, "--lot-file", str(published), *offer, *offline], transport=None) == 0
    checked = ("--holders", str(bidder.holders), "--deadline", DUE)
    assert main(["seal", *checked, *offline], transport=None) == 0
    assert bidder.file("form.json")["price_yuan"] == "1.00"


def test_withdraws_and_hands_in_another(bidder: Bidder, trading: FakeTrading) -> None:
    bidder.prepare()
    bidder.seal()
    bidder.run("submit")
    first = bidder.file("sealed/header.json")["context"]["envelope_id"]

    assert bidder.run("withdraw") == 0
    assert bidder.seal() == 0
    assert bidder.run("submit") == 0

    assert trading.withdrawn == [first]
    assert list(trading.bids) != [first]
    assert (bidder.folder / f"sealed-{first}" / "owner.key").exists()


def test_does_not_replace_a_bid_that_stands(
    bidder: Bidder, trading: FakeTrading, capsys: pytest.CaptureFixture[str]
) -> None:
    bidder.prepare()
    bidder.seal()
    bidder.run("submit")
    before = list(trading.bids)

    assert bidder.seal() == 1
    assert bidder.run("submit") == 1

    assert "请先用 yuntai bid withdraw 撤回" in capsys.readouterr().err
    assert list(trading.bids) == before


def test_says_why_the_system_refused(
    bidder: Bidder, trading: FakeTrading, capsys: pytest.CaptureFixture[str]
) -> None:
    bidder.prepare()
    bidder.seal()
    trading.bids["00" * 16] = None  # type: ignore[assignment]  # an envelope of this bidder stands there

    assert bidder.run("submit") == 1

    assert capsys.readouterr().err == "本单位在该标段已有一份有效投标文件。\n"
    assert not (bidder.folder / "sealed" / "receipt.json").exists()


@pytest.mark.parametrize(("price", "outcome"), [("52000000.00", 0), ("52000000.01", 1)])
def test_warns_of_a_price_above_the_ceiling(bidder: Bidder, price: str, outcome: int) -> None:
    bidder.prepare(price)

    assert bidder.seal() == outcome
    assert (bidder.folder / "sealed").exists() == (outcome == 0)
    assert bidder.seal("--accept-risk") == 0


def test_names_what_is_missing_in_the_form(bidder: Bidder, capsys: pytest.CaptureFixture[str]) -> None:
    bidder.run("prepare", LOT, "--system", URL)

    assert bidder.seal() == 1

    refusal = capsys.readouterr().err
    assert "price_yuan" in refusal
    assert "duration_days 须大于 0" in refusal
    assert "project_lead" in refusal


def test_does_not_overwrite_a_form(bidder: Bidder, capsys: pytest.CaptureFixture[str]) -> None:
    bidder.prepare()
    bidder.prepare("1.00")

    assert "未覆盖" in capsys.readouterr().err
    assert bidder.file("form.json")["price_yuan"] == "51234567.89"


def test_refuses_keys_that_the_holders_did_not_sign(
    bidder: Bidder, trading: FakeTrading, capsys: pytest.CaptureFixture[str]
) -> None:
    bidder.prepare()
    stranger = FakeTrading(b"").holders_list()
    bidder.holders.write_text(json.dumps(stranger), encoding="utf-8")

    assert bidder.seal() == 1

    assert "签名不符" in capsys.readouterr().err
    assert not (bidder.folder / "sealed").exists()


def test_refuses_a_lot_of_another_code(bidder: Bidder, tmp_path: Path) -> None:
    published = tmp_path / "published.json"
    published.write_text(json.dumps(bidder.trading.lot()), encoding="utf-8")

    assert bidder.run("prepare", "E3207000001000001001002", "--lot-file", str(published)) == 1


@pytest.mark.parametrize(
    ("steps", "standing"),
    [
        ((), "未密封"),
        (("seal",), "已密封，未递交"),
        (("seal", "submit"), "已递交，收到时间 2026-03-10T03:00:00Z"),
        (("seal", "submit", "withdraw"), "已撤回"),
    ],
)
def test_tells_where_the_bid_stands(
    bidder: Bidder, capsys: pytest.CaptureFixture[str], steps: tuple[str, ...], standing: str
) -> None:
    bidder.prepare()
    for step in steps:
        assert (bidder.seal() if step == "seal" else bidder.run(step)) == 0
    capsys.readouterr()

    assert bidder.run("status") == 0

    said = capsys.readouterr().out
    assert f"本单位投标文件：{standing}" in said
    assert "2026-03-22 09:00" in said


def test_refuses_a_folder_without_a_bid(bidder: Bidder, capsys: pytest.CaptureFixture[str]) -> None:
    assert bidder.run("submit") == 1

    assert "还没有密封好的投标文件" in capsys.readouterr().err


def test_refuses_a_damaged_header(bidder: Bidder, capsys: pytest.CaptureFixture[str]) -> None:
    bidder.prepare()
    bidder.seal()
    (bidder.folder / "sealed" / "header.json").write_text("{}", encoding="utf-8")

    assert bidder.run("submit") == 1

    assert "已损坏" in capsys.readouterr().err
