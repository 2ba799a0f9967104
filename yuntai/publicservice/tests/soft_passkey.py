"""An authenticator in software: makes passkeys and proves them, honestly or with one thing wrong."""

import hashlib
import json
import secrets
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from yuntai.trust.base64url import base64url

ORIGIN = "http://localhost:8000"
PRESENT, VERIFIED, CREDENTIAL = 0x01, 0x04, 0x40


class SoftPasskey:
    """One passkey.  count: of its signatures, rises with each; None for a device that does not count."""

    def __init__(self, count: int | None = 1) -> None:
        self.id = secrets.token_bytes(16)
        self.count = count
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: dict[str, Any], *, origin: str = ORIGIN, verified: bool = True) -> dict[str, Any]:
        """Answer a request to make a passkey."""
        public = ES256.from_cryptography_key(self._key.public_key())  # type: ignore[no-untyped-call]
        credential = AttestedCredentialData.create(bytes(16), self.id, public)
        data = self._data(origin, verified, credential)
        response = {
            "clientDataJSON": base64url(_client_data("webauthn.create", options["challenge"], origin)),
            "attestationObject": base64url(AttestationObject.create("none", data, {})),
        }
        return self._answer(response)

    def prove(
        self, options: dict[str, Any], *, origin: str = ORIGIN, verified: bool = True
    ) -> dict[str, Any]:
        """Answer a request to log in."""
        client, data = (
            _client_data("webauthn.get", options["challenge"], origin),
            self._data(origin, verified, None),
        )
        signed = bytes(data) + hashlib.sha256(client).digest()
        response = {
            "clientDataJSON": base64url(client),
            "authenticatorData": base64url(data),
            "signature": base64url(self._key.sign(signed, ec.ECDSA(hashes.SHA256()))),
        }
        return self._answer(response)

    def _data(
        self, origin: str, verified: bool, credential: AttestedCredentialData | None
    ) -> AuthenticatorData:
        flags = PRESENT | (VERIFIED if verified else 0) | (CREDENTIAL if credential else 0)
        if self.count is not None:
            self.count += 1
        site = hashlib.sha256((urlsplit(origin).hostname or "").encode()).digest()
        data: AuthenticatorData = AuthenticatorData.create(
            site, AuthenticatorData.FLAG(flags), self.count or 0, credential or b""
        )
        return data

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        return {
            "id": base64url(self.id),
            "rawId": base64url(self.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": response,
        }


def _client_data(kind: str, challenge: str, origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()
