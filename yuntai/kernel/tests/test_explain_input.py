"""What is wrong with a request is said in Chinese, field by field, and never in the framework's English."""

import json
import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGES = "/exchange/v1/messages"
ENGLISH = re.compile(r"[A-Za-z]{3,} [a-z]{2,}")


def detail(client: Client, body: object) -> str:
    answer = client.post(MESSAGES, json.dumps(body), content_type="application/json")
    assert answer.status_code == 422
    said: str = answer.json()["detail"]
    return said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "messages 缺少必填项"),
        ([], "须为对象"),
        (None, "须为对象"),
        ({"messages": {}}, "messages 须为列表"),
        ({"messages": []}, "messages 至少须有 1 项"),
        ({"messages": [1]}, "messages.0 须为对象"),
        ({"more": 1}, "more 标准中没有此项"),
        ({"messages": [{"payload": {"seq": "1"}}]}, "messages.0.payload.seq 须为整数"),
        ({"messages": [{"payload": {"v": 2}}]}, "messages.0.payload.v 只能取 1"),
    ],
    ids=str,
)
def test_says_in_chinese_what_is_wrong(client: Client, body: object, said: str) -> None:
    told = detail(client, body)

    assert said in told
    assert not ENGLISH.search(told)
    assert told.endswith("请对照接口文档改正后重发。")
