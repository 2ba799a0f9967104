"""Turns refusals into answers: a problem document for programs, a calm page for people."""

import errno
import logging
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from yuntai.kernel.errors import DomainError, NotLoggedIn, Problem

NO_SPACE = {errno.ENOSPC, errno.EDQUOT}
log = logging.getLogger(__name__)
TITLES = {401: "须先登录", 403: "不能查看或办理", 404: "没有找到"}
CSRF_REFUSAL = "请求缺少有效的 X-CSRFToken。请带上登录后 Cookie 中的 csrf 值再发一次。"
MACHINE_PATHS = ("/api/", "/exchange/", "/holders/", "/login/answer", "/login/challenge", "/.well-known/")


class UnknownAddress(DomainError):
    """Nothing is at the address."""

    code = "unknown-address"
    status = 404


class WrongMethod(DomainError):
    """The address is there, and does not take this method."""

    code = "method-not-allowed"
    status = 405


class ForgedRequest(DomainError):
    """The request does not carry the session's CSRF token."""

    code = "csrf-token-missing"
    status = 403


class UnreadableRequest(DomainError):
    """The request is malformed or too large."""

    code = "unreadable-request"
    status = 400


class DiskFull(DomainError):
    """There is no room left for what came, in the folder of files or in the database."""

    code = "disk-full"
    status = 507


class RefusalMiddleware:
    """Answers a DomainError with its status; anything else is a fault of ours and gets a reference number.

    What the framework refuses by itself is said again in our words.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass `request` on."""
        answer = self.get_response(request)
        refused = _by_the_framework(request, answer)
        if refused is None:
            return answer
        ours = refusal(request, refused)
        if "Allow" in answer:
            ours["Allow"] = answer["Allow"]
        return ours

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what a view raised."""
        if isinstance(error, DomainError):
            return refusal(request, error)
        if error.__class__.__module__.startswith("django.http") or _has_own_answer(error):
            return None
        if _is_disk_full(error):
            log.error("disk full at %s", request.path, exc_info=error)
            sentence = "服务器的存储空间已满，本次提交没有保存。请联系运营机构清理空间，然后重新提交。"
            return refusal(request, DiskFull(sentence))
        reference = secrets.token_hex(4)
        log.error("fault %s at %s", reference, request.path, exc_info=error)
        if is_machine(request):
            detail = f"系统内部错误，编号 {reference}。请稍后重试；仍不成功请把编号告知运营机构。"
            return problem_response(Problem(type="urn:problem:fault", status=500, detail=detail, clause=""))
        return render(request, "500.html", {"reference": reference}, status=500)


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the answer to `request` that tells of `error`."""
    if is_machine(request):
        return problem_response(error.problem())
    if isinstance(error, NotLoggedIn) and request.method == "GET":
        return redirect(f"/login?{urlencode({'next': request.get_full_path()})}")
    context = {"problem": error.problem(), "title": TITLES.get(error.status, "没有办理")}
    return render(request, "refusal.html", context, status=error.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form or a call without the session's token: Django's CSRF_FAILURE_VIEW."""
    log.warning("no CSRF token at %s: %s", request.path, reason)
    for_a_person = "页面停留过久或浏览器没有保存 Cookie，本次提交没有办理。请返回上一页，刷新后重新提交。"
    return refusal(request, ForgedRequest(CSRF_REFUSAL if is_machine(request) else for_a_person))


def _by_the_framework(request: HttpRequest, answer: HttpResponse) -> DomainError | None:
    """Return what to say in place of an answer that Django made by itself; None when it may stand."""
    if answer.status_code == 405:
        allowed = answer.get("Allow", "")
        return WrongMethod(f"此地址不接受 {request.method} 请求，只接受 {allowed}。请改用允许的方法。")
    if not is_machine(request) or "json" in answer.get("Content-Type", ""):
        return None
    if answer.status_code == 404:
        return UnknownAddress("没有这个接口地址。请对照接口文档核对路径和编号。")
    if answer.status_code == 400:
        return UnreadableRequest("请求不完整、格式不对或过大，没有办理。请对照接口文档改正后重发。")
    return None


def problem_response(problem: Problem) -> HttpResponse:
    """Return `problem` as application/problem+json."""
    return HttpResponse(
        problem.model_dump_json(), status=problem.status, content_type="application/problem+json"
    )


def is_machine(request: HttpRequest) -> bool:
    """Return whether a program, not a person, reads the answer."""
    return request.path.startswith(MACHINE_PATHS)


def _is_disk_full(error: BaseException | None) -> bool:
    """Return whether the operating system or the database said so, at whatever depth."""
    while error is not None:
        if getattr(error, "errno", None) in NO_SPACE or getattr(error, "sqlstate", None) == "53100":
            return True
        error = error.__cause__ or error.__context__
    return False


def _has_own_answer(error: Exception) -> bool:
    # Http404, PermissionDenied, SuspiciousOperation: Django renders 404.html, 403.html, 400.html for them.
    return error.__class__.__module__.startswith("django.core.exceptions")
