"""Code lists: what each value's source is, and that none is invented."""

import pytest

from yuntai.standard import code_lists as lists
from yuntai.standard.code_lists import CodeList, UnknownCodeList, code_list
from yuntai.standard.datasets import data_sets

SOURCES = {
    "G",
    "W",
    "G, W",
    "from memory",
    "inferred",
    "GB/T 12406",
    "GB/T 2260",
    "statistical practice",
    "extension",
}


@pytest.mark.parametrize("known", lists.code_lists(), ids=lambda known: known.name)
def test_every_value_has_a_source_and_stands_once(known: CodeList) -> None:
    codes = [code.code for code in known.codes]

    assert len(set(codes)) == len(codes)
    assert {code.source for code in known.codes} <= SOURCES
    assert all(code.chinese for code in known.codes)
    assert all(code.english for code in known.codes) or known.name == lists.REGIONS


@pytest.mark.parametrize("known", lists.code_lists(), ids=lambda known: known.name)
def test_only_a_list_whose_values_were_all_read_at_the_source_is_closed(known: CodeList) -> None:
    if known.closed:
        assert known.codes
        assert {code.source for code in known.codes} == {"G"}


def test_a_list_without_known_values_says_so() -> None:
    unknown = [known for known in lists.code_lists() if not known.codes]

    assert len(unknown) == 39
    assert all(known.source == "not seen" and "未见" in known.note for known in unknown)


@pytest.mark.parametrize(
    ("name", "code", "chinese"),
    [
        ("DATA_TYPE", "3", "删除"),
        ("EXCEPITON_TYPE", "2", "终止开标"),
        ("d29", "7", "保险保函"),
        ("d26", "03", "投标人"),
        ("INDUSTRIES_TYPE", "A02", "市政"),
        ("d9547", "4", "招标代理机构"),
        ("GBT2260", "320724", "灌南县"),
    ],
)
def test_knows_a_code(name: str, code: str, chinese: str) -> None:
    assert code in code_list(name)
    assert next(known.chinese for known in code_list(name).codes if known.code == code) == chinese


def test_one_number_of_the_source_for_two_things_is_two_lists() -> None:
    used = {
        (known.no, field.name): field.codes
        for known in data_sets()
        for field in known.fields
        if field.codes.startswith("d9547")
    }

    assert used == {(9013, "AVOID_REASON"): "d9547", (1001, "BUYER_IDTYPE"): "d9547-1001"}


def test_there_is_no_list_d0() -> None:
    with pytest.raises(UnknownCodeList, match="d0"):
        code_list("d0")


def test_the_words_of_messages_are_still_here() -> None:
    assert lists.KINDS["water"] == "水利工程"
    assert lists.METHODS["open"] == "公开招标"
