"""The published interface standard, as its generator writes it: pages, code lists, schemas, examples."""

from functools import cache
from mimetypes import guess_type

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
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
    return files()


def _type_of(path: str) -> str:
    ending = path[path.rfind(".") :]
    return TEXT_TYPES.get(ending) or guess_type(path)[0] or "text/plain"
