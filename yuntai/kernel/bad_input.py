"""Input that no system can keep or read, refused once for every door: NUL, deep nesting, half letters."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError

from yuntai.kernel.errors import DomainError
from yuntai.kernel.refusals import refusal

DEEPEST_JSON = 32  # levels of lists and objects; a forwarded message, the deepest we know, needs about 10
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# PostgreSQL keeps no NUL; UTF-8 writes no half of a surrogate pair, which JSON can escape.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class NulCharacter(DomainError):
    """An address, a cookie or a form field holds U+0000."""

    code = "nul-character"
    status = 400


class MalformedJson(DomainError):
    """The body is not JSON that we read."""

    code = "malformed-json"
    status = 400


def read_json(body: bytes) -> Any:
    """Return the JSON value that `body` is: the one way in which any door reads JSON.

    :raises MalformedJson: it is no JSON in UTF-8, is nested deeper than 32 levels, or holds U+0000 or half a
        surrogate pair.
    """
    try:
        value = json.loads(body)
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise MalformedJson("提交的内容不是 UTF-8 编码的 JSON。请对照接口文档改正后重发。") from error
    _check(value)
    return value


def _check(value: object) -> None:
    level: list[object] = [value]
    for _ in range(DEEPEST_JSON + 1):
        below: list[object] = []
        for each in level:
            if isinstance(each, dict):
                _check_texts(each)
                below += each.values()
            elif isinstance(each, list):
                below += each
            elif isinstance(each, str):
                _check_texts([each])
        if not below:
            return
        level = below
    raise _too_deep()


def _check_texts(texts: Iterable[str]) -> None:
    if any(map(UNSTORABLE.search, texts)):
        raise MalformedJson("JSON 中含有空字符（U+0000）或不成对的代理码位，无法保存。请删去后重发。")


def _too_deep() -> MalformedJson:
    return MalformedJson(f"JSON 嵌套超过 {DEEPEST_JSON} 层。请对照接口文档减少嵌套后重发。")


class NulMiddleware:
    """Refuses a request with U+0000 in its address, its cookies or a form: the database cannot take it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass `request` on when its address and its cookies are clean."""
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if b"\x00" in query or any("\x00" in each for each in (request.path, *request.COOKIES.values())):
            return _refused(request, "地址或 Cookie 中含有空字符（U+0000），无法办理。请删去 %00 后重试。")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Refuse a form with such a field."""
        if request.content_type in FORMS and any("\x00" in text for text in _form_texts(request)):
            return _refused(request, "表单中含有空字符（U+0000），没有办理。请删去后重新提交。")
        return None


def _form_texts(request: HttpRequest) -> list[str]:
    try:
        fields, files = request.POST, request.FILES
    except UnreadablePostError:  # the sender went away; whoever reads on says so
        return []
    texts = [text for name, values in fields.lists() for text in (name, *map(str, values))]
    return texts + [str(part) for name, each in files.items() for part in (name, getattr(each, "name", ""))]


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    return refusal(request, NulCharacter(sentence))
