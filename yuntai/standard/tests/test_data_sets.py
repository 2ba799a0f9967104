"""The definitions: every data set and field of the national specification, and what we added to them."""

import csv
import re
from hashlib import sha256
from pathlib import Path

import pytest
from pydantic import ValidationError

from yuntai.standard.code_lists import code_list
from yuntai.standard.datasets import DataSet, Field, UnknownDataSet, data_set, data_sets, numbers
from yuntai.standard.datasets.definitions import DATA_KEY, families
from yuntai.standard.datasets.field_types import field_type
from yuntai.standard.datasets.rules import rules, state_rules
from yuntai.standard.datasets.samples import sample, sample_object

NATIONAL = Path(__file__).parent / "national_fields.csv"
LEFT_OUT = {9006, 9010, 9014}
PROVINCIAL_FIELDS = {500: 1, 501: 7, 504: 1, 506: 3, 507: 5, 510: 2, 511: 6, 512: 1, 513: 4, 523: 10}


def frozen() -> dict[int, dict[str, str]]:
    """Return number, name, count and digest of the fields of each set, taken once from the specification."""
    with NATIONAL.open(encoding="utf-8") as table:
        return {int(row["no"]): row for row in csv.DictReader(table)}


def digest(fields: tuple[Field, ...]) -> str:
    text = "\n".join(f"{field.name} {field.chinese} {field.type}" for field in fields)
    return sha256(text.encode()).hexdigest()[:16]


def test_all_105_national_sets_are_here_and_18_that_a_construction_flow_needs() -> None:
    assert numbers() == tuple(sorted(frozen()))
    assert len([no for no in numbers() if no <= 1900]) == 105
    assert set(range(9001, 9022)) - set(numbers()) == LEFT_OUT


@pytest.mark.parametrize("no", numbers())
def test_every_field_of_the_specification_is_there_in_its_own_spelling(no: int) -> None:
    known, row = data_set(no), frozen()[no]

    assert known.name == row["name"]
    assert len(known.own_fields) == int(row["fields"])
    assert digest(known.own_fields) == row["digest"]


def test_keeps_the_spelling_errors_of_the_specification() -> None:
    spelt = {(502, "BID_ECTION_NUM"), (510, "PRICE_UINT"), (517, "EXCEPITON_TYPE"), (1000, "industry_Code")}

    assert all(data_set(no).field(name) for no, name in spelt)


@pytest.mark.parametrize("no", numbers())
def test_a_definition_names_only_fields_that_it_has(no: int) -> None:
    known = data_set(no)
    names = [field.name for field in known.fields]
    named = [*known.key, *(name for group in known.unique for name in group)]

    assert len(set(names)) == len(names)
    assert set(named) <= set(names)
    assert known.object in {*names, DATA_KEY}
    assert known.object == DATA_KEY or known.field(known.object).required  # type: ignore[union-attr]
    assert known.family in families()


def test_the_common_fields_come_first_and_are_five_in_construction() -> None:
    three = ("PLATFORM_CODE", "PUB_SERVICE_PLAT_CODE", "DATA_TIMESTAMP")

    assert data_set(600).common == three
    assert data_set(501).common == data_set(9019).common == (*three, "TRADE_PLAT", "PUB_SERVICE_PLAT")
    assert [field.name for field in data_set(600).fields[:3]] == list(three)


def test_provincial_fields_of_national_sets_are_marked_and_never_required() -> None:
    marked = {known.no: sum(field.provincial for field in known.fields) for known in data_sets()}

    assert {no: count for no, count in marked.items() if count} == PROVINCIAL_FIELDS
    assert not [
        (known.no, field.name)
        for known in data_sets()
        for field in known.fields
        if field.provincial and field.required
    ]


def personal(field: Field) -> bool:
    return bool(re.search("身份证|证件号", field.chinese)) and "类型" not in field.chinese


def test_no_identity_number_is_open() -> None:
    open_ones = [
        (known.no, field.name)
        for known in data_sets()
        for field in known.fields
        if personal(field) and known.openness_of(field) != "不公开"
    ]

    assert open_ones == []


@pytest.mark.parametrize("no", numbers())
def test_no_identity_number_is_the_object_of_a_message(no: int) -> None:
    known = data_set(no)
    named = known.field(known.object)

    assert named is None or not personal(named)
    assert sample_object(no)


def test_who_bids_is_open_only_after_the_opening() -> None:
    assert {no: data_set(no).open_after for no in (506, 507, 519, 523)} == dict.fromkeys(
        (506, 507, 519, 523), "开标"
    )
    assert data_set(508).open_after == "中标结果公告"


def test_every_rule_names_sets_and_fields_that_exist() -> None:
    for rule in rules():
        for no in rule.sets:
            missing = set(rule.fields) - {field.name for field in data_set(no).fields}
            assert missing == set(), f"{rule.name} of {no}"
    assert {rule.name for rule in state_rules()} >= {"key-is-fixed", "unique-together"}


@pytest.mark.parametrize(
    ("no", "rule"),
    [
        (501, "agency-when-entrusted"),
        (504, "margin-form"),
        (100, "tax-certificate"),
        (513, "award-price-form"),
    ],
)
def test_the_rules_that_the_source_tells_are_there(no: int, rule: str) -> None:
    assert rule in {each.name for each in rules() if no in each.sets}


def test_ordered_fields_are_of_one_type() -> None:
    for rule in rules():
        for no in rule.sets:
            types = {field.type for field in data_set(no).fields if field.name in rule.order}
            assert len(types) <= 1, f"{rule.name} of {no}"


@pytest.mark.parametrize("written", ["C", "C0", "C..", "N14.6", "C20,2", "D10", "", "n5", "C20 "])
def test_an_unknown_type_in_a_definition_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="没有"):
        field_type(written)


@pytest.mark.parametrize(
    "wrong", [{"requierd": True}, {"codes": "d0"}, {"openness": "秘密"}, {"format": "x"}]
)
def test_a_misspelt_definition_does_not_load(wrong: dict[str, object]) -> None:
    with pytest.raises((ValidationError, KeyError)):
        Field.model_validate({"name": "X", "chinese": "示例", "type": "C1"} | wrong)


def test_there_is_no_set_555() -> None:
    with pytest.raises(UnknownDataSet, match="555"):
        data_set(555)


def test_a_closed_list_fits_the_type_of_its_fields() -> None:
    def fits(field: Field) -> bool:
        known = code_list(field.codes)
        longest = field.field_type.length
        return not known.closed or all(len(code.code) <= longest for code in known.codes)

    assert [
        (known.no, field.name)
        for known in data_sets()
        for field in known.fields
        if field.codes and not fits(field)
    ] == []


def test_a_sample_fills_every_field() -> None:
    known: DataSet = data_set(503)

    assert list(sample(503)) == [field.name for field in known.fields]
