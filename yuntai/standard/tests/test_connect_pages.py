"""The guide in docs/connect is true: each program runs, each value is what they give, byte for byte."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from yuntai.standard import envelope, heartbeat, messages, receipts
from yuntai.standard.canonical import canonical
from yuntai.standard.datasets import xml_form
from yuntai.standard.datasets.pages import files
from yuntai.standard.datasets.pages.guide_pages import SOURCE, guide_files, guide_page
from yuntai.standard.messages import RecordSubmitted
from yuntai.trust import signing

PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(SOURCE.glob("*.md"))}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SENDER, PLATFORM = bytes(range(32)), bytes(range(32, 64))


def blocks(page: str, language: str) -> list[str]:
    return [content.rstrip("\n") for name, content in FENCE.findall(PAGES[page]) if name == language]


def run(page: str, **given: Any) -> dict[str, Any]:
    """Run the programs of a page one after the other, as a reader would; return what they leave."""
    left = dict(given)
    exec("\n\n".join(blocks(page, "python")), left)  # noqa: S102 - our own page
    return left


@pytest.mark.parametrize("page", PAGES)
def test_every_sample_says_what_it_is(page: str) -> None:
    assert {name for name, _ in FENCE.findall(PAGES[page])} <= {"python", "json", "xml", "text", "sh"}


@pytest.mark.parametrize("page", [name for name in PAGES if name != "messages.md" and blocks(name, "python")])
def test_the_programs_of_a_page_run_and_find_what_it_says(page: str) -> None:
    run(page)


@pytest.mark.parametrize("page", PAGES)
def test_every_json_sample_is_json(page: str) -> None:
    for sample in blocks(page, "json"):
        json.loads(sample)


def test_the_message_of_the_example_is_the_one_that_its_programs_make() -> None:
    _, to_sign, digest, _ = blocks("messages.md", "text")
    message, answer = map(json.loads, blocks("messages.md", "json"))
    made = run("messages.md", answer=answer)

    assert made["message"] == message
    assert made["to_sign"].decode() == to_sign
    assert made["digest"] == digest


def test_the_message_of_the_example_is_one_of_the_standard() -> None:
    signed = envelope.SignedMessage.model_validate_json(blocks("messages.md", "json")[0])

    assert envelope.payload_digest(signed.payload) == blocks("messages.md", "text")[2]
    assert envelope.verify(signed, signing.public_key(SENDER))
    assert messages.parse(signed.payload.body).subject == signed.payload.obj


def test_the_receipt_of_the_example_is_signed_by_the_platform_of_the_example() -> None:
    statement, text = blocks("messages.md", "text")[3], blocks("messages.md", "json")[1]
    answer = receipts.ReceiptBatch.model_validate_json(text)

    assert receipts.verify(answer, signing.public_key(PLATFORM))
    assert canonical(receipts.statement_of(answer)).decode() == statement
    assert answer.receipts[0].digest == blocks("messages.md", "text")[2]
    assert signing.public_key(PLATFORM).hex() in PAGES["messages.md"]


def test_the_heartbeat_of_the_example_is_one_of_the_standard() -> None:
    beat = heartbeat.Heartbeat.model_validate(run("exchange.md")["beat"])

    assert heartbeat.verify(beat, signing.public_key(SENDER))


def test_the_record_of_the_example_is_one_of_the_standard_in_json_and_xml() -> None:
    told = json.loads(blocks("records.md", "json")[0])
    record = RecordSubmitted.model_validate(told | {"occurred_at": "2026-03-02T01:00:00Z"})
    in_xml = xml_form.read(blocks("records.md", "xml")[0].encode())

    assert messages.parse(record.body()) == record
    assert (in_xml.data_set, in_xml.action, in_xml.data_key) == (502, "add", told["data_key"])
    assert in_xml.fields == told["fields"]


@pytest.mark.parametrize(
    ("page", "model"),
    [
        ("messages.md", envelope.SignedMessage),
        ("messages.md", envelope.Payload),
        ("exchange.md", receipts.ReceiptBatch),
        ("exchange.md", receipts.Receipt),
        ("exchange.md", heartbeat.Told),
        ("exchange.md", heartbeat.StreamTold),
        ("exchange.md", heartbeat.HeartbeatAnswer),
        ("exchange.md", heartbeat.StreamState),
        ("exchange.md", heartbeat.Processed),
        ("records.md", messages.RecordSubmitted),
        ("records.md", messages.AttachmentFacts),
    ],
)
def test_a_page_names_every_field_of_what_it_tells_of(page: str, model: Any) -> None:
    assert set(model.model_fields) <= set(re.findall(r"[a-z_0-9]+", PAGES[page]))


def test_the_guide_is_published_with_the_standard_and_its_links_lead_on() -> None:
    site = files()

    for path, content in guide_files():
        assert site[path] == content
        for target in re.findall(r'href="([^"#:]+)', content):
            there = (Path("connect") / target).as_posix()
            parts: list[str] = []
            for part in there.split("/"):
                parts = parts[:-1] if part == ".." else [*parts, part]
            assert "/".join(parts) in site, (path, target)
    assert '<a href="../errors.html"><code>/standard/errors.html</code></a>' in site["connect/index.html"]
    assert 'href="example_client.py"' in site["connect/index.html"]


def test_html_in_a_page_stays_text() -> None:
    assert "&lt;script&gt;" in guide_page("# 题\n\n<script>x</script>\n")


def test_a_page_without_a_title_is_refused() -> None:
    with pytest.raises(ValueError, match="title"):
        guide_page("没有题目\n")
