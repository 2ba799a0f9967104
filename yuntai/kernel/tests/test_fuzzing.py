"""The random questions find what they are for: each kind of fault, planted in an interface of its own."""

from typing import Any

import hypothesis
import pytest
from django.http import HttpRequest
from django.urls import path
from ninja import Schema
from ninja.security import APIKeyCookie
from pydantic import Field
from pytest_django import Settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup

from yuntai.kernel.api import new_api
from yuntai.kernel.tests.fuzzing import Known, ask, bounded, handler, published

pytestmark = pytest.mark.django_db(transaction=True)
api = new_api("有错的接口", "planted")


class Question(Schema):
    """A number up to a hundred."""

    number: int = Field(ge=0, le=100, strict=True)


class Answer(Schema):
    """The number again, and a word."""

    number: int
    word: str


class OpenDoor(APIKeyCookie):
    """Says that it asks for a session, and lets everybody in."""

    param_name = "session"

    def authenticate(self, request: HttpRequest, key: str | None) -> str:
        """Believe anything."""
        return "anybody"


@api.post("/sound", response={200: Answer})
def sound(request: HttpRequest, payload: Question) -> Any:
    return {"number": payload.number, "word": "好"}


@api.post("/fault", response={200: Answer})
def fault(request: HttpRequest, payload: Question) -> Any:
    return {"number": 1 // payload.number, "word": "好"}


@api.post("/short", response={200: Any})
def short(request: HttpRequest, payload: Question) -> Any:
    return {"number": payload.number}


@api.post("/undeclared", response={200: Answer, 418: Any})
def undeclared(request: HttpRequest, payload: Question) -> Any:
    return api.create_response(request, {"number": 1, "word": "好"}, status=418 if payload.number else 200)


@api.post("/lenient", response={200: Answer})
def lenient(request: HttpRequest) -> Any:
    return {"number": 1, "word": "好"}


@api.post("/open", response={200: Answer}, auth=OpenDoor(csrf=False))
def open_to_all(request: HttpRequest, payload: Question) -> Any:
    return {"number": payload.number, "word": "好"}


urlpatterns = [path("api/planted/", api.urls)]


def document() -> Any:
    """Return the interface as it claims to be: with the answer that `short` shortens, and so on."""
    schema = published(api, "/api/planted/")
    paths: Any = schema.raw_schema["paths"]
    promised = paths["/api/planted/sound"]["post"]
    paths["/api/planted/short"]["post"]["responses"]["200"] = promised["responses"]["200"]
    del paths["/api/planted/undeclared"]["post"]["responses"]["418"]
    paths["/api/planted/lenient"]["post"]["requestBody"] = promised["requestBody"]
    return schema


def ask_all(name: str) -> None:
    operation = document()[f"/api/planted/{name}"]["POST"]

    @bounded
    @hypothesis.seed(1)
    @hypothesis.given(case=hypothesis.strategies.one_of(operation.as_strategy(), wrong(operation)))
    def asked(case: Any) -> None:
        ask(case, Known())

    asked()


def wrong(operation: Any) -> Any:
    return operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


@pytest.fixture(autouse=True)
def _planted(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    handler.cache_clear()


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    ask_all("sound")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("fault", "Server error"),
        ("short", '"word" is a required property'),
        ("undeclared", "Undocumented status code"),
        ("lenient", "Schema-violating request accepted"),
        ("open", "without authentication"),
    ],
)
def test_a_planted_fault_is_found(name: str, found: str) -> None:
    with pytest.raises(FailureGroup) as caught:
        ask_all(name)

    titles = [f"{getattr(each, 'title', '')} {each}" for each in caught.value.exceptions]
    assert any(found in title for title in titles), titles
