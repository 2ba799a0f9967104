"""Which connected systems may ask the platform who has logged in, from a file that set-up writes."""

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path

from authlib.oauth2.rfc6749 import ClientMixin
from django.conf import settings

SCOPE = "openid"


@dataclass(frozen=True)
class Client(ClientMixin):  # type: ignore[misc]
    """A connected system.  client_id: its code.  secret_sha256: hex; only that system has the secret."""

    client_id: str
    secret_sha256: str
    redirect_uris: tuple[str, ...]

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        return None  # each request names its own, so that a mistake shows

    def get_allowed_scope(self, scope: str) -> str | None:
        return SCOPE if scope and scope.split() == [SCOPE] else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return compare_digest(sha256(client_secret.encode()).hexdigest(), self.secret_sha256)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in {"client_secret_basic", "client_secret_post"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@cache
def clients() -> dict[str, Client]:
    """Return the systems by code, as LOGIN_CLIENTS_FILE lists them."""
    if not settings.LOGIN_CLIENTS_FILE:
        return {}
    listed = json.loads(Path(settings.LOGIN_CLIENTS_FILE).read_text(encoding="utf-8"))
    return {
        row["client_id"]: Client(row["client_id"], row["secret_sha256"], tuple(row["redirect_uris"]))
        for row in listed
    }
