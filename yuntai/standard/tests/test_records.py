"""Records as messages: add, change, delete, and what a receiver refuses."""

import json
from typing import Any

import pytest

from yuntai.standard import envelope
from yuntai.standard import messages as m
from yuntai.standard.datasets import data_set, numbers
from yuntai.standard.datasets.samples import sample, sample_key, sample_object
from yuntai.standard.tests.samples import NOW, SENDER_PUBLIC_KEY, record, signed


def body(no: int = 501, **changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(record(no).body()))
    return told | changes


def problems(told: dict[str, Any]) -> list[str]:
    with pytest.raises(m.InvalidMessage) as refusal:
        m.parse(told)
    return [str(problem) for problem in refusal.value.problems]


@pytest.mark.parametrize("no", numbers())
def test_a_record_of_every_set_reads_back(no: int) -> None:
    told = body(no)

    read = m.parse(told)

    assert read.body() == told
    assert read.subject == sample_object(no)


def test_a_record_is_signed_and_verified_like_any_message() -> None:
    message = signed(record())

    assert envelope.verify(message, SENDER_PUBLIC_KEY)
    assert message.payload.obj == "E3207000001000042001"


def test_a_record_about_a_person_names_no_person_in_its_envelope() -> None:
    assert record(114).subject == sample_key(114)
    assert record(114).subject != sample(114)["ID_CARD"]


def test_says_set_field_rule_and_value() -> None:
    told = body()
    told["fields"] |= {"IS_TO_LAW": "是"}
    del told["fields"]["REPORT_DUTY"]

    assert problems(told) == [
        "fields.IS_TO_LAW 数据集 501 不在代码表 TRUE_OR_FALSE 内〔DS301〕（收到 '是'）",
        "fields.REPORT_DUTY 数据集 501 缺少必填字段〔DS101〕",
    ]


def test_a_deletion_carries_only_keys() -> None:
    deletion = m.RecordSubmitted(
        occurred_at=NOW,
        data_set=501,
        action="delete",
        data_key=sample_key(501),
        object_code=sample_object(501),
    )

    assert m.parse(json.loads(json.dumps(deletion.body()))) == deletion
    assert problems(body(action="delete")) == ["数据集 501 删除操作不得带字段和附件〔DS504〕"]


@pytest.mark.parametrize("action", ["add", "change"])
def test_adding_and_changing_need_the_whole_record(action: str) -> None:
    told = problems(body(action=action, fields={}))

    assert len(told) == len([field for field in data_set(501).fields if field.required])
    assert told[0] == "fields.PLATFORM_CODE 数据集 501 缺少必填字段〔DS101〕"


@pytest.mark.parametrize("action", ["change", "delete"])
def test_changing_and_deleting_need_the_key(action: str) -> None:
    told = body(action=action)
    del told["data_key"]

    assert "data_key 缺少必填项" in problems(told)


@pytest.mark.parametrize("no", [501, 9021])
def test_the_key_names_the_set(no: int) -> None:
    right = sample_key(no)

    assert len(right) == 22
    assert m.parse(body(no, data_key=right))
    assert problems(body(no, data_key=sample_key(502))) == [
        (
            f"data_key 数据集 {no} DATA_KEY 须为 22 位：系统编号 4 位（数字或大写字母）、数据集编号、数字序号"
            f"〔DS502〕（收到 '{sample_key(502)}'）"
        )
    ]


@pytest.mark.parametrize("key", ["S001501", sample_key(501) + "0", sample_key(501).lower(), ""])
def test_refuses_another_form_of_key(key: str) -> None:
    assert problems(body(data_key=key))[0].startswith("data_key 须符合格式")


def test_the_object_is_the_one_of_the_fields() -> None:
    assert problems(body(object_code="E3207000001000042002")) == [
        (
            "object_code 数据集 501 object_code 须与字段 TENDER_PROJECT_CODE 的值一致〔DS503〕"
            "（收到 'E3207000001000042002'）"
        )
    ]


def test_there_is_no_set_555() -> None:
    assert problems(body(data_set=555)) == ["数据集 555 没有编号为 555 的数据集〔DS501〕"]


@pytest.mark.parametrize("value", [{"nested": {"json": 1}}, ["x"], 1, 1.5, True, None], ids=repr)
def test_a_value_is_text_and_nothing_else(value: object) -> None:
    told = body()
    told["fields"]["TENDER_CONTENT"] = value

    assert problems(told)[0].startswith("fields.TENDER_CONTENT 须为文本")


def test_refuses_deep_nesting_without_falling_over() -> None:
    nested: Any = []
    for _ in range(100_000):
        nested = [nested]

    assert problems(body(fields={"TENDER_CONTENT": nested})) == [
        "该数据嵌套过深，无法写成规范 JSON（RFC 8785）"
    ]


def test_a_nul_in_a_field_is_refused_by_its_data_set() -> None:
    told = body()
    told["fields"]["TENDER_CONTENT"] = "一\x00"

    assert problems(told) == [
        "fields.TENDER_CONTENT 数据集 501 含有不可见的控制字符（位置 2）〔DS105〕（收到 '一\\x00'）"
    ]


def test_does_not_tell_back_an_identity_number() -> None:
    told = body(507)
    told["fields"]["PM_CODE"] = "11010519491231002X9"

    assert "11010519491231" not in " ".join(problems(told))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sha256", "56"),
        ("size_bytes", -1),
        ("media_type", "PDF"),
        ("url", "ftp://x"),
        ("name", "a\nb"),
        ("md5", "0" * 32),
    ],
)
def test_an_attachment_is_named_by_its_hash(field: str, value: object) -> None:
    told = body()
    told["attachments"][0][field] = value

    assert problems(told)[0].startswith(f"attachments.0.{field} ")
