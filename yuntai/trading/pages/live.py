"""Parts of pages that refresh themselves: nothing is sent when the reader has seen all of it already."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

NOTHING_NEW = 204


def mark_of(*shown: object) -> str:
    """Return a short digest of what a part shows; values whose repr says all, the time left aside."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def has_seen(request: HttpRequest, mark: str) -> bool:
    """Return whether the reader's part already shows what `mark` stands for."""
    return request.GET.get("seen") == mark


def nothing_new() -> HttpResponse:
    """Return the answer that leaves the part as it is."""
    return HttpResponse(status=NOTHING_NEW)


def asks_for_part(request: HttpRequest) -> bool:
    """Return whether a page asks for a part of itself, and not a person for a page."""
    return "HX-Request" in request.headers


def whole_page_to_login() -> HttpResponse:
    """Return the answer to a part whose session has ended: the whole page goes to the login."""
    return HttpResponse(status=NOTHING_NEW, headers={"HX-Redirect": reverse("login")})
