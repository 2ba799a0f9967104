"""A sender of records in one file, written from the published pages alone: Python and `cryptography`.

    python example_client.py settings.json record.json [record.json ...]

settings.json: {"url": ".../exchange/v1/messages", "system": our code, "private_key_file": 32 bytes raw,
"receiver": its code, "receiver_public_key": hex, "journal": file of what was signed}.
record.json: {"data_set": 501, "action": "add", "data_key": "...", "object_code": "...", "fields": {...}}.
Run again with no records after a failure: what has no receipt yet is sent again, and is taken once.
"""

import base64
import hashlib
import json
import os
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MOST_MESSAGES = 100
TYPE = "exchange.record.submitted.v1"
Post = Callable[[str, bytes], bytes]


def canonical(value: object) -> bytes:
    """Write JSON as RFC 8785 does; enough for text, whole numbers and ASCII names, and we use no others."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(payload: dict) -> str:
    return hashlib.sha256(canonical(payload)).hexdigest()


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_b64u(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def key_id(public: Ed25519PublicKey) -> str:
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Client:
    """One stream to one receiver.  The journal has every message signed, in order: a number is used once."""

    def __init__(self, settings: dict) -> None:
        self.settings = settings
        self.key = Ed25519PrivateKey.from_private_bytes(Path(settings["private_key_file"]).read_bytes())
        receiver_key = bytes.fromhex(settings["receiver_public_key"])
        self.receiver_key = Ed25519PublicKey.from_public_bytes(receiver_key)
        self.journal = Path(settings["journal"])
        lines = self.journal.read_text("utf-8").splitlines() if self.journal.exists() else []
        entries = [json.loads(line) for line in lines]
        self.signed = [entry for entry in entries if "payload" in entry]
        self.settled = max((entry["settled"] for entry in entries if "settled" in entry), default=0)

    def write(self, entry: dict) -> None:
        with self.journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def add(self, record: dict) -> None:
        """Number, chain and sign a record, and put it into the journal before anything is sent."""
        last = self.signed[-1]["payload"] if self.signed else None
        payload = {
            "v": 1,
            "iss": self.settings["system"],
            "aud": self.settings["receiver"],
            "stream": "records",
            "seq": last["seq"] + 1 if last else 1,
            "prev": digest(last) if last else "0" * 64,
            "msg_id": str(uuid.uuid4()),
            "type": TYPE,
            "obj": record["object_code"],
            "iat": now(),
            "body": {"type": TYPE, "occurred_at": now(), "attachments": [], **record},
        }
        signature = b64u(self.key.sign(canonical(payload)))
        message = {"payload": payload, "signature": signature, "key_id": key_id(self.key.public_key())}
        self.write(message)
        self.signed.append(message)

    def deliver(self, post: Post) -> list[dict]:
        """Send what has no receipt yet; return the receipts.  A broken journal or answer raises."""
        receipts = []
        while waiting := self.signed[self.settled : self.settled + MOST_MESSAGES]:
            answer = json.loads(post(self.settings["url"], canonical({"messages": waiting})))
            self.check(answer, waiting)
            receipts += answer["receipts"]
            self.settled = answer["expected_seq"] - 1
            self.write({"settled": self.settled})
        return receipts

    def check(self, answer: dict, waiting: list[dict]) -> None:
        """Check that the receiver signed the answer and that it answers these very messages."""
        if answer["receiver"] != self.settings["receiver"] or answer["key_id"] != key_id(self.receiver_key):
            raise ValueError("the answer is another system's")
        statement = {name: answer[name] for name in answer if name not in ("signature", "key_id")}
        self.receiver_key.verify(from_b64u(answer["signature"]), canonical(statement))
        ours = {each["payload"]["seq"]: digest(each["payload"]) for each in waiting}
        answered = {each["seq"] for each in answer["receipts"] if ours.get(each["seq"]) == each["digest"]}
        if not answered or answered != {seq for seq in ours if seq < answer["expected_seq"]}:
            raise ValueError("the answer leaves out a message, or waits for one that is not ours to send")


def over_http(url: str, body: bytes) -> bytes:
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})  # noqa: S310 — the address is the operator's own setting
    try:
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310
            return response.read()
    except urllib.error.HTTPError as error:
        raise SystemExit(f"HTTP {error.code}: {error.read().decode(errors='replace')}") from error


def main(settings: str, *records: str, post: Post = over_http) -> int:
    """Send the records; return how many were rejected."""
    client = Client(json.loads(Path(settings).read_text("utf-8")))
    for record in records:
        client.add(json.loads(Path(record).read_text("utf-8")))
    receipts = client.deliver(post)
    for receipt in receipts:
        sys.stdout.write(f"{receipt['seq']} {receipt['state']} {receipt['reason']}\n")
    return sum(receipt["state"] == "rejected" for receipt in receipts)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
