"""How every API of ours is built: refusals as problem documents, invalid input explained field by field."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from yuntai.kernel.bad_input import read_json
from yuntai.kernel.errors import DomainError, NotLoggedIn, Problem
from yuntai.kernel.inbox.api import router as exchange_router
from yuntai.kernel.inbox.pressure import Overloaded
from yuntai.kernel.openapi import PublishedAPI
from yuntai.kernel.reconciliation.api import router as reconciliation_router
from yuntai.kernel.refusals import CSRF_REFUSAL, ForgedRequest, UnreadableRequest, problem_response
from yuntai.standard.fields import instant_text
from yuntai.standard.messages.problems import rule_in_words


class _ExactEncoder(NinjaJSONEncoder):
    """Writes instants as the standard does: Django cuts microseconds off, and then no signature holds."""

    def default(self, o: Any) -> Any:
        return instant_text(o) if isinstance(o, datetime) else super().default(o)


class _ExactRenderer(JSONRenderer):
    encoder_class = _ExactEncoder


class _OneReader(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        return read_json(request.body)


def new_api(title: str, namespace: str) -> NinjaAPI:
    """Return an empty API named `namespace` that answers refusals with application/problem+json."""
    api = PublishedAPI(
        title=title,
        version="1",
        urls_namespace=namespace,
        docs_url=None,
        renderer=_ExactRenderer(),
        parser=_OneReader(),
    )

    @api.exception_handler(DomainError)
    def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
        answer = problem_response(error.problem())
        if isinstance(error, Overloaded):
            answer["Retry-After"] = str(error.retry_after_seconds)
        return answer

    @api.exception_handler(ValidationError)
    def explain(request: HttpRequest, error: ValidationError) -> HttpResponse:
        faults = "；".join(f"{_place(fault['loc'])}：{_rule(fault)}" for fault in error.errors[:5])
        detail = f"提交的内容不符合接口标准：{faults}。请对照接口文档改正后重发。"
        return problem_response(Problem(type="urn:problem:invalid", status=422, detail=detail, clause=""))

    @api.exception_handler(HttpError)
    def say_it_in_our_words(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem_response(_problem_of(error))

    return api


def _rule(fault: dict[str, Any]) -> str:
    return rule_in_words(fault["type"], fault["msg"], fault.get("ctx", {}))


def _problem_of(error: HttpError) -> Problem:
    """Return the problem behind what the framework refused by itself, in English or without a code."""
    if isinstance(error.__cause__, DomainError):  # a body that could not be read
        return error.__cause__.problem()
    ours = _FRAMEWORK_REFUSALS.get(error.status_code, _UNREADABLE).problem()
    return ours.model_copy(update={"status": error.status_code})


_FRAMEWORK_REFUSALS: dict[int, DomainError] = {
    401: NotLoggedIn("办理此事须先用证书登录。请先完成登录，带上会话 Cookie 再发一次。"),
    403: ForgedRequest(CSRF_REFUSAL),
}
_UNREADABLE = UnreadableRequest("请求格式不对，没有办理。请对照接口文档改正后重发。")


def _place(location: tuple[object, ...]) -> str:
    return ".".join(str(part) for part in location[1:]) or "body"


exchange_api = new_api("云台数据交换接口", "exchange")
exchange_api.add_router("", exchange_router)
exchange_api.add_router("", reconciliation_router)
