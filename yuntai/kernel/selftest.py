"""The self-test (自检): will this browser and this certificate do?  Asked days before a deadline.

Nothing is stored and nobody is logged in.  The challenge has a purpose of its own, so that what is signed
here opens no session, and a login's answer proves nothing here.
"""

import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuntai.kernel.accounts.login import CHALLENGE_LIFE, Challenge
from yuntai.kernel.accounts.pages import answer_parts
from yuntai.kernel.errors import DomainError
from yuntai.kernel.recognition.identification import identify_for_login
from yuntai.standard.fields import instant_text
from yuntai.trust import certificates, clock
from yuntai.trust.certificates import CertificateRefused

PURPOSE = "selftest"
MOST_PROBE_BYTES = 4 * 1024 * 1024
PIECE_BYTES = 64 * 1024
CHECKS = (
    ("secure", "安全连接"),
    ("crypto", "本机加密与密钥保存"),
    ("seal", "密封与解开样本"),
    ("clock", "本机时钟"),
    ("certificate", "证书可读"),
    ("signature", "签名与服务器验证"),
    ("validity", "证书有效期超过投标截止"),
    ("upload", "上传速度"),
)


class SelfTestFailed(DomainError):
    """The certificate would not be accepted at a login either."""

    code = "self-test-failed"
    status = 422


class ProbeTooLarge(DomainError):
    """More was sent than measuring a speed needs."""

    code = "probe-too-large"
    status = 413


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the checks; the browser runs them."""
    return render(request, "selftest.html", {"checks": CHECKS})


@require_GET
@ensure_csrf_cookie
def challenge(request: HttpRequest) -> JsonResponse:
    """Give this session something to sign that is good for nothing else."""
    fresh = Challenge(settings.PUBLIC_URL, secrets.token_hex(32), clock.now().replace(microsecond=0), PURPOSE)
    request.session["selftest"] = asdict(fresh) | {"issued_at": fresh.issued_at.isoformat()}
    sent = asdict(fresh) | {"issued_at": fresh.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return JsonResponse(sent | {"csrf_token": request.META.get("CSRF_COOKIE", "")})


@require_POST
def certificate(request: HttpRequest) -> JsonResponse:
    """Check a certificate and a signature as a login does, and say how long the certificate is valid."""
    now = clock.now()
    to_sign = _given(request, now).to_sign()
    der, signature = answer_parts(request.body)
    try:
        identity = identify_for_login(der, now)
    except CertificateRefused as error:
        raise SelfTestFailed(str(error)) from error
    if not certificates.is_signed_by(der, to_sign, signature):
        raise SelfTestFailed("签名验证未通过：证书与私钥不配套。请到发证机构重新下载证书文件。")
    told: dict[str, Any] = {
        "person_name": identity.person_name,
        "organization_name": identity.organization_name,
        "not_after": instant_text(identity.not_after),
    }
    return JsonResponse(told)


@require_http_methods(["PUT"])
def upload(request: HttpRequest) -> JsonResponse:
    """Count the bytes that came, and drop them."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_PROBE_BYTES:
        raise ProbeTooLarge(f"测速最多上传 {MOST_PROBE_BYTES // 1024**2} MB。请刷新自检页再测。")
    return JsonResponse({"bytes": sum(len(piece) for piece in iter(lambda: request.read(PIECE_BYTES), b""))})


def _given(request: HttpRequest, now: datetime) -> Challenge:
    stored = request.session.pop("selftest", None)
    if stored is None:
        raise SelfTestFailed("没有待签名的自检内容，或已用过。请重新开始自检。")
    given = Challenge(**stored | {"issued_at": datetime.fromisoformat(stored["issued_at"])})
    if now - given.issued_at > CHALLENGE_LIFE:
        raise SelfTestFailed("自检内容已过期（有效 2 分钟）。请重新开始自检。")
    return given
