"""Asks a published interface what its OpenAPI document allows, and much that it does not (schemathesis).

Checked of every answer: no fault of ours, a status, content type and form that the document declares, 405 for
other methods, refusal of what breaks the document, 401 or 403 without a session where one is declared.
A longer run by hand: YUNTAI_FUZZ_EXAMPLES=2000, and pytest as always.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from zlib import crc32

import hypothesis
import schemathesis
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from ninja import NinjaAPI
from schemathesis.checks import CheckFunction
from schemathesis.core import NOT_SET
from schemathesis.generation.meta import FuzzingPhaseData
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance

bounded = hypothesis.settings(
    max_examples=int(os.environ.get("YUNTAI_FUZZ_EXAMPLES", "16")),
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)

Case = schemathesis.Case[Any]
Finish = Callable[[dict[str, Any], int], dict[str, Any]]
"""Makes a body whole, for example by signing it.  The number is a draw that belongs to the body."""


@dataclass(frozen=True)
class Known:
    """What leads further than chance does: every second drawn request is made of it.

    parts: of addresses, by name.  bodies: good ones by operation; one field of every second is a drawn one.
    finish: by operation.
    """

    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    bodies: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    finish: Mapping[str, Finish] = field(default_factory=dict)


@cache
def handler() -> WSGIHandler:
    """Return the system; forget it between tests (`cache_clear`): its middleware has read their settings."""
    return WSGIHandler()


def served(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request in this thread, on the test's own database connection."""
    return handler()(environ, start_response)


def published(api: NinjaAPI, prefix: str) -> BaseSchema:
    """Return the interface as its document describes it, asked in process."""
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix=prefix)))
    schema = schemathesis.openapi.from_dict(document)
    schema.app = served
    # Sessions are real or none: a drawn one would take the place of the real one's parts.
    schema.config.generation.update(with_security_parameters=False)
    return schema


def ask(case: Case, known: Known, **session: Any) -> None:
    """Send one request and check the answer."""
    # What a signature, a check character or the law says of a body no schema can: 400, 409, 422 stay lawful.
    excluded: list[CheckFunction] = [] if case.body is NOT_SET else [positive_data_acceptance]
    if session:
        excluded.append(ignored_auth)  # it takes the real session for a drawn one; strangers are tested apart
    drawn = case.meta is not None and isinstance(case.meta.phase.data, FuzzingPhaseData)
    if drawn and _lead_further(case, known):
        excluded.append(negative_data_rejection)  # what was wrong with the body went with it
    case.call_and_validate(excluded_checks=excluded, **session)


def session_of(client: Client) -> dict[str, dict[str, str]]:
    """Return the cookies and the header with which a program goes on as whoever is logged in."""
    client.get("/login/challenge")
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    return {"cookies": cookies, "headers": {"X-CSRFToken": cookies[settings.CSRF_COOKIE_NAME]}}


def _lead_further(case: Case, known: Known) -> bool:
    """Put known parts into the address, and a good body; tell whether it has another body now."""
    # Decided by what was drawn, so that a run can be repeated.
    draw = crc32(repr((case.path_parameters, case.body)).encode())
    name = case.operation.definition.raw["operationId"]
    parts = {part: known.parts[part] for part in case.path_parameters or {} if part in known.parts}
    if parts and draw % 4:
        case.path_parameters = case.path_parameters | {
            part: choices[draw // 4 % len(choices)] for part, choices in parts.items()
        }
    if name not in known.bodies or draw % 2:
        return False
    body = _spoiled(known.bodies[name], case.body, draw // 2)
    case.body = known.finish[name](body, draw) if name in known.finish else body
    return True


def _spoiled(good: dict[str, Any], drawn: Any, draw: int) -> dict[str, Any]:
    names = sorted(drawn) if isinstance(drawn, dict) else []
    if not names or draw % 2:
        return dict(good)
    spoiled = names[draw % len(names)]
    return good | {spoiled: drawn[spoiled]}
