"""The reader of bid files: agrees with a general CBOR writer; hostile bytes cost no more than their size."""

import time
import tracemalloc
from collections.abc import Callable

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuntai.standard import bidfile_reader
from yuntai.standard.bidfile_reader import BidParts, NotABidFile, read_parts

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
BYTES = st.binary(max_size=300)
PARTS = st.builds(
    BidParts,
    form=BYTES,
    files=st.dictionaries(NAMES, BYTES, max_size=30),
    certificates=st.lists(BYTES, max_size=bidfile_reader.MOST_CERTIFICATES).map(tuple),
    signature=BYTES,
)
PART = BidParts(b"{}", {"a": b"1"}, (b"der",), b"signed")


def written(parts: BidParts, **changes: object) -> bytes:
    content = {
        "form": parts.form,
        "files": parts.files,
        "certificates": list(parts.certificates),
        "signature": parts.signature,
    }
    return cbor2.dumps(content | changes)


@given(PARTS)
def test_reads_what_a_general_writer_writes(parts: BidParts) -> None:
    read = read_parts(written(parts))

    assert read == parts
    assert list(read.files) == list(parts.files)


@given(PARTS, st.data())
def test_a_changed_byte_gives_other_parts_or_none(parts: BidParts, data: st.DataObject) -> None:
    content = bytearray(written(parts))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))

    try:
        read = read_parts(bytes(content))
    except NotABidFile:
        return
    assert read != parts
    assert written(read) == bytes(content)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read = read_parts(content)
    except NotABidFile:
        return
    assert written(read) == content


@pytest.mark.parametrize("size", [0, 23, 24, 255, 256, 65_535, 65_536])
def test_reads_a_file_on_both_sides_of_each_length(size: int) -> None:
    parts = BidParts(b"{}", {"a": bytes(size)}, (b"der",), b"signed")

    assert read_parts(written(parts)) == parts


@pytest.mark.parametrize(
    "long_head",
    [
        b"\x78\x01a",
        b"\x79\x00\x01a",
        b"\x7a\x00\x00\x00\x01a",
        b"\x7b" + bytes(7) + b"\x01a",
        b"\x7f\x61a\xff",
    ],
    ids=len,
)
def test_refuses_a_length_not_written_the_shortest_way(long_head: bytes) -> None:
    content = written(PART)
    assert read_parts(content)

    with pytest.raises(NotABidFile):
        read_parts(content.replace(b"\x61a", long_head))


def test_refuses_two_files_of_one_name() -> None:
    content = written(PART, files={"a": b"1", "b": b"2"})
    assert read_parts(content).files == {"a": b"1", "b": b"2"}

    with pytest.raises(NotABidFile):
        read_parts(content.replace(b"\x61b", b"\x61a"))


def test_refuses_a_name_that_is_no_utf_8() -> None:
    with pytest.raises(NotABidFile):
        read_parts(written(PART).replace(b"\x61a", b"\x61\xff"))


@pytest.mark.parametrize(
    "at_bound",
    [
        lambda over: {"form": bytes(bidfile_reader.LONGEST_FORM + over)},
        lambda over: {"files": {str(n): b"" for n in range(bidfile_reader.MOST_FILES + over)}},
        lambda over: {"files": {"n" * (bidfile_reader.LONGEST_NAME + over): b""}},
        lambda over: {"certificates": [b""] * (bidfile_reader.MOST_CERTIFICATES + over)},
        lambda over: {"certificates": [bytes(bidfile_reader.LONGEST_CERTIFICATE + over)]},
        lambda over: {"signature": bytes(bidfile_reader.LONGEST_SIGNATURE + over)},
    ],
    ids=["form", "files", "name", "certificates", "certificate", "signature"],
)
def test_takes_each_part_up_to_its_bound(at_bound: Callable[[int], dict[str, object]]) -> None:
    read_parts(written(PART, **at_bound(0)))

    with pytest.raises(NotABidFile):
        read_parts(written(PART, **at_bound(1)))


def colliding_keys(count: int) -> bytes:
    """A map of bignums that all hash to 0: a dictionary of them costs the square of its size."""
    prime = 2**61 - 1
    keys = (b"\xc2\x4a" + ((16 + n) * prime).to_bytes(10, "big") for n in range(count))
    return b"\xba" + count.to_bytes(4, "big") + b"".join(key + b"\x00" for key in keys)


def empty_lists(count: int) -> bytes:
    return b"\x9a" + count.to_bytes(4, "big") + b"\x80" * count


def many_files(count: int) -> bytes:
    head = b"\xa4\x64form\x40\x65files"
    return head + b"\xba" + count.to_bytes(4, "big") + b"".join(b"\x64%04d\x40" % n for n in range(count))


@pytest.mark.parametrize(
    "content",
    [
        colliding_keys(40_000),
        b"\xa4\x64form" + colliding_keys(40_000),
        b"\xa4\x64form\x40\x65files" + colliding_keys(40_000),
        empty_lists(2**22),
        b"\xa4\x64form\x40\x65files\xa0\x6ccertificates" + empty_lists(2**22),
        many_files(9_999),
        b"\x81" * 2**22,
        b"\xbb" + b"\xff" * 8,
        b"\xa4\x64form\x5b" + b"\xff" * 8,
    ],
    ids=["bignums", "form", "files", "lists", "certificates", "names", "nested", "countless", "endless"],
)
def test_hostile_bytes_are_refused_before_anything_is_built(content: bytes) -> None:
    tracemalloc.start()
    began = time.process_time()

    with pytest.raises(NotABidFile):
        read_parts(content)

    spent, (_, most_bytes) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < 0.5
    assert most_bytes < 2**20
