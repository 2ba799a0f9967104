"""Who this system is and which systems it exchanges messages with: keys and addresses from files."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from yuntai.kernel.errors import NotFound
from yuntai.trust import signing
from yuntai.trust.base64url import from_base64url


class UnknownPeer(NotFound):
    """No connected system has that code."""

    code = "unknown-system"


@dataclass(frozen=True)
class Peer:
    """A system that exchanges messages with this one.

    kind: publicservice, trading, supervision or connected.  industry: "" for the platform.
    public_key: Ed25519, 32 bytes, signs its messages and receipts.
    operator: who runs it.  contact: who answers for it, a body or a post.  "" when it was not registered.
    """

    code: str
    title: str
    kind: str
    industry: str
    url: str
    public_key: bytes
    operator: str = ""
    contact: str = ""


@cache
def own_key() -> bytes:
    """Return this system's Ed25519 signing key (32 bytes, raw)."""
    if not settings.SIGNING_KEY_FILE:  # a sandbox without files: one key for the life of the process
        return signing.new_private_key()
    return signing.load_private(Path(settings.SIGNING_KEY_FILE))


@cache
def peers() -> dict[str, Peer]:
    """Return the connected systems by code, as PEERS_FILE lists them."""
    if not settings.PEERS_FILE:
        return {}
    listed = json.loads(Path(settings.PEERS_FILE).read_text(encoding="utf-8"))
    return {row["code"]: Peer(**row | {"public_key": from_base64url(row["public_key"])}) for row in listed}


def peer(code: str) -> Peer:
    """Return the connected system `code`.

    :raises UnknownPeer: none has that code.
    """
    found = peers().get(code)
    if found is None:
        raise UnknownPeer(f"没有代码为 {code} 的对接系统，请核对系统代码或先完成对接登记。")
    return found
