"""Who this system is, and which systems it exchanges messages with.

A deployment lists the peers it starts with in PEERS_FILE; the platform tells of the others by message
(`kernel.connected`), and of what changes; what it tells counts only as far as the operator signed for it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

from django.apps import apps
from django.conf import settings

from yuntai.kernel.errors import NotFound
from yuntai.trust import clock, signing
from yuntai.trust.base64url import from_base64url

FRESH_SECONDS = 1.0
"""How long a process goes by what it read of the systems told of; a suspension counts that much later."""


class UnknownPeer(NotFound):
    """No connected system has that code."""

    code = "unknown-system"


class PeerSuspended(UnknownPeer):
    """The system is suspended: nothing is exchanged with it."""

    code = "system-suspended"


@dataclass(frozen=True)
class Peer:
    """A system that exchanges messages with this one.

    kind: publicservice, trading, supervision or connected.  industry: "" for the platform.
    url: "" for a system that only sends.  region: six digits, includes what lies below; "" when not said.
    public_key: Ed25519, 32 bytes, signs its messages and receipts.
    earlier_keys: of former keys those that still count for what is under way.
    platform_number: 4 digits in the codes that a trading system issues, "" of any other system.
    operator_code, operator: who runs it.  contact: who answers for it, a body or a post.  "" when not said.
    suspended: why nothing is exchanged with it, a word of the published list; "" when it is connected.
    """

    code: str
    title: str
    kind: str
    industry: str
    url: str
    public_key: bytes
    platform_number: str = ""
    operator: str = ""
    contact: str = ""
    operator_code: str = ""
    region: str = ""
    suspended: str = ""
    earlier_keys: tuple[bytes, ...] = ()

    def key(self, key_id: str) -> bytes:
        """Return its key with that id; the present one when none that counts has it."""
        kept = (each for each in self.earlier_keys if signing.key_id(each) == key_id)
        return next(kept, self.public_key)

    def has_key(self, key_id: str) -> bool:
        """Tell whether one of its keys that count has that id."""
        return signing.key_id(self.key(key_id)) == key_id


@cache
def own_key() -> bytes:
    """Return this system's Ed25519 signing key (32 bytes, raw)."""
    if not settings.SIGNING_KEY_FILE:  # a sandbox without files: one key for the life of the process
        return signing.new_private_key()
    return signing.load_private(Path(settings.SIGNING_KEY_FILE))


@cache
def listed_peers() -> dict[str, Peer]:
    """Return the systems that PEERS_FILE lists, by code."""
    if not settings.PEERS_FILE:
        return {}
    listed = json.loads(Path(settings.PEERS_FILE).read_text(encoding="utf-8"))
    return {row["code"]: Peer(**row | {"public_key": from_base64url(row["public_key"])}) for row in listed}


class _Known:
    """Call it for the systems by code, suspended ones among them; it reads them anew when need be."""

    def __init__(self) -> None:
        self._read_at = 0.0
        self._peers: dict[str, Peer] | None = None

    def __call__(self) -> dict[str, Peer]:
        known = self._peers
        if known is None or monotonic() - self._read_at > FRESH_SECONDS:
            known = listed_peers() | dict(_told(clock.now()))
            self._read_at, self._peers = monotonic(), known
        return known

    def read_anew(self) -> None:
        """Read at the next call what the platform told."""
        self._peers = None

    def cache_clear(self) -> None:
        """Forget everything that was read, the list too."""
        self._peers = None
        listed_peers.cache_clear()


peers = _Known()


def peer(code: str, key_id: str = "") -> Peer:
    """Return the connected system `code`, even while it is suspended.

    key_id: of the key that it should have, if any; what was read before it was told is read anew.

    :raises UnknownPeer: none has that code.
    """
    found = peers().get(code)
    if found is None or (key_id and not found.has_key(key_id)):
        peers.read_anew()
        found = peers().get(code)
    if found is None:
        raise UnknownPeer(f"没有代码为 {code} 的对接系统，请核对系统代码或先完成对接登记。")
    return found


def active_peer(code: str, key_id: str = "") -> Peer:
    """Return the connected system `code`, to exchange messages with; key_id as in `peer`.

    :raises UnknownPeer: none has that code.
    :raises PeerSuspended: it is suspended.
    """
    found = peer(code, key_id)
    if found.suspended:
        raise PeerSuspended(f"{code} 已暂停对接，报文暂不收发。原因和依据见平台的对接系统页，排除后恢复。")
    return found


def _told(now: datetime) -> Iterator[tuple[str, Peer]]:
    for told in apps.get_model("connected", "KnownSystem").objects.values_list("told", flat=True):
        present = _as_told(told, now)
        yield present.code, present


def _as_told(told: Mapping[str, Any], now: datetime) -> Peer:
    keys = told["keys"]
    kept = [each for each in keys[:-1] if _counts(each, now)]
    newest = keys[-1]
    contact = told["responsible"][0] if told["responsible"] else None
    return Peer(
        code=told["system_code"],
        title=told["title"],
        kind=told["kind"],
        industry=told["industry"],
        url=told["url"].rstrip("/"),
        public_key=from_base64url(newest["public_key"]),
        operator=told["operator_name"],
        contact=f"{contact['name']}（{contact['duty']}）" if contact else "",
        operator_code=told["operator_code"],
        region=told["region_code"],
        suspended=told["reason"] if told["state"] == "suspended" else "",
        earlier_keys=tuple(from_base64url(each["public_key"]) for each in kept),
    )


def _counts(key: Mapping[str, Any], now: datetime) -> bool:
    return key["valid_until"] is not None and now < datetime.fromisoformat(key["valid_until"])
