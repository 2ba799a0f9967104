"""The published pages: complete, linked, escaped, small, and saying what the program does."""

import csv
import gzip
import json
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest

from yuntai.standard import code_lists, envelope, receipts
from yuntai.standard.datasets import data_set, data_sets, numbers
from yuntai.standard.datasets.json_schema import json_schema
from yuntai.standard.datasets.pages import files, write
from yuntai.standard.datasets.pages.__main__ import main
from yuntai.standard.datasets.pages.html import link, page, paragraph, table
from yuntai.standard.messages import MESSAGE_TYPES, parse
from yuntai.standard.tests.examples import FOLDER, bodies, write_new
from yuntai.trust import signing

MOST_COMPRESSED_BYTES = 30 * 1024


class Reader(HTMLParser):
    """Collects links, anchors, headings, examples and open elements of a page."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.examples: list[str] = []
        self.open: list[str] = []
        self.anchors: set[str] = set()
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [given[name] or "" for name in ("href", "src") if name in given]
        self.anchors |= {given["id"] or ""} if "id" in given else set()
        if tag == "pre":
            self.examples.append("")
        if tag not in {"meta", "link"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "pre":
            self.examples[-1] += data


@pytest.fixture(scope="module")
def site() -> dict[str, str]:
    return files()


def pages(site: dict[str, str]) -> dict[str, Reader]:
    return {path: Reader(content) for path, content in site.items() if path.endswith(".html")}


def test_there_is_a_page_of_every_set_list_and_message(site: dict[str, str]) -> None:
    wanted = {f"datasets/{no}{ending}" for no in numbers() for ending in (".html", ".json", ".toml")}
    wanted |= {
        f"codes/{known.name}{ending}" for known in code_lists.code_lists() for ending in (".html", ".csv")
    }
    wanted |= {
        f"messages/{name}{ending}"
        for name in MESSAGE_TYPES
        for ending in (".html", ".schema.json", ".example.json")
    }
    wanted |= {
        "index.html",
        "errors.html",
        "errors.csv",
        "catalogue.csv",
        "identifiers.html",
        "envelope.html",
    }

    assert wanted <= set(site)


def test_every_link_leads_to_a_file_of_the_site(site: dict[str, str]) -> None:
    dead = []
    for path, read in pages(site).items():
        for address in read.links:
            target, _, anchor = address.partition("#")
            parts = [*PurePosixPath(path).parent.parts, *PurePosixPath(target).parts]
            while ".." in parts:
                place = parts.index("..")
                del parts[place - 1 : place + 1]
            found = "/".join(parts) if target else path
            if found not in site or (anchor and anchor not in Reader(site[found]).anchors):
                dead.append((path, address))

    assert dead == []


def test_every_element_is_closed(site: dict[str, str]) -> None:
    assert {path: read.open for path, read in pages(site).items() if read.open} == {}


def test_a_page_is_small_on_a_slow_line(site: dict[str, str]) -> None:
    sizes = {path: len(gzip.compress(text.encode())) for path, text in site.items() if path.endswith(".html")}

    assert {path: size for path, size in sizes.items() if size > MOST_COMPRESSED_BYTES} == {}


def test_text_is_escaped() -> None:
    nasty = "<script>alert('1')</script>&\""
    written = page(nasty, paragraph(nasty), link(nasty, nasty), table((nasty,), [(nasty,)], caption=nasty))

    assert "<script>alert" not in written
    assert 'href="&lt;script&gt;' in written


def test_the_page_of_a_set_shows_every_field(site: dict[str, str]) -> None:
    for known in data_sets():
        shown = site[f"datasets/{known.no}.html"]
        assert all(f"<td><code>{field.name}</code></td>" in shown for field in known.fields), known.no


def test_the_published_schema_and_example_are_the_program_s(site: dict[str, str]) -> None:
    assert json.loads(site["datasets/501.json"]) == json_schema(501)
    record = json.loads(Reader(site["datasets/501.html"]).examples[0])
    assert list(record) == [field.name for field in data_set(501).fields]


def test_a_rule_whose_content_nobody_saw_is_told_as_such(site: dict[str, str]) -> None:
    assert "来源另列规则 T_ASKANSWER，其内容未见，本标准不作校验" in site["datasets/521.html"]


def test_an_open_list_says_that_it_takes_other_values(site: dict[str, str]) -> None:
    assert "表内的值，以及该字段类型的其他值" in site["codes/d26.html"]
    assert "只接收表内的值" in site["codes/TRUE_OR_FALSE.html"]
    assert "本标准不编造" in site["codes/d10.html"]


def test_the_catalogue_has_a_line_a_field(site: dict[str, str]) -> None:
    rows = list(csv.DictReader(site["catalogue.csv"].removeprefix("\ufeff").splitlines()))

    assert len(rows) == sum(len(known.fields) for known in data_sets())
    assert all(row["owner"] and row["purpose"] and row["retention"] and row["source"] for row in rows)
    assert {row["openness"] for row in rows} == {"公开", "授权", "不公开"}
    card = next(row for row in rows if row["data_set"] == "508" and row["field"] == "ID_CARD")
    assert (card["openness"], card["open_after"]) == ("不公开", "中标结果公告")


def test_the_signed_example_verifies_with_the_printed_key(site: dict[str, str]) -> None:
    key, canonical, message = Reader(site["envelope.html"]).examples[:3]
    signed = envelope.SignedMessage.model_validate_json(message)

    assert envelope.verify(signed, bytes.fromhex(key))
    assert json.loads(canonical) == signed.to_json()["payload"]


def test_the_receipt_of_the_example_verifies(site: dict[str, str]) -> None:
    shown = Reader(site["envelope.html"]).examples
    answer = next(
        receipts.ReceiptBatch.model_validate_json(each) for each in shown if '"expected_seq": 2' in each
    )
    signed = next(
        envelope.SignedMessage.model_validate_json(each)
        for each in shown
        if '"payload"' in each and '"$defs"' not in each
    )

    assert receipts.verify(answer, signing.public_key(bytes(range(32, 64))))
    assert answer.receipts[0].digest == envelope.payload_digest(signed.payload)


def test_the_published_examples_of_messages_are_the_samples() -> None:
    written = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json")}

    assert written == bodies()
    assert all(parse(body) for body in written.values())


def test_an_example_is_written_once(tmp_path: Path) -> None:
    assert write_new(tmp_path) == sorted(MESSAGE_TYPES)
    assert write_new(tmp_path) == []


def test_writes_the_site_into_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "standard")]) == 0

    assert (tmp_path / "standard/datasets/501.html").read_text(encoding="utf-8") == files()[
        "datasets/501.html"
    ]
    assert "已写入" in capsys.readouterr().out
    assert write(tmp_path / "standard") == len(files())


def test_asks_for_the_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "请写明目录" in capsys.readouterr().err
