"""Login through the platform (统一身份登录): this system asks the platform who is at the browser.

OpenID Connect, authorization code with PKCE.  State, nonce and verifier stay in this system's session; the
answer is believed only when all three fit and the platform's key has signed it.  Nobody needs the platform to
log in: the certificate login of this system stands beside it.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from yuntai.kernel.accounts.login import LoginRefused
from yuntai.kernel.errors import DomainError
from yuntai.trust.certificates import Subject

RETURN_PATH = "/login/platform/return"
WITHIN = timedelta(minutes=10)
SILENT_AFTER_SECONDS = 4.0
CLAIMS = ("organization_code", "organization_name", "person_id", "person_name")
_ALGORITHM = "ES256"


class PlatformSilent(DomainError):
    """The platform does not answer, or answers nonsense."""

    code = "platform-silent"
    status = 503

    def __init__(self) -> None:
        super().__init__(
            "公共服务平台暂时没有应答，统一身份登录不可用。请在下面用证书直接登录本系统，效力相同；"
            "递交投标文件等事项不受影响。"
        )


@dataclass(frozen=True)
class Begun:
    """A login under way.  url: where to send the browser.  kept: for the session, JSON types."""

    url: str
    kept: dict[str, str]


@dataclass(frozen=True)
class Arrived:
    """Who logged in at the platform.  way: how: "certificate" or "passkey"."""

    subject: Subject
    way: str


def begin(*, next_page: str, now: datetime) -> Begun:
    """Return where to send the browser.

    :raises PlatformSilent: the platform does not answer; asked each time, so nobody is sent to a dead one.
    """
    with connect() as platform:
        found = _discovery(platform)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": settings.SYSTEM_CODE,
        "redirect_uri": _redirect_uri(),
        "scope": "openid",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    kept = {"state": state, "nonce": nonce, "verifier": verifier, "next": next_page, "at": now.isoformat()}
    return Begun(f"{found['authorization_endpoint']}?{urlencode(asked)}", kept)


def finish(*, kept: dict[str, str] | None, answer: dict[str, str], now: datetime) -> Arrived:
    """Return who logged in.

    kept: of `begin`, from the session; None when there is none.  answer: what the browser came back with.

    :raises LoginRefused: the answer is not to our question, too late, or not the platform's.
    :raises PlatformSilent: the platform does not answer.
    """
    if kept is None or not secrets.compare_digest(answer.get("state", "").encode(), kept["state"].encode()):
        raise LoginRefused("返回的登录结果与本次请求不符，没有登录。请重新点“统一身份登录”。")
    if now - datetime.fromisoformat(kept["at"]) > WITHIN:
        raise LoginRefused("统一身份登录已超过 10 分钟，没有登录。请重新点“统一身份登录”。")
    if answer.get("error") == "access_denied":
        raise LoginRefused(
            "公共服务平台上登录的是公众账户，不代表任何单位，不能登录本系统。请改用单位证书登录。"
        )
    if not answer.get("code"):
        raise LoginRefused("公共服务平台没有完成登录。请重新点“统一身份登录”，或用证书直接登录。")
    with connect() as platform:
        found = _discovery(platform)
        token = _exchange(platform, found["token_endpoint"], answer["code"], kept["verifier"])
        claims = _checked(token, _get(platform, found["jwks_uri"]), kept["nonce"], now)
    subject = Subject(**{claim: str(claims[claim]) for claim in CLAIMS})
    if not subject.organization_code or not subject.person_id:
        raise LoginRefused("公共服务平台没有给出单位和人员，不能登录本系统。请改用单位证书登录。")
    return Arrived(subject, str(claims["amr"][0]))


def connect() -> httpx.Client:
    """Return a connection to the platform; it waits four seconds, since a person waits behind it."""
    return httpx.Client(timeout=SILENT_AFTER_SECONDS, follow_redirects=False)


def _exchange(platform: httpx.Client, url: str, code: str, verifier: str) -> str:
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _redirect_uri(),
        "code_verifier": verifier,
    }
    try:
        answer = platform.post(url, data=asked, auth=(settings.SYSTEM_CODE, settings.LOGIN_CLIENT_SECRET))
    except httpx.HTTPError as error:
        raise PlatformSilent from error
    if answer.status_code in {400, 401}:
        raise LoginRefused("公共服务平台不认可这次登录（已用过或已过期）。请重新点“统一身份登录”。")
    return str(_json(answer).get("id_token", ""))


def _checked(token: str, keys: dict[str, Any], nonce: str, now: datetime) -> dict[str, Any]:
    """Return what an identity token says, once its signature and every claim about this login fits."""
    try:
        read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=[_ALGORITHM])  # type: ignore[arg-type]
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=30,
            iss={"essential": True, "value": settings.PLATFORM_URL},
            aud={"essential": True, "value": settings.SYSTEM_CODE},
            nonce={"essential": True, "value": nonce},
            exp={"essential": True},
            iat={"essential": True},
            amr={"essential": True},
            organization_code={"essential": True},
            organization_name={"essential": True},
            person_id={"essential": True},
            person_name={"essential": True},
        )
        rules.validate(read.claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise LoginRefused(
            "公共服务平台的登录结果验证未通过，没有登录。请用证书直接登录，并告知本系统的运营机构。"
        ) from error
    return dict(read.claims)


def _discovery(platform: httpx.Client) -> dict[str, Any]:
    found = _get(platform, f"{settings.PLATFORM_URL}/.well-known/openid-configuration")
    places = [str(found.get(name)) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if found.get("issuer") != settings.PLATFORM_URL or not all(
        place.startswith(f"{settings.PLATFORM_URL}/") for place in places
    ):
        raise PlatformSilent
    return found


def _get(platform: httpx.Client, url: str) -> dict[str, Any]:
    try:
        return _json(platform.get(url))
    except httpx.HTTPError as error:
        raise PlatformSilent from error


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        read = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise PlatformSilent from error
    if not isinstance(read, dict):
        raise PlatformSilent
    return read


def _redirect_uri() -> str:
    return f"{settings.PUBLIC_URL}{RETURN_PATH}"
