"""The published interface standard, as its generator writes it: pages, code lists, schemas, examples."""

from functools import cache
from mimetypes import guess_type

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from yuntai.standard.datasets.pages import files

FIRST_PAGE = "index.html"
# The standard changes with the release that runs here, never in between.
KEPT_SECONDS = 300
TEXT_TYPES = {".toml": "text/plain", ".py": "text/plain", ".csv": "text/csv", ".js": "text/javascript"}


@require_safe
def first_page(request: HttpRequest) -> HttpResponse:
    """Lead to the first page, so that its relative links fit."""
    return redirect("standard", path=FIRST_PAGE)


@require_safe
def standard(request: HttpRequest, path: str) -> HttpResponse:
    """Return one file of the standard."""
    content = _site().get(path)
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type=f"{_type_of(path)}; charset=utf-8")
    answer["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return answer


@cache
def _site() -> dict[str, str]:
    return {path: _with_way_back(content) for path, content in files().items()}


def _with_way_back(content: str) -> str:
    """Give a page the platform's mark and a way back to it; the pages themselves can stand anywhere."""
    if not content.startswith("<!doctype html>"):
        return content
    mark = f'<link rel="icon" type="image/svg+xml" href="{static("yuntai/mark.svg")}">\n'
    back = f'<p class="back"><a href="{reverse("home")}">← {escape(settings.SYSTEM_TITLE)}</a></p>\n'
    return content.replace("</head>", f"{mark}</head>", 1).replace("<header>", f"<header>{back}", 1)


def _type_of(path: str) -> str:
    ending = path[path.rfind(".") :]
    return TEXT_TYPES.get(ending) or guess_type(path)[0] or "text/plain"
