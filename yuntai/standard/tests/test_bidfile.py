"""The inside of a sealed bid: packed, unpacked, and everything that must not get in."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import cbor2
import pytest
from pydantic import ValidationError

from yuntai.standard.bidfile import BidFileError, BidForm, pack, unpack
from yuntai.standard.canonical import canonical
from yuntai.standard.tests.samples import BIDDER, LOT, SENDER_KEY, SENDER_PUBLIC_KEY, TENDER
from yuntai.trust import signing
from yuntai.trust.sealing import Context

CONTEXT = Context(tender=TENDER, lot=LOT, part="bid", documents_sha256="ef" * 32, envelope_id="ab" * 16)
CERTIFICATE = b"stands for a DER certificate"
FILES = {"技术标.pdf": b"%PDF-1.7", "清单.xlsx": b""}


def make_form(**changes: object) -> BidForm:
    facts: dict[str, object] = {
        "tender_code": TENDER,
        "lot_code": LOT,
        "bidder_code": BIDDER,
        "bidder_name": "王投标建设有限公司",
        "price_yuan": "980000.00",
        "duration_days": 180,
        "project_lead": "王投标",
        "quality": "合格",
        "made_at": datetime(2026, 3, 20, 1, 0, tzinfo=UTC),
    }
    return BidForm.model_validate(facts | changes)


def packed(form: BidForm | None = None, files: dict[str, bytes] | None = None) -> bytes:
    return pack(
        form or make_form(),
        FILES if files is None else files,
        context=CONTEXT,
        certificates=[CERTIFICATE],
        sign=lambda data: signing.sign(SENDER_KEY, data),
    )


def repacked(**changes: object) -> bytes:
    return cbor2.dumps(cbor2.loads(packed()) | changes)


def test_unpacks_what_was_packed() -> None:
    bid = unpack(packed(), CONTEXT)

    assert bid.form == make_form()
    assert bid.form.price_yuan == Decimal("980000.00")
    assert bid.files == FILES
    assert bid.certificates == (CERTIFICATE,)


def test_the_signature_is_over_context_form_and_files() -> None:
    bid = unpack(packed(), CONTEXT)

    form = canonical(make_form().model_dump(mode="json"))
    assert bid.signed == canonical(
        {
            "context": CONTEXT.encode().hex(),
            "form_sha256": sha256(form).hexdigest(),
            "files": {name: sha256(file).hexdigest() for name, file in FILES.items()},
        }
    )
    assert signing.is_valid(SENDER_PUBLIC_KEY, bid.signed, bid.signature)


def test_a_file_exchanged_after_signing_is_seen() -> None:
    bid = unpack(repacked(files=FILES | {"技术标.pdf": b"another"}), CONTEXT)

    assert not signing.is_valid(SENDER_PUBLIC_KEY, bid.signed, bid.signature)


def test_a_form_exchanged_after_signing_is_seen() -> None:
    cheaper = canonical(make_form(price_yuan="970000.00").model_dump(mode="json"))

    bid = unpack(repacked(form=cheaper), CONTEXT)

    assert not signing.is_valid(SENDER_PUBLIC_KEY, bid.signed, bid.signature)


def test_a_bid_moved_to_another_envelope_is_seen() -> None:
    elsewhere = Context(TENDER, LOT, "bid", "ef" * 32, "cd" * 16)

    bid = unpack(packed(), elsewhere)

    assert not signing.is_valid(SENDER_PUBLIC_KEY, bid.signed, bid.signature)


def test_writes_the_map_byte_for_byte_as_the_standard_says() -> None:
    """A map of four, definite lengths, keys in the order written: another tool must make the same."""
    content = packed(files={})

    assert content[:6] == b"\xa4\x64form"
    assert content.index(b"\x65files\xa0") < content.index(b"\x6ccertificates\x81")
    assert content.index(b"\x6ccertificates\x81") < content.index(b"\x69signature\x58\x40")


def indefinite(content: bytes) -> bytes:
    return b"\xbf" + content[1:] + b"\xff"


def trailing(content: bytes) -> bytes:
    return content + b"\x00"


def cut(content: bytes) -> bytes:
    return content[:-1]


def tagged(content: bytes) -> bytes:
    return b"\xd9\xd9\xf7" + content


def reordered(content: bytes) -> bytes:
    return cbor2.dumps(dict(reversed(cbor2.loads(content).items())))


def doubled_key(content: bytes) -> bytes:
    return b"\xa5" + content[1:] + b"\x69signature" + b"\x40"


@pytest.mark.parametrize("damage", [indefinite, trailing, cut, tagged, reordered, doubled_key])
def test_refuses_any_other_way_to_write_it(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(BidFileError) as refusal:
        unpack(damage(packed()), CONTEXT)

    assert refusal.value.code == "bid-file-malformed"


@pytest.mark.parametrize(
    "changes",
    [
        {"form": "text"},
        {"files": [b""]},
        {"files": {"a": "text"}},
        {"files": {1: b""}},
        {"certificates": []},
        {"certificates": ["text"]},
        {"certificates": b"der"},
        {"signature": "text"},
        {"surprise": b""},
    ],
    ids=str,
)
def test_refuses_parts_of_another_type(changes: dict[str, Any]) -> None:
    with pytest.raises(BidFileError) as refusal:
        unpack(repacked(**changes), CONTEXT)

    assert refusal.value.code == "bid-file-malformed"


@pytest.mark.parametrize("content", [b"", b"\xff", b"\x81" * 5000, b"not cbor", cbor2.dumps([1, 2])], ids=len)
def test_refuses_what_is_no_bid_file(content: bytes) -> None:
    with pytest.raises(BidFileError) as refusal:
        unpack(content, CONTEXT)

    assert refusal.value.code == "bid-file-malformed"


def spaced(form: bytes) -> bytes:
    return form.replace(b":", b": ")


def with_json_number(form: bytes) -> bytes:
    return form.replace(b'"980000.00"', b"980000")


def without_price(form: bytes) -> bytes:
    return form.replace(b'"price_yuan":"980000.00",', b"")


def not_json(form: bytes) -> bytes:
    return form[:-1]


@pytest.mark.parametrize("damage", [spaced, with_json_number, without_price, not_json])
def test_refuses_a_form_that_breaks_the_standard(damage: Callable[[bytes], bytes]) -> None:
    form = canonical(make_form().model_dump(mode="json"))

    with pytest.raises(BidFileError) as refusal:
        unpack(repacked(form=damage(form)), CONTEXT)

    assert refusal.value.code == "bid-form-invalid"


def test_refuses_a_form_for_another_lot() -> None:
    form = make_form(lot_code=TENDER + "002")

    with pytest.raises(BidFileError, match="两者须一致") as refusal:
        packed(form)
    assert refusal.value.code == "bid-form-of-another-lot"
    with pytest.raises(BidFileError, match="两者须一致"):
        unpack(repacked(form=canonical(form.model_dump(mode="json"))), CONTEXT)


@pytest.mark.parametrize(
    "name", ["", "../a", "a/b", "a\\b", ".hidden", " a", "a\nb", "字" * 121, 'a"b', "a\u202eb"]
)
def test_refuses_a_file_name_that_could_do_harm(name: str) -> None:
    with pytest.raises(BidFileError, match="附件名"):
        packed(files={name: b""})
    with pytest.raises(BidFileError, match="附件名"):
        unpack(repacked(files={name: b""}), CONTEXT)


def test_hostile_bytes_do_not_hold_up_the_opening() -> None:
    """Keys that share one hash cost a general decoder the square of their number: 20 seconds for these."""
    count, prime = 40_000, 2**61 - 1
    keys = (b"\xc2\x4a" + ((16 + n) * prime).to_bytes(10, "big") for n in range(count))
    content = b"\xba" + count.to_bytes(4, "big") + b"".join(key + b"\x00" for key in keys)
    began = time.process_time()

    with pytest.raises(BidFileError, match="结构不符合"):
        unpack(content, CONTEXT)

    assert time.process_time() - began < 0.5


def test_takes_files_up_to_the_greatest_number() -> None:
    files = {f"{n}.pdf": b"" for n in range(500)}
    assert unpack(packed(files=files), CONTEXT).files == files

    with pytest.raises(BidFileError, match="501 个，上限为 500 个"):
        packed(files=files | {"500.pdf": b""})


def test_takes_the_longest_note_a_form_may_have() -> None:
    form = make_form(note="\x01" * 100_000)

    assert unpack(packed(form), CONTEXT).form == form


def test_takes_the_longest_file_name() -> None:
    assert unpack(packed(files={"字" * 120: b"x"}), CONTEXT).files == {"字" * 120: b"x"}


def test_packs_nothing_without_a_certificate() -> None:
    with pytest.raises(BidFileError, match="签名证书"):
        pack(make_form(), {}, context=CONTEXT, certificates=[], sign=lambda data: b"")


@pytest.mark.parametrize("price", ["0.00", "-1.00", "1.234", 980000])
def test_refuses_a_price_that_is_none(price: object) -> None:
    with pytest.raises(ValidationError):
        make_form(price_yuan=price)


def test_takes_the_lowest_price_of_a_fen() -> None:
    assert unpack(packed(make_form(price_yuan="0.01")), CONTEXT).form.price_yuan == Decimal("0.01")
