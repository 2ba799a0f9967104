"""Turns refusals into answers: a problem document for programs, a calm page for people."""

import logging
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from yuntai.kernel.errors import DomainError, NotLoggedIn, Problem

log = logging.getLogger(__name__)
MACHINE_PATHS = ("/api/", "/exchange/", "/holders/", "/login/answer", "/login/challenge")


class RefusalMiddleware:
    """Answers a DomainError with its status; anything else is a fault of ours and gets a reference number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass `request` on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what a view raised."""
        if isinstance(error, DomainError):
            return refusal(request, error)
        if error.__class__.__module__.startswith("django.http") or _has_own_answer(error):
            return None
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
    return render(request, "refusal.html", {"problem": error.problem()}, status=error.status)


def problem_response(problem: Problem) -> HttpResponse:
    """Return `problem` as application/problem+json."""
    return HttpResponse(
        problem.model_dump_json(), status=problem.status, content_type="application/problem+json"
    )


def is_machine(request: HttpRequest) -> bool:
    """Return whether a program, not a person, reads the answer."""
    return request.path.startswith(MACHINE_PATHS)


def _has_own_answer(error: Exception) -> bool:
    # Http404, PermissionDenied, SuspiciousOperation: Django renders 404.html, 403.html, 400.html for them.
    return error.__class__.__module__.startswith("django.core.exceptions")
