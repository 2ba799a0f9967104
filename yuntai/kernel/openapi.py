"""The OpenAPI document of an interface, with what every door of ours does and the framework does not know.

Refusals are problem documents (RFC 9457), some come from the checks before a door, and a session needs the
CSRF token beside its cookie.
"""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from yuntai.kernel.errors import Problem

BINARY = "application/octet-stream"
PROBLEM = "application/problem+json"
READ_ONLY = ("get", "head")
CSRF_SCHEME = "CsrfToken"
NO_NUL = r"^[^\x00]*$"  # of every address, checked before its door
REFUSALS = {
    "400": "请求读不懂：不是 UTF-8 的 JSON、嵌套过深或含空字符",
    "401": "没有登录",
    "403": "不能办理，或缺少 X-CSRFToken",
    "413": "请求体超过上限，没有读取",
    "422": "内容不符合本文档",
}


def binary_body(says: str) -> dict[str, Any]:
    """Return what a door's `openapi_extra` says of a body that is a file.  says: Chinese."""
    content = {BINARY: {"schema": {"type": "string", "format": "binary"}}}
    return {"requestBody": {"description": says, "required": True, "content": content}}


class PublishedAPI(NinjaAPI):
    """An API whose document says how it refuses."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the document, completed."""
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for methods in document["paths"].values():
            for method, operation in methods.items():
                _complete(method, operation)
        components = document["components"]
        components["schemas"].setdefault("Problem", Problem.model_json_schema())
        if "securitySchemes" in components:
            components["securitySchemes"][CSRF_SCHEME] = {
                "type": "apiKey",
                "in": "header",
                "name": "X-CSRFToken",
                "description": "登录后 Cookie 中的 csrf 值；GET 不需要",
            }
        return document


def _complete(method: str, operation: dict[str, Any]) -> None:
    for parameter in operation["parameters"]:
        if parameter["schema"].get("type") == "string":
            parameter["schema"].setdefault("pattern", NO_NUL)
    answers = operation["responses"]
    refusals = _from_before_the_door(method, operation) - {str(status) for status in answers}
    answers.update({int(status): {"description": REFUSALS[status]} for status in sorted(refusals)})
    for status, answer in answers.items():
        if int(status) >= 400:
            answer["content"] = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if method not in READ_ONLY:
        for needed in operation.get("security", ()):
            needed[CSRF_SCHEME] = []


def _from_before_the_door(method: str, operation: dict[str, Any]) -> set[str]:
    """Return the refusals that need no word of the door itself."""
    statuses = {"400"}
    if any(each["in"] == "query" for each in operation["parameters"]) or "requestBody" in operation:
        statuses.add("422")
    if method not in READ_ONLY:
        statuses.add("413")
    if "security" in operation:
        statuses |= {"401", "403"}
    return statuses
