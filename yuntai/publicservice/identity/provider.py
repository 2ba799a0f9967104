"""The platform as OpenID Connect provider: Authlib knows the protocol, this says who and for how long.

One grant (authorization code), one scope (openid), PKCE with S256 for everyone.  The access token that the
protocol wants opens nothing: all there is to know stands in the identity token.  See docs/connect/login.md.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.integrations.django_oauth2.requests import DjangoOAuth2Payload, DjangoOAuth2Request
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from django.conf import settings
from django.http import HttpRequest
from joserfc.jwk import ECKey

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.accounts.login import SessionLogin
from yuntai.kernel.accounts.models import Account
from yuntai.publicservice.identity.clients import SCOPE, Client, clients
from yuntai.publicservice.identity.login_codes import Asking, grant_login, take_login
from yuntai.publicservice.identity.models import LoginCode
from yuntai.trust import clock

ALGORITHM = "ES256"
TOKEN_LIFE = timedelta(minutes=2)
CLAIMS = ("organization_code", "organization_name", "person_id", "person_name")


@dataclass(frozen=True)
class LoggedIn:
    """Who is at the browser, and how that person logged in."""

    account: Account
    login: SessionLogin
    caller: Caller


class LoginRequest(DjangoOAuth2Request):  # type: ignore[misc]
    """A request under the platform's public address: behind a proxy the request's own is another."""

    def __init__(self, request: HttpRequest) -> None:
        uri = settings.PUBLIC_URL + request.get_full_path()
        OAuth2Request.__init__(self, request.method, uri, headers=request.headers)
        self.payload = DjangoOAuth2Payload(request)
        self._request = request


class Provider(AuthorizationServer):  # type: ignore[misc]
    """Authlib's server on our clients; it keeps no tokens."""

    def __init__(self) -> None:
        super().__init__(client_model=None, token_model=None)

    def load_config(self, config: dict[str, Any]) -> None:
        life = int(TOKEN_LIFE.total_seconds())
        super().load_config({"scopes_supported": [SCOPE], "token_expires_in": {"authorization_code": life}})

    def query_client(self, client_id: str) -> Client | None:
        return clients().get(client_id)

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """Keep nothing: the token opens nothing."""

    def create_oauth2_request(self, request: HttpRequest) -> LoginRequest:
        return LoginRequest(request)


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """The authorization code, on `LoginCode`."""

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        who: LoggedIn = request.user
        sent = request.payload.data
        asking = Asking(
            client_id=request.client.client_id,
            redirect_uri=request.payload.redirect_uri,
            scope=request.scope,
            nonce=sent.get("nonce", ""),
            code_challenge=sent["code_challenge"],
        )
        grant_login(
            code=code,
            asking=asking,
            account=who.account,
            login=who.login,
            caller=who.caller,
            now=clock.now(),
        )

    def query_authorization_code(self, code: str, client: Client) -> "TakenCode | None":
        granted = take_login(code=code, client_id=client.client_id, now=clock.now())
        return TakenCode(granted) if granted else None

    def delete_authorization_code(self, authorization_code: "TakenCode") -> None:
        """Do nothing: it was taken when it was found."""

    def authenticate_user(self, authorization_code: "TakenCode") -> Account:
        return authorization_code.granted.account


@dataclass(frozen=True)
class TakenCode:
    """A taken code in the words that Authlib asks in."""

    granted: LoginCode
    code_challenge_method: str = "S256"

    @property
    def code_challenge(self) -> str:
        return self.granted.code_challenge

    def get_redirect_uri(self) -> str:
        return self.granted.redirect_uri

    def get_scope(self) -> str:
        return self.granted.scope

    def get_nonce(self) -> str:
        return self.granted.nonce

    def get_auth_time(self) -> int:
        return int(self.granted.logged_in_at.timestamp())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> list[str]:
        return [self.granted.way]


class RequiredChallenge(CodeChallenge):  # type: ignore[misc]
    """PKCE for every client, and by S256 only: Authlib asks it of public clients alone."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        sent = grant.request.payload.data
        if sent.get("code_challenge_method") != "S256" or not sent.get("code_challenge"):
            raise InvalidRequestError("PKCE is required: code_challenge with code_challenge_method=S256.")
        super().validate_code_challenge(grant, redirect_uri)


class IdentityToken(OpenIDCode):  # type: ignore[misc]
    """What the identity token says, and the key that signs it."""

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        asked = LoginCode.objects.filter(client_id=request.payload.client_id, nonce=nonce)
        return bool(asked.exists())

    def resolve_client_private_key(self, client: Client) -> ECKey:
        return signing_key()

    def get_client_algorithm(self, client: Client) -> str:
        return ALGORITHM

    def get_encode_header(self, client: Client) -> dict[str, str]:
        return {"alg": ALGORITHM, "kid": str(signing_key().kid)}

    def get_client_claims(self, client: Client) -> dict[str, object]:
        now = clock.now()
        return {
            "iss": settings.PUBLIC_URL,
            "aud": [client.client_id],
            "iat": int(now.timestamp()),
            "exp": int((now + TOKEN_LIFE).timestamp()),
        }

    def generate_user_info(self, user: Account, scope: str) -> dict[str, str]:
        return {"sub": user.key} | {claim: getattr(user, claim) for claim in CLAIMS}


@cache
def signing_key() -> ECKey:
    """Return the key that signs identity tokens; a sandbox without a file has one for the process's life."""
    if not settings.LOGIN_KEY_FILE:
        key = ECKey.generate_key("P-256", private=True)
    else:
        key = ECKey.import_key(Path(settings.LOGIN_KEY_FILE).read_bytes())
    key.ensure_kid()
    return key


def public_keys() -> dict[str, Any]:
    """Return the key set (JWKS) by which anyone checks an identity token."""
    key = signing_key().as_dict(private=False)
    return {"keys": [key | {"use": "sig", "alg": ALGORITHM}]}


@cache
def provider() -> Provider:
    """Return the provider, ready."""
    server = Provider()
    server.register_grant(CodeGrant, [IdentityToken(), RequiredChallenge()])
    return server
