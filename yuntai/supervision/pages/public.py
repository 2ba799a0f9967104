"""The public page (监督公开): duties and basis, supervision items, procedure and time limits, directives.

Says only what the rules in force, the clause register and the records hold.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yuntai.law.clauses import clause
from yuntai.supervision.monitoring import queries
from yuntai.supervision.monitoring.services import DIRECTIVE_CLAUSE
from yuntai.supervision.pages import words
from yuntai.supervision.pages.directive_rows import public_rows
from yuntai.supervision.pages.lists import page_of
from yuntai.supervision.rules import RULES


@require_GET
def public_page(request: HttpRequest) -> HttpResponse:
    """Show to everyone what this authority supervises, by which law, and what it directed."""
    rows, pages = page_of(queries.directives(), request, unit="件")
    context = {
        "authority": settings.AUTHORITY_NAME,
        "industry": words.INDUSTRIES[settings.SUPERVISION_INDUSTRY],
        "basis": [clause(key) for key in _basis()],
        "items": [(rule, words.LEVELS[rule.level]) for rule in RULES],
        "rows": public_rows(rows),
        "pages": pages,
    }
    return render(request, "supervision/public.html", context)


def _basis() -> list[str]:
    """Return the keys of the clauses this authority acts by, each once, in the order they are first used."""
    return list(dict.fromkeys([DIRECTIVE_CLAUSE, *(key for rule in RULES for key in rule.clauses)]))
