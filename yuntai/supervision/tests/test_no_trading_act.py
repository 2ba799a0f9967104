"""This system has no trading function: here is every address it answers, and every act its people have.

Plan 三(二)2: a supervision system must not have any trading function.  A new address must be entered here;
whoever enters it says so that it is no trading act.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.standard.messages import MESSAGE_TYPES
from yuntai.supervision.permissions import POLICY, Permission
from yuntai.supervision.tests import factories as make

OF_THE_KERNEL = {
    "livez",
    "readyz",
    "clock",
    "status",
    "login",
    "login/challenge",
    "login/answer",
    "logout",
    "logged-out",
    "login/platform",
    "login/platform/return",
    "exchange/v1/",
    "exchange/v1/messages",
    "exchange/v1/heartbeats",
    "exchange/v1/reconciliation",
    "exchange/v1/openapi.json",
}
OF_SUPERVISION = {
    "",
    "board",
    "tenders",
    "tenders/<str:tender_code>",
    "messages/<int:key>",
    "warnings",
    "warnings/<str:warning_id>",
    "warnings/<str:warning_id>/dismiss",
    "warnings/<str:warning_id>/suspend",
    "directives",
    "directives/<str:directive_id>/resume",
    "public",
}
ACTS = {"warnings/{warning}/dismiss", "warnings/{warning}/suspend", "directives/{directive}/resume"}
MESSAGES_SENT = {
    "supervision.warning.raised.v1",
    "supervision.directive.suspend.v1",
    "supervision.directive.resume.v1",
}
SYSTEM = Path(__file__).parents[1]


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, before + str(pattern.pattern))
        else:
            yield before + str(pattern.pattern)


def test_answers_these_addresses_and_no_other() -> None:
    assert set(routes(get_resolver().url_patterns)) == OF_THE_KERNEL | OF_SUPERVISION


def test_its_people_have_these_acts_and_no_other() -> None:
    assert {permission.value for permission in Permission} == {
        "supervision:tender:watch",
        "supervision:warning:dismiss",
        "supervision:directive:suspend",
        "supervision:directive:resume",
    }
    assert set(POLICY) == set(Permission)
    assert set().union(*POLICY.values()) == {"supervisor"}


@pytest.mark.django_db(transaction=True)
def test_only_three_addresses_take_a_post(browser: Client) -> None:
    warning = make.open_warning()
    tender = warning.tender.tender_code
    lists = {"", "board", "tenders", "warnings", "directives", "public"}
    pages = lists | {f"tenders/{tender}", f"warnings/{warning}", "messages/1"}
    sent = OutboxMessage.objects.count()

    answers = {page: browser.post(f"/{page}").status_code for page in pages}

    assert set(answers.values()) == {405}
    assert OutboxMessage.objects.count() == sent
    assert len(OF_SUPERVISION) == len(answers) + len(ACTS)


def test_it_can_write_only_the_messages_of_a_supervision_system() -> None:
    named = {name for path in SYSTEM.glob("*/services.py") for name in called_in(path)}

    written = {kind for kind, message in MESSAGE_TYPES.items() if message.__name__ in named}

    assert written == MESSAGES_SENT


def called_in(path: Path) -> Iterator[str]:
    """Yield the plain names that the module calls."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
