"""A request that announces more than its address takes is refused before a byte of it is read."""

import io
import json
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from yuntai.kernel.body_limits import MOST_JSON_BYTES, BodyLimitMiddleware
from yuntai.kernel.tests.exchange import US, HubStream
from yuntai.standard.receipts import MOST_BATCH_BYTES

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGES = "/exchange/v1/messages"


class Unread(io.BytesIO):
    """A body that nobody may read."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")


def post(client: Client, address: str, size: int, content_type: str = "application/json") -> Any:
    announced: dict[str, Any] = {
        "CONTENT_LENGTH": str(size),
        "CONTENT_TYPE": content_type,
        "wsgi.input": Unread(),
    }
    return client.generic("POST", address, b"", **announced)


@pytest.mark.parametrize("address", [MESSAGES, "/login/answer", "/holders/v1/keys", "/api/v1/tenders"])
@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data", "text/plain"])
def test_no_door_for_programs_reads_more_than_its_limit(
    client: Client, address: str, content_type: str
) -> None:
    answer = post(client, address, MOST_JSON_BYTES + 1, content_type)

    problem = json.loads(answer.content)
    assert (answer.status_code, problem["type"]) == (413, "urn:problem:body-too-large")
    assert "2097153 字节，超过此地址 2097152 字节（2 MB）的上限" in problem["detail"]


def test_a_form_has_the_same_limit_and_its_refusal_is_a_page(client: Client) -> None:
    answer = post(client, "/logout", MOST_JSON_BYTES + 1, "application/x-www-form-urlencoded")

    assert (answer.status_code, "2 MB" in answer.content.decode()) == (413, True)


@pytest.mark.parametrize("method", ["POST", "DELETE", "PATCH", "GET"])
@pytest.mark.parametrize(("size", "status"), [(MOST_JSON_BYTES, 200), (MOST_JSON_BYTES + 1, 413)])
def test_the_limit_is_exact_and_holds_for_every_method(method: str, size: int, status: int) -> None:
    request = RequestFactory().generic(method, MESSAGES, b"", CONTENT_LENGTH=str(size))

    assert _pass(request) == status


def test_what_is_read_into_memory_has_the_same_limit() -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == MOST_JSON_BYTES


@pytest.mark.parametrize(("size", "status"), [(MOST_BATCH_BYTES, 200), (MOST_BATCH_BYTES + 1, 413)])
def test_the_platform_takes_batches_that_it_can_forward(
    monkeypatch: pytest.MonkeyPatch, size: int, status: int
) -> None:
    monkeypatch.setattr(settings, "SYSTEM_KIND", "publicservice")

    assert _pass(RequestFactory().generic("POST", MESSAGES, b"", CONTENT_LENGTH=str(size))) == status


@pytest.mark.parametrize("said", ["", "-1", "1e9", "１２３４５６７８９"])
def test_a_length_that_is_no_number_counts_as_none(said: str) -> None:
    assert _pass(RequestFactory().generic("POST", MESSAGES, b"", CONTENT_LENGTH=said)) == 200


def test_no_more_is_read_than_was_announced(client: Client) -> None:
    batch = HubStream(US).batch(1).model_dump_json().encode()

    sent: dict[str, Any] = {
        "CONTENT_LENGTH": str(len(batch)),
        "wsgi.input": io.BytesIO(batch + b" " * 10_000_000),
    }
    answer = client.generic("POST", MESSAGES, b"", CONTENT_TYPE="application/json", **sent)

    assert answer.status_code == 200


def test_files_are_left_to_those_who_read_them_in_pieces() -> None:
    factory = RequestFactory()
    large: dict[str, Any] = {"CONTENT_LENGTH": str(200 * 2**20)}

    form = factory.generic(
        "POST", "/tenders/new", b"", CONTENT_TYPE="multipart/form-data; boundary=x", **large
    )
    assert _pass(form) == 200
    assert _pass(factory.generic("PUT", "/api/v1/bodies/0", b"", **large)) == 200


def _pass(request: Any) -> int:
    return BodyLimitMiddleware(lambda _: HttpResponse())(request).status_code
