"""Headers as JSON: one form, and every other form refused."""

import json
from collections.abc import Callable

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from yuntai.trust.envelopes import Context, Header
from yuntai.trust.faults import MalformedHeader
from yuntai.trust.tests.sealed_bids import make_context, make_sealed

Spoil = Callable[[dict[str, object]], object]
HEADER, _ = make_sealed()


def inner(document: dict[str, object], name: str) -> dict[str, object]:
    value = document[name]
    assert isinstance(value, dict)
    return value


def spoilt(spoil: Spoil) -> dict[str, object]:
    document: dict[str, object] = json.loads(json.dumps(HEADER.to_json()))
    spoil(document)
    return document


def last_character_with_unused_bits(document: dict[str, object]) -> None:
    text = str(document["owner_public_key"])
    assert text[-1] == "8"
    document["owner_public_key"] = text[:-1] + "9"


SPOILS: list[tuple[str, Spoil]] = [
    ("suite", lambda d: d.pop("suite")),
    ("note", lambda d: d.update(note="")),
    ("version", lambda d: d.update(version=2)),
    ("version", lambda d: d.update(version=True)),
    ("version", lambda d: d.update(version="1")),
    ("suite", lambda d: d.update(suite="national-2")),
    ("suite", lambda d: d.update(suite=None)),
    ("context", lambda d: d.update(context=[])),
    ("context.part", lambda d: inner(d, "context").pop("part")),
    ("context.part", lambda d: inner(d, "context").update(part="价格")),
    ("context.part", lambda d: inner(d, "context").update(part=1)),
    ("context.lot", lambda d: inner(d, "context").update(lot="../etc")),
    ("context.lot", lambda d: inner(d, "context").update(lot="")),
    ("context.lot", lambda d: inner(d, "context").update(lot="x" * 65)),
    ("context.tender", lambda d: inner(d, "context").update(tender="E32\n")),
    ("context.envelope_id", lambda d: inner(d, "context").update(envelope_id="AB" * 16)),
    ("context.documents_sha256", lambda d: inner(d, "context").update(documents_sha256="ab" * 31)),
    ("key_commitment", lambda d: d.update(key_commitment="AB" * 32)),
    ("key_commitment", lambda d: d.update(key_commitment="ab" * 33)),
    ("share_commitments.R", lambda d: inner(d, "share_commitments").pop("R")),
    ("share_commitments.S", lambda d: inner(d, "share_commitments").update(S="ab" * 32)),
    ("wrapped_shares.T", lambda d: inner(d, "wrapped_shares").update(T="AAAA")),
    ("wrapped_shares.T", lambda d: inner(d, "wrapped_shares").update(T="*" * 151)),
    ("wrapped_shares.T", lambda d: inner(d, "wrapped_shares").update(T=7)),
    ("body_sha256", lambda d: d.update(body_sha256="")),
    ("body_length", lambda d: d.update(body_length=-1)),
    ("body_length", lambda d: d.update(body_length=2**53)),
    ("body_length", lambda d: d.update(body_length=1.0)),
    ("owner_public_key", lambda d: d.update(owner_public_key=f"{d['owner_public_key']}=")),
    ("owner_public_key", last_character_with_unused_bits),
]


@pytest.mark.parametrize(("field", "spoil"), SPOILS)
def test_refuses_a_header_of_another_form_and_names_the_field(field: str, spoil: Spoil) -> None:
    with pytest.raises(MalformedHeader, match="请重新密封") as refusal:
        Header.from_json(spoilt(spoil))

    assert refusal.value.field == field
    assert refusal.value.code == "malformed-header"


@pytest.mark.parametrize("document", [None, [], "header", 1])
def test_refuses_what_is_no_object(document: object) -> None:
    with pytest.raises(MalformedHeader):
        Header.from_json(document)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_refuses_any_other_json_without_another_error(document: object) -> None:
    with pytest.raises(MalformedHeader):
        Header.from_json(document)


def test_reads_what_it_writes() -> None:
    again = Header.from_json(json.loads(rfc8785.dumps(HEADER.to_json())))  # type: ignore[arg-type]

    assert again == HEADER
    assert again.digest() == HEADER.digest()


@pytest.mark.parametrize("length", [0, 2**53 - 1])
def test_takes_every_length_json_can_carry(length: int) -> None:
    assert Header.from_json(spoilt(lambda d: d.update(body_length=length))).body_length == length


def test_every_field_counts_in_the_digest() -> None:
    changed = Header.from_json(spoilt(lambda d: d.update(body_length=1)))

    assert changed.digest() != HEADER.digest()


def test_two_contexts_never_encode_alike() -> None:
    shifted = make_context(tender="AB", lot="C").encode(), make_context(tender="A", lot="BC").encode()

    assert shifted[0] != shifted[1]


def test_encodes_the_context_as_documented() -> None:
    context = Context("T1", "L1", "price", "a" * 64, "b" * 32)

    assert context.encode() == (
        b"\x00\x0eyuntai-seal-v1\x00\x02T1\x00\x02L1\x00\x05price\x00\x40"
        + b"a" * 64
        + b"\x00\x20"
        + b"b" * 32
    )


@pytest.mark.parametrize("code", ["a", "A-1_2.z", "x" * 64])
def test_takes_codes_up_to_64_characters(code: str) -> None:
    assert make_context(lot=code).lot == code
