"""Writes vectors/sealing-v1.json and sealing-national-v1.json: worked examples of sealed bids.

Run `python -m yuntai.trust.tests.make_vectors` after a change of the format, which then needs a new version.
Every input is fixed.  Content is given by its length: byte i is (7*i + 3) mod 256.
"""

import hashlib
import json
from pathlib import Path

import rfc8785

from yuntai.trust import merkle, padding, signing
from yuntai.trust.base64url import base64url
from yuntai.trust.challenge import challenge_bytes
from yuntai.trust.derivation import Derivation
from yuntai.trust.keys import Algorithm, PrivateKey
from yuntai.trust.sealing import HOLDERS, INTERNATIONAL, NATIONAL, Context, Header, Suite, seal
from yuntai.trust.tests.instants import SHANGHAI_NINE

FOLDER = Path(__file__).parent / "vectors"
FILES = {INTERNATIONAL.code: FOLDER / "sealing-v1.json", NATIONAL.code: FOLDER / "sealing-national-v1.json"}
CURVES = {INTERNATIONAL.code: Algorithm.P256, NATIONAL.code: Algorithm.SM2}
# 16376 fills one chunk exactly after the eight bytes of length; 4088 sits on a Padmé length.
LENGTHS = (0, 1, 4088, 4089, 16375, 16376, 16377, 40000)
BODY_SHOWN_UP_TO = 5000


def fixed_bytes(name: str) -> bytes:
    return hashlib.sha256(f"yuntai sealing vector: {name}".encode()).digest()


def content_of(length: int) -> bytes:
    return bytes((7 * i + 3) % 256 for i in range(length))


def holder_private_keys() -> dict[str, bytes]:
    """Return each holder's scalar: a fixed hash is below both curves' orders but for a chance of 2^-31."""
    return {letter: fixed_bytes(f"holder {letter}") for letter in HOLDERS}


def holder_public_keys(suite: Suite) -> dict[str, bytes]:
    curve = CURVES[suite.code]
    return {
        letter: PrivateKey(curve, scalar).public.point for letter, scalar in holder_private_keys().items()
    }


def sealed_example(suite: Suite, length: int) -> tuple[Header, bytes, Derivation]:
    name = f"content of {length} bytes"
    context = Context(
        tender="E3207000001000001001",
        lot="E3207000001000001001001",
        part="price",
        documents_sha256=fixed_bytes("documents").hex(),
        envelope_id=fixed_bytes(f"envelope, {name}")[:16].hex(),
    )
    key = fixed_bytes(f"K, {name}")
    header, body = seal(
        context,
        content_of(length),
        holder_keys=holder_public_keys(suite),
        owner_public_key=signing.public_key(fixed_bytes("owner")),
        entropy=lambda wanted: key[:wanted],
    )
    return header, body, Derivation(suite, key, header.binding())


def example(suite: Suite, length: int) -> dict[str, object]:
    header, body, coins = sealed_example(suite, length)
    return {
        "content_length": length,
        "entropy": coins.key.hex(),
        "binding": coins.bound_to.hex(),
        "coefficients": [coins.derive("coefficient-1").hex(), coins.derive("coefficient-2").hex()],
        "shares": {letter: share.hex() for letter, share in coins.shares().items()},
        "ephemeral_seeds": {letter: coins.derive(f"ephemeral-{letter}").hex() for letter in HOLDERS},
        "body_key": coins.body_key().hex(),
        "body_salt": coins.body_salt().hex(),
        "padded_length": len(padding.pad(content_of(length))),
        "header": header.to_json(),
        "header_canonical": rfc8785.dumps(header.to_json()).decode(),  # type: ignore[arg-type]
        "header_sha256": header.digest(),
        "body_base64url": base64url(body) if length <= BODY_SHOWN_UP_TO else None,
    }


def bid_set() -> dict[str, object]:
    headers = [sealed_example(INTERNATIONAL, length)[0] for length in LENGTHS[:5]]
    return {
        "header_sha256s": [header.digest() for header in headers],
        "leaves": [leaf.decode() for leaf in merkle.bid_set_leaves(headers)],
        "root": merkle.root(merkle.bid_set_leaves(headers)).hex(),
    }


def login_challenge() -> dict[str, str]:
    nonce = fixed_bytes("nonce")
    text = challenge_bytes("http://localhost:8010", nonce, SHANGHAI_NINE, "login")
    return {
        "origin": "http://localhost:8010",
        "nonce": nonce.hex(),
        "issued_at": SHANGHAI_NINE.isoformat(),
        "purpose": "login",
        "challenge": text.decode(),
    }


def shared_values() -> dict[str, object]:
    """Return what is the same in every suite."""
    owner = fixed_bytes("owner")
    signed = rfc8785.dumps({"act": "example", "header_sha256": sealed_example(INTERNATIONAL, 1)[0].digest()})
    lengths = (8, 9, 17, 100, 1000, 16384, 16385, 20008, 1048577, 2**33 + 1)
    return {
        "owner_private_key": owner.hex(),
        "owner_signature_example": {
            "statement_canonical": signed.decode(),
            "signature": base64url(signing.sign(owner, signed)),
        },
        "padme": {str(length): padding.padme(length) for length in lengths},
        "bid_set": bid_set(),
        "login_challenge": login_challenge(),
    }


def vectors(suite: Suite) -> dict[str, object]:
    keys = holder_public_keys(suite)
    examples: dict[str, object] = {
        "note": "docs/connect/sealing.md. Content byte i is (7*i + 3) mod 256. Only K is drawn.",
        "holder_private_keys": {letter: key.hex() for letter, key in holder_private_keys().items()},
        "holder_public_keys": {letter: base64url(key) for letter, key in keys.items()},
        "examples": [example(suite, length) for length in LENGTHS],
    }
    return examples if suite is NATIONAL else examples | shared_values()


def rendered(suite: Suite) -> str:
    return json.dumps(vectors(suite), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for suite in (INTERNATIONAL, NATIONAL):
        FILES[suite.code].write_text(rendered(suite), encoding="utf-8")
