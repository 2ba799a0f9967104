"""Input that cannot be read or kept is refused in Chinese, with a code, at every door."""

import json

import pytest
from django.conf import settings
from django.test import Client

from yuntai.kernel.bad_input import DEEPEST_JSON, MalformedJson, read_json
from yuntai.kernel.tests.exchange import US, HubStream

pytestmark = pytest.mark.django_db(transaction=True)
DEEP = b"[" * 100_000 + b"]" * 100_000
MESSAGES = "/exchange/v1/messages"


def problem(answer: object) -> tuple[int, str]:
    """Return status and code of a problem document with a Chinese sentence."""
    assert answer.headers["Content-Type"] == "application/problem+json"  # type: ignore[attr-defined]
    document = json.loads(answer.content)  # type: ignore[attr-defined]
    assert "请" in document["detail"]
    return document["status"], document["type"].removeprefix("urn:problem:")


def nested(levels: int) -> bytes:
    return b"[" * levels + b"1" + b"]" * levels


def test_json_may_be_nested_so_deep_and_no_deeper() -> None:
    assert read_json(nested(DEEPEST_JSON))

    for levels in (DEEPEST_JSON + 1, 900, 100_000):
        with pytest.raises(MalformedJson, match="嵌套超过 32 层"):
            read_json(nested(levels))


@pytest.mark.parametrize("body", [b'"\\u0000"', b'{"\\u0000": 1}', b'[["a\\u0000b"]]', b'"\\ud800"'])
def test_json_that_no_database_keeps_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedJson, match="空字符"):
        read_json(body)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"{'a': 1}"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedJson, match="不是 UTF-8 编码的 JSON"):
        read_json(body)


def test_a_whole_batch_of_messages_is_read() -> None:
    batch = HubStream(US).batch(100).model_dump(mode="json")

    assert read_json(json.dumps(batch).encode()) == batch


@pytest.mark.parametrize("address", [MESSAGES, "/login/answer"])
@pytest.mark.parametrize("body", [DEEP, b"{", b'{"a": "\\u0000"}'])
def test_every_door_reads_json_in_the_same_way(client: Client, address: str, body: bytes) -> None:
    client.get("/login/challenge")

    answer = client.post(address, body, content_type="application/json")

    assert problem(answer) == (400, "malformed-json")


@pytest.mark.parametrize(
    "address", ["/%00", "/tenders/%00", "/lots/E%00/bid", "/?q=a%00b", "/login?next=%00"]
)
def test_an_address_with_nul_gets_a_page(client: Client, address: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, "空字符（U+0000）" in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("address", ["/api/v1/lots/%00", "/api/v1/lots/E1?a=%00"])
def test_an_address_of_the_api_with_nul_gets_a_problem(client: Client, address: str) -> None:
    assert problem(client.get(address)) == (400, "nul-character")


def test_a_cookie_with_nul_is_refused(client: Client) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "a\x00b"

    assert client.get("/desk").status_code == 400


@pytest.mark.parametrize("form", [{"a": "x\x00"}, {"a\x00": "x"}, {"a": ["x", "\x00"]}])
@pytest.mark.parametrize("content_type", ["urlencoded", "multipart"])
def test_a_form_with_nul_is_refused(client: Client, form: dict[str, str], content_type: str) -> None:
    if content_type == "multipart":
        answer = client.post("/logout", form)
    else:
        body = "a=x%00"
        answer = client.post("/logout", body, content_type="application/x-www-form-urlencoded")

    assert (answer.status_code, "表单中含有空字符" in answer.content.decode()) == (400, True)


def test_a_form_without_its_token_is_refused_in_chinese() -> None:
    answer = Client(enforce_csrf_checks=True).post("/logout")

    page = answer.content.decode()
    assert (answer.status_code, "刷新后重新提交" in page, page.count("不能查看或办理")) == (403, True, 2)


def test_a_call_without_its_token_is_refused_in_chinese() -> None:
    answer = Client(enforce_csrf_checks=True).post("/login/answer", b"{}", content_type="application/json")

    assert problem(answer) == (403, "csrf-token-missing")


def test_a_call_that_needs_a_login_is_refused_in_chinese(client: Client) -> None:
    answer = client.post("/api/v1/lots/E1/bids", b"{}", content_type="application/json")

    assert problem(answer) == (401, "not-logged-in")


@pytest.mark.parametrize("address", [MESSAGES, "/login/answer"])
def test_a_wrong_method_is_refused_in_chinese(client: Client, address: str) -> None:
    answer = client.get(address)

    assert (problem(answer), answer["Allow"]) == ((405, "method-not-allowed"), "POST")


def test_a_page_that_takes_no_post_says_so(client: Client) -> None:
    answer = client.get("/logout")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "此地址不接受 GET 请求，只接受 POST" in answer.content.decode()


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/exchange/v1/nothing"])
def test_an_unknown_address_of_the_api_is_a_problem(client: Client, address: str) -> None:
    assert problem(client.get(address)) == (404, "unknown-address")


def test_a_batch_that_breaks_the_standard_is_explained(client: Client) -> None:
    answer = client.post(MESSAGES, b"[]", content_type="application/json")

    assert problem(answer) == (422, "invalid")
