"""The published interfaces of the platform keep to their OpenAPI documents, whatever is asked."""

import base64
import json
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.test import Client

from yuntai.kernel.api import exchange_api
from yuntai.kernel.tests.fuzzing import Case, Finish, Known, ask, bounded, handler, published, session_of
from yuntai.kernel.tests.operators import Operator, write_roots
from yuntai.publicservice.api import api
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.applicants import Applicant
from yuntai.publicservice.tests.factories import KEYS, TENDER, account, shown
from yuntai.standard.canonical import canonical
from yuntai.standard.fields import instant_text
from yuntai.standard.messages import MESSAGE_TYPES
from yuntai.standard.system_entry import EntryStatement
from yuntai.trust import certificates, clock, signing
from yuntai.trust.base64url import base64url

pytestmark = pytest.mark.django_db(transaction=True)

OPERATOR = Operator()
CODE = OPERATOR.subject.organization_code
ON_TRIAL = "trading-harbour"
SENDER = "trading-construction"
MESSAGES = resources.files("yuntai.standard.messages") / "examples"
BODIES = [json.loads((MESSAGES / f"{name}.json").read_text("utf-8")) for name in sorted(MESSAGE_TYPES)]
PARTICIPANT = {
    "organization_code": CODE,
    "name": OPERATOR.subject.organization_name,
    "roles": ["bidder"],
    "region_code": "320703",
    "contact_name": "冯运营",
    "contact_phone": "0518-85800000",
}
ENTRY = {
    "title": "又一个交易系统",
    "kind": "trading",
    "industry": "construction",
    "region_code": "320703",
    "url": "",
    "public_key": OPERATOR.public_key,
    "responsible": [{"name": "冯运营", "duty": "主要负责人"}],
    "certificate": base64.b64encode(OPERATOR.certificate).decode(),
}
ODD: tuple[Any, ...] = (None, "", [], {}, -1, True, "9" * 300, "\u202e字", ["x"] * 50, {"type": {}})


def signed(system: str, key: bytes, statement: dict[str, Any], name: str) -> dict[str, Any]:
    """Sign what `system` says to the platform."""
    said = statement | {"iss": system, "aud": "publicservice"}
    key_id = signing.key_id(signing.public_key(key))
    return {name: said, "signature": base64url(signing.sign(key, canonical(said))), "key_id": key_id}


def batch(system: str, key: bytes) -> Finish:
    """Make batches of one message each, every message first in a stream of its own."""

    def finish(body: dict[str, Any], draw: int) -> dict[str, Any]:
        if "messages" in body:  # a drawn batch
            return body
        told = BODIES[draw % len(BODIES)]
        fields = sorted(told)
        if draw % 3 == 0:
            told = told | {fields[draw % len(fields)]: ODD[draw % len(ODD)]}
        now = instant_text(clock.now())
        payload = {"v": 1, "stream": f"s{draw}", "seq": 1, "prev": "0" * 64, "msg_id": str(UUID(int=draw))}
        payload |= {"type": told["type"], "obj": "E3207000001000042001", "iat": now, "body": told}
        return {"messages": [signed(system, key, payload, "payload")]}

    return finish


def heartbeat(body: dict[str, Any], draw: int) -> dict[str, Any]:
    """Make a heartbeat of this moment."""
    if "told" in body:  # a drawn one
        return body
    told = {
        "v": 1,
        "at": instant_text(clock.now()),
        "streams": [{"stream": "records", "last_seq": draw, "awaiting": []}],
    }
    return signed(SENDER, KEYS[SENDER], told, "told")


def entry(body: dict[str, Any], draw: int) -> dict[str, Any]:
    """Sign the entry of one more system; a spoiled one as well as it goes."""
    body = body | {"code": f"trading-{draw}"}
    names = ("code", "kind", "industry", "region_code", "url", "public_key")
    facts = {name: body[name] for name in names}
    try:
        statement = EntryStatement(platform="publicservice", operator_code=CODE, key_number=1, **facts)
    except ValueError:
        return body
    return body | {"signature": base64url(certificates.sign_with(OPERATOR.key_pem, statement.to_sign()))}


PUBLIC = Known(
    parts={"code": (ON_TRIAL, SENDER, CODE, TENDER), "tender_code": (TENDER,)},
    bodies={"registerParticipant": PARTICIPANT, "enterSystem": ENTRY, "sendTrialMessages": {}},
    finish={"enterSystem": entry, "sendTrialMessages": batch(ON_TRIAL, OPERATOR.system_key)},
)
EXCHANGE = Known(
    bodies={"sendMessages": {}, "sendHeartbeat": {}},
    finish={"sendMessages": batch(SENDER, KEYS[SENDER]), "sendHeartbeat": heartbeat},
)
interface = published(api, "/api/v1/")
exchange = published(exchange_api, "/exchange/v1/")


@pytest.fixture(autouse=True)
def _city(settings: Any, tmp_path: Path) -> None:
    """A tender to read about, and a system on trial."""
    settings.TRUST_ROOTS_FILE = str(write_roots(tmp_path))
    handler.cache_clear()
    shown(factories.registered(), factories.noticed(), factories.opened())
    applicant = Applicant(OPERATOR)
    applicant.enter()
    applicant.sign()


@pytest.fixture
def session(client: Client) -> dict[str, dict[str, str]]:
    """The operator's session."""
    client.force_login(account(OPERATOR.caller), backend=django_settings.AUTHENTICATION_BACKENDS[0])
    return session_of(client)


@interface.parametrize()
@bounded
def test_the_interface_is_as_published_to_whoever_is_logged_in(
    case: Case, session: dict[str, dict[str, str]]
) -> None:
    ask(case, PUBLIC, **session)


@interface.include(func=lambda context: "security" in context.operation.definition.raw).parametrize()
@bounded
def test_the_interface_is_as_published_to_a_stranger(case: Case) -> None:
    ask(case, PUBLIC)


@exchange.parametrize()
@bounded
def test_the_exchange_is_as_published(case: Case) -> None:
    ask(case, EXCHANGE)


@pytest.mark.parametrize(("api", "prefix"), [(api, "/api/v1/"), (exchange_api, "/exchange/v1/")])
def test_the_document_is_the_one_that_is_served(client: Client, api: Any, prefix: str) -> None:
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix=prefix)))

    assert client.get(f"{prefix}openapi.json").json() == document
