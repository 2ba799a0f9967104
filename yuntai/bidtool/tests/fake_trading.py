"""A trading system in memory: speaks the published interface, checks what a bidder's device signs.

The public service platform answers beside it, with the notice as it was published.
"""

import base64
import hashlib
import json
import secrets
from datetime import UTC, datetime
from typing import Any

import httpx

from yuntai.standard.canonical import canonical
from yuntai.trust import certificates, signing
from yuntai.trust.base64url import base64url, from_base64url
from yuntai.trust.challenge import challenge_bytes
from yuntai.trust.sealing import HOLDERS, INTERNATIONAL, Header

URL = "http://localhost:8010"
PLATFORM = "http://localhost:8040"
TENDER, LOT = "E3207000001000001001", "E3207000001000001001001"
DUE = "2026-03-22T01:00:00Z"
RECEIVED = "2026-03-10T03:00:00Z"

Answer = tuple[int, Any]


class FakeTrading:
    """roots: PEM of trusted issuers.  bids: standing headers by envelope.  faults: what to do wrong."""

    def __init__(self, root: bytes) -> None:
        self._root = root
        self.key = signing.new_private_key()
        self.holder_signing = {letter: signing.new_private_key() for letter in HOLDERS}
        self.holder_pairs = {letter: INTERNATIONAL.new_holder_key() for letter in HOLDERS}
        self.bodies: dict[str, bytes] = {}
        self.bids: dict[str, Header] = {}
        self.withdrawn: list[str] = []
        self.logged_in = ""
        self.origin = URL
        self.ceiling: str | None = "52000000.00"
        self.opens_at = DUE
        self.due = DUE
        self.told: list[dict[str, Any]] = [self.notice()]
        self.receipt_changes: dict[str, Any] = {}
        self._challenge: tuple[bytes, datetime] | None = None
        self.transport = httpx.MockTransport(self._handle)

    @property
    def public_key(self) -> bytes:
        return signing.public_key(self.key)

    def holders_list(self) -> dict[str, Any]:
        """Return the holders as a deployment lists them."""
        return {
            letter: {"name": f"保管方{letter}", "public_key": base64url(signing.public_key(key))}
            for letter, key in self.holder_signing.items()
        }

    def lot(self) -> dict[str, Any]:
        """Return what GET /api/v1/lots/<code> answers."""
        return {
            "tender_code": TENDER,
            "code": LOT,
            "title": "演示道路工程施工一标段",
            "documents_sha256": "5e" * 32,
            "bids_due_at": self.due,
            "ceiling_price_yuan": self.ceiling,
            "stage": "bidding",
            "final_status": "",
            "milestones": {"bids-due": DUE},
            "holders": [self._holder(letter) for letter in HOLDERS],
        }

    def notice(self, **changes: Any) -> dict[str, Any]:
        """Return the body of the notice as the platform shows it."""
        return {
            "type": "trading.tender.notice-published.v1",
            "occurred_at": RECEIVED,
            "tender_code": TENDER,
            "procedure": "construction.open-tender",
            "title": "演示道路工程施工",
            "text": "进行公开招标。",
            "documents_open_at": RECEIVED,
            "bids_due_at": DUE,
            "must_tender": True,
            "estimated_yuan": "52000000.00",
            "documents_sha256": "5e" * 32,
            "url": f"{URL}/tenders/{TENDER}",
            "holders": [
                {
                    "lot_code": LOT,
                    "letter": letter,
                    "name": f"保管方{letter}",
                    "public_key": base64url(pair[1]),
                }
                for letter, pair in self.holder_pairs.items()
            ],
        } | changes

    def _shown(self, path: str) -> httpx.Response:
        if path != f"/api/v1/tenders/{TENDER}/messages":
            return _problem(404, "tender-not-public", "没有这个公开项目。")
        return httpx.Response(200, json=[{"payload": {"body": body}, "signature": ""} for body in self.told])

    def _holder(self, letter: str) -> dict[str, Any]:
        public_key = base64url(self.holder_pairs[letter][1])
        said = {"holder": letter, "lot": LOT, "public_key": public_key, "opens_at": self.opens_at}
        signature = base64url(signing.sign(self.holder_signing[letter], canonical(said)))
        return {
            "letter": letter,
            "name": f"保管方{letter}",
            "public_key": public_key,
            "statement": {"statement": said, "signature": signature},
        }

    def _handle(self, request: httpx.Request) -> httpx.Response:
        path, body = request.url.path, request.content
        if str(request.url).startswith(PLATFORM):
            return self._shown(path)
        if request.method != "GET" and request.headers.get("X-CSRFToken") != "csrf-token":
            return _problem(403, "csrf", "缺少防伪标记。")
        routes: dict[str, Any] = {
            "/login/challenge": self._challenged,
            "/login/answer": lambda: self._answered(json.loads(body)),
            f"/api/v1/lots/{LOT}": lambda: httpx.Response(200, json=self.lot()),
            f"/api/v1/lots/{LOT}/bids": lambda: self._submitted(json.loads(body)),
            f"/api/v1/lots/{LOT}/withdrawals": lambda: self._taken_back(json.loads(body)),
        }
        if path.startswith("/api/v1/bodies/"):
            return self._stored(path.rsplit("/", 1)[1], body)
        if path in routes:
            answer: httpx.Response = routes[path]()
            return answer
        return _problem(404, "not-found", "没有这个地址。")

    def _challenged(self) -> httpx.Response:
        nonce, issued_at = secrets.token_bytes(32), datetime(2026, 3, 10, 2, 59, tzinfo=UTC)
        self._challenge = (nonce, issued_at)
        return httpx.Response(
            200,
            json={
                "origin": self.origin,
                "nonce": nonce.hex(),
                "issued_at": "2026-03-10T02:59:00Z",
                "purpose": "login",
            },
            headers={"Set-Cookie": "yuntai_trading_construction_csrf=csrf-token; Path=/"},
        )

    def _answered(self, sent: dict[str, str]) -> httpx.Response:
        assert self._challenge is not None
        nonce, issued_at = self._challenge
        der = base64.b64decode(sent["certificate"])
        identity = certificates.identify(der, [self._root], issued_at)
        to_sign = challenge_bytes(URL, nonce, issued_at, "login")
        assert certificates.is_signed_by(der, to_sign, from_base64url(sent["signature"]))
        self.logged_in = identity.organization_code
        return httpx.Response(200, json={"next": "/desk"})

    def _stored(self, sha256: str, body: bytes) -> httpx.Response:
        assert hashlib.sha256(body).hexdigest() == sha256
        self.bodies[sha256] = body
        return httpx.Response(201, json={"name": sha256, "sha256": sha256, "size": len(body)})

    def _submitted(self, sent: dict[str, Any]) -> httpx.Response:
        if not self.logged_in:
            return _problem(401, "not-logged-in", "办理此事须先用证书登录。")
        header = Header.from_json(sent["header"])
        self._check_owner(header, "yuntai-submit-v1", sent["signature"])
        assert header.body_sha256 in self.bodies
        if self.bids:
            return _problem(
                409, "bid-already-received", "本单位在该标段已有一份有效投标文件。", "tendering/29"
            )
        self.bids[header.context.envelope_id] = header
        return httpx.Response(201, json=self._receipt(header))

    def _receipt(self, header: Header) -> dict[str, Any]:
        statement = {
            "system": "trading-construction",
            "lot": header.context.lot,
            "envelope_id": header.context.envelope_id,
            "header_sha256": header.digest(),
            "body_sha256": header.body_sha256,
            "body_length": header.body_length,
            "received_at": RECEIVED,
        } | self.receipt_changes
        return {"statement": statement, "signature": base64url(signing.sign(self.key, canonical(statement)))}

    def _taken_back(self, sent: dict[str, Any]) -> httpx.Response:
        header = self.bids.pop(sent["envelope_id"])
        self._check_owner(header, "yuntai-withdraw-v1", sent["signature"])
        self.withdrawn.append(sent["envelope_id"])
        return httpx.Response(201, json={"at": RECEIVED})

    def _check_owner(self, header: Header, purpose: str, signature: str) -> None:
        signed = f"{purpose}|{header.digest()}".encode()
        assert signing.is_valid(header.owner_public_key, signed, from_base64url(signature))


def _problem(status: int, kind: str, detail: str, clause: str = "") -> httpx.Response:
    body = {"type": f"urn:problem:{kind}", "status": status, "detail": detail, "clause": clause}
    return httpx.Response(status, json=body, headers={"Content-Type": "application/problem+json"})
