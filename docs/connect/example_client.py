"""A sender of records in one file, written from the published pages alone (README.md, sections 2 and 5).

python example_client.py settings.json join entry.json record.json   enters the system, passes the tests
python example_client.py settings.json [record.json ...]             sends records
"""

import base64
import hashlib
import json
import sys
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import HTTPCookieProcessor, HTTPError, Request, build_opener

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

TYPE = "exchange.record.submitted.v1"


def canonical(value: object) -> bytes:
    """Write JSON as RFC 8785 does; enough for text, whole numbers and ASCII names, and we use no others."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: dict) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Client:
    """One stream to the platform.  The journal has every message signed, in order: a number is used once."""

    def __init__(self, settings: dict, path: str = "/exchange/v1/messages", journal: str = "journal") -> None:
        self.settings, self.path, self.journal = settings, path, Path(settings["folder"], f"{journal}.json")
        self.key = ed25519.Ed25519PrivateKey.from_private_bytes(Path(settings["key_file"]).read_bytes())
        self.public = self.key.public_key().public_bytes_raw()
        kept = json.loads(self.journal.read_text("utf-8")) if self.journal.exists() else {}
        self.signed, self.settled = kept.get("signed", []), kept.get("settled", 0)
        self.session = HTTPCookieProcessor()

    def call(self, path: str, body: object = None) -> dict:
        """Get, or post `body`, as JSON; the cookies keep the session."""
        token = next((each.value for each in self.session.cookiejar if each.name.endswith("_csrf")), "")
        url, data = self.settings["platform"] + path, None if body is None else canonical(body)
        headers = {"Content-Type": "application/json", "X-CSRFToken": token, "Referer": url}
        try:
            with build_opener(self.session).open(Request(url, data, headers), timeout=20) as response:  # noqa: S310
                return json.loads(response.read())
        except HTTPError as error:
            raise SystemExit(f"HTTP {error.code}: {error.read().decode(errors='replace')}") from error

    def keep(self) -> None:
        beside = self.journal.with_suffix(".new")
        beside.write_text(json.dumps({"signed": self.signed, "settled": self.settled}), "utf-8")
        beside.replace(self.journal)

    def add(self, record: dict) -> None:
        """Number, chain and sign a record, and put it into the journal before anything is sent."""
        last, ours = self.signed[-1]["payload"] if self.signed else None, self.settings
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        payload = {"v": 1, "iss": ours["system"], "aud": ours["receiver"], "stream": "records"}
        payload |= {"seq": last["seq"] + 1 if last else 1, "prev": digest(last) if last else "0" * 64}
        payload |= {"msg_id": str(uuid.uuid4()), "type": TYPE, "obj": record["object_code"], "iat": now}
        payload |= {"body": {"type": TYPE, "occurred_at": now, "attachments": [], **record}}
        key_id, signature = hashlib.sha256(self.public).hexdigest()[:16], self.key.sign(canonical(payload))
        self.signed.append({"payload": payload, "signature": b64u(signature), "key_id": key_id})
        self.keep()

    def deliver(self) -> list[dict]:
        """Send what has no receipt yet; return the receipts.  A broken journal or answer raises."""
        receipts = []
        while waiting := self.signed[self.settled : self.settled + 100]:
            answer = self.send(waiting)
            receipts += answer["receipts"]
            self.settled = answer["expected_seq"] - 1
            self.keep()
        return receipts

    def send(self, messages: list[dict]) -> dict:
        """Send a batch; check that the platform signed the answer and that it answers these very messages."""
        answer = self.call(self.path, {"messages": messages})
        self.verify(answer, {name: answer[name] for name in answer if name not in ("signature", "key_id")})
        ours = {each["payload"]["seq"]: digest(each["payload"]) for each in messages}
        answered = {each["seq"] for each in answer["receipts"] if ours.get(each["seq"]) == each["digest"]}
        if not answered or answered != {seq for seq in ours if seq < answer["expected_seq"]}:
            raise ValueError("the answer leaves out a message, or waits for one that is not ours to send")
        return answer

    def verify(self, signed: dict, statement: dict) -> None:
        key = ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.settings["receiver_public_key"]))
        key.verify(base64.urlsafe_b64decode(signed["signature"] + "=="), canonical(statement))


def join(settings: dict, entry: dict, record: dict) -> str:
    """Log in, enter the system, sign for it, pass every test; return the state in which that leaves it."""
    place = f"/api/v1/systems/{settings['system']}"
    trial = Client(settings, f"{place}/trial/messages", "trial")
    person = serialization.load_pem_private_key(Path(settings["certificate_key_file"]).read_bytes(), None)
    certificate = x509.load_pem_x509_certificate(Path(settings["certificate_file"]).read_bytes())
    shown = base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()

    def signed_by_person(text: str) -> dict:
        halves = utils.decode_dss_signature(person.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        signature = b64u(b"".join(half.to_bytes(32, "big") for half in halves))
        return {"certificate": shown, "signature": signature}

    given = trial.call("/login/challenge")
    lines = ["yuntai-login-v1", *(given[name] for name in ("origin", "nonce", "issued_at", "purpose"))]
    trial.call("/login/answer", signed_by_person("\n".join(lines)))
    entry |= {"code": settings["system"], "public_key": b64u(trial.public)}
    facts = {name: entry[name] for name in entry if name not in ("title", "responsible")}
    facts |= {"platform": settings["receiver"], "operator_code": settings["operator"], "key_number": 1}
    approved = entry | signed_by_person(f"yuntai-sign-v1|connect-system|{digest(facts)}")
    challenge = trial.call("/api/v1/systems", approved)["challenge"]
    trial.call(f"{place}/trial/challenge", {"signature": b64u(trial.key.sign(challenge.encode()))})
    for good_broken_good in (record, record | {"data_key": "?"}, record):
        trial.add(good_broken_good)
    trial.call(f"{place}/trial/kept-receipts", trial.send(trial.signed))
    trial.send(trial.signed[:1])  # again: it is answered as before, and not counted twice
    for message in trial.call(trial.path):
        with suppress(InvalidSignature):  # one of the two is a forgery
            trial.verify(message, message["payload"])
            receipt = f"yuntai-trial-receipt-v1|{digest(message['payload'])}".encode()
            trial.call(f"{place}/trial/receipts", {"signature": b64u(trial.key.sign(receipt))})
    return trial.call(place)["state"]


def main(settings: str, *words: str) -> int:
    """Return 0 when the system is connected; or how many of the records were rejected."""
    known, *files = [json.loads(Path(w).read_text("utf-8")) for w in (settings, *words) if w != "join"]
    if "join" in words:
        return int(join(known, *files) != "connected")
    client = Client(known)
    for record in files:
        client.add(record)
    receipts = client.deliver()
    sys.stdout.writelines(f"{each['seq']} {each['state']} {each['reason']}\n" for each in receipts)
    return sum(each["state"] == "rejected" for each in receipts)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
