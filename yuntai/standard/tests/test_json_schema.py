"""The published JSON Schemas agree with the validator as far as a schema can."""

import json
import re

import pytest

from yuntai.standard.datasets import data_set, numbers, validate
from yuntai.standard.datasets.json_schema import json_schema, patterns
from yuntai.standard.datasets.samples import sample


@pytest.mark.parametrize("no", numbers())
def test_a_schema_has_the_fields_and_the_required_ones(no: int) -> None:
    schema, known = json_schema(no), data_set(no)

    assert list(schema["properties"]) == [field.name for field in known.fields]
    assert schema["required"] == [field.name for field in known.fields if field.required]
    assert schema["additionalProperties"] is False
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("no", numbers())
def test_the_sample_fits_its_schema(no: int) -> None:
    properties, record = json_schema(no)["properties"], sample(no)

    for name, pattern in patterns(no).items():
        assert pattern.search(record[name]), name
    for name, rule in properties.items():
        assert len(record[name]) <= rule.get("maxLength", len(record[name])), name
        assert len(record[name]) >= rule.get("minLength", 0), name
        assert record[name] in rule.get("enum", [record[name]]), name


@pytest.mark.parametrize("no", numbers())
@pytest.mark.parametrize("value", ["x", "１", "1e3", "99999999999999999999999999", "", " ", "1;2"], ids=repr)
def test_what_a_pattern_refuses_the_validator_refuses(no: int, value: str) -> None:
    for name, pattern in patterns(no).items():
        if pattern.search(value) is None:
            assert [each for each in validate(no, sample(no) | {name: value}) if each.field == name], name


def test_a_condition_is_said_in_schema_words() -> None:
    (condition,) = json_schema(501)["allOf"]

    assert condition["if"]["properties"] == {"TENDER_ORGANIZE_FORM": {"const": "2"}}
    assert condition["then"] == {
        "required": [
            "TENDER_AGENCY_NAME",
            "TENDER_AGENCY_CODE_TYPE",
            "TENDER_AGENCY_CODE",
            "TENDER_AGENCY_ROLE",
        ]
    }
    assert json_schema(100)["allOf"][0]["anyOf"] == [
        {"required": ["TAX_CERT_NO"]},
        {"required": ["LOCAL_TAX_CERT_NO"]},
    ]


def test_closed_lists_are_enumerated_and_open_ones_are_not() -> None:
    properties = json_schema(501)["properties"]

    assert properties["IS_TO_LAW"]["enum"] == ["0", "1"]
    assert "enum" not in properties["TENDER_MODE"]


def test_the_credit_code_pattern_has_the_alphabet_of_the_standard() -> None:
    pattern = json_schema(501)["properties"]["PLATFORM_CODE"]["pattern"]

    for letter in "IOSVZ":
        assert re.search(pattern, f"9132070{letter}MA00000100"[:18].ljust(18, "0")) is None
        assert re.search(pattern, f"91320700M{letter}00000100") is None
    assert re.search(pattern, sample(501)["PLATFORM_CODE"])
