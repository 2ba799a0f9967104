"""Browsers for the page tests: each logs in as its person does, by the challenge."""

import base64
import html
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from yuntai.kernel.documents import store
from yuntai.trading.tenders.drafting import KeyStatement, LotDraft, ProjectDraft, TenderDraft
from yuntai.trading.tenders.drafts import add_document
from yuntai.trading.tenders.models import Lot, Tender
from yuntai.trading.tenders.services import (
    draft_tender,
    note_holder_key,
    publish_notice,
    register_project,
)
from yuntai.trading.tests import world
from yuntai.trading.tests.people import Person, initiator
from yuntai.trading.tests.world import DUE, OPENED, SHA_OF_DOCUMENT
from yuntai.trust import clock
from yuntai.trust.base64url import base64url
from yuntai.trust.challenge import challenge_bytes
from yuntai.trust.sealing import HOLDERS
from yuntai.trust.suites import SUITES


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Let it be `now` for every page from here on."""
    monkeypatch.setattr(clock, "now", lambda: now)


def browser(person: Person | None = None) -> Client:
    """Return a browser in which `person` is logged in; nobody when None."""
    client = Client()
    if person is None:
        return client
    world.register(person)
    challenge = client.get("/login/challenge").json()
    issued_at = datetime.fromisoformat(challenge["issued_at"])
    nonce = bytes.fromhex(challenge["nonce"])
    to_sign = challenge_bytes(settings.PUBLIC_URL, nonce, issued_at, challenge["purpose"])
    answer = {
        "certificate": base64.b64encode(person.certificate).decode(),
        "signature": base64url(person.sign(to_sign)),
    }
    response = client.post("/login/answer", answer, content_type="application/json")
    assert response.status_code == 200, response.content.decode()
    return client


def words(response: Any) -> str:
    """Return what a person reads on a page, in one line: no tags, no doubled spaces."""
    body = re.sub(r"<(script|style|template)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def without_tokens(response: Any) -> str:
    """Return a page with what differs at each view taken out."""
    return re.sub(
        r'(name="csrf(?:-token|middlewaretoken)" (?:content|value))="[^"]*"', r"\1", response.content.decode()
    )


def publish_two_lots() -> tuple[Tender, list[Lot], dict[str, dict[str, bytes]]]:
    """Publish a tender of two lots; return it with its lots and the holders' private keys by lot code."""
    world.register(initiator())
    caller, before = initiator().caller, OPENED - timedelta(days=1)
    project = register_project(
        draft=ProjectDraft(name="演示道路", region_code="320706", place="连云港市海州区"),
        caller=caller,
        now=before,
    )
    draft = TenderDraft(
        project_code=project.code,
        title="演示道路施工",
        procedure_code="construction.open-tender",
        must_tender=True,
        bids_due_at=DUE,
        contact="李招标 0518-80000000",
        lots=(
            LotDraft("一标段", Decimal("9500000.00"), Decimal("9000000.00")),
            LotDraft("二标段", Decimal("5000000.00"), None),
        ),
    )
    tender = draft_tender(draft=draft, caller=caller, now=before)
    store.put([b"test"], announced_sha256=SHA_OF_DOCUMENT)
    add_document(
        tender_code=tender.code,
        name="招标文件.pdf",
        sha256=SHA_OF_DOCUMENT,
        size=4,
        caller=caller,
        now=before,
    )
    lots = list(tender.lots.order_by("code"))
    keys = {lot.code: {letter: _give_key(lot, letter) for letter in HOLDERS} for lot in lots}
    tender = publish_notice(tender_code=tender.code, text="公告正文", caller=caller, now=OPENED)
    return tender, lots, keys


def _give_key(lot: Lot, letter: str) -> bytes:
    private, public = SUITES[lot.tender.suite].new_holder_key()
    told = KeyStatement(
        lot_code=lot.code,
        letter=letter,
        holder_name=f"保管方 {letter}",
        public_key=public,
        opens_at=DUE,
        statement={"statement": {}, "signature": ""},
    )
    note_holder_key(told=told, now=OPENED)
    return private
