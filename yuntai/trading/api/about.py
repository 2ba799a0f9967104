"""What this trading system says of itself: where its interfaces are, who runs it, which tools and fees.

GET /.well-known/trading-system.json, docs/connect/conformance.md.  Whoever tests a system starts here.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from yuntai.kernel.peers import own_key, peers
from yuntai.trust import signing
from yuntai.trust.base64url import base64url

STANDARD = {"name": "yuntai-trading-system", "version": "1"}
FREE = "0.00"
ADDRESSES = {
    "interface": "/api/v1/openapi.json",
    "tenders": "/api/v1/tenders",
    "tender": "/api/v1/tenders/{code}",
    "lot": "/api/v1/lots/{code}",
    "results": "/api/v1/lots/{code}/results",
    "login_challenge": "/login/challenge",
    "login_answer": "/login/answer",
    "upload": "/api/v1/bodies/{sha256}",
    "hand_in": "/api/v1/lots/{code}/bids",
    "withdraw": "/api/v1/lots/{code}/withdrawals",
    "exchange": "/exchange/v1/messages",
    "exchange_interface": "/exchange/v1/openapi.json",
    "list_page": "/",
    "tender_page": "/tenders/{code}",
    "opening_page": "/lots/{code}/opening",
}
BID_TOOLS = (
    {"name": "网页投标（浏览器内编制、密封）", "licence": "Apache-2.0", "price_yuan": FREE},
    {"name": "命令行投标工具 yuntai bid", "licence": "Apache-2.0", "price_yuan": FREE},
)
FEES = (
    {"service": "登录、查询、下载招标文件", "price_yuan": FREE},
    {"service": "递交、撤回投标文件和开标", "price_yuan": FREE},
)


@require_safe
def about(request: HttpRequest) -> JsonResponse:
    """Answer the description."""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


def description() -> dict[str, Any]:
    """Return the description of this system; every address is a full one."""
    own = peers().get(settings.SYSTEM_CODE)
    return {
        "standard": STANDARD,
        "code": settings.SYSTEM_CODE,
        "title": settings.SYSTEM_TITLE,
        "number": settings.PLATFORM_NUMBER,
        "industry": settings.INDUSTRY,
        "operator": {
            "code": settings.OPERATOR_CODE,
            "name": settings.OPERATOR_NAME,
            "contact": own.contact if own else "",
        },
        "signing_key": base64url(signing.public_key(own_key())),
        "addresses": {name: settings.PUBLIC_URL + path for name, path in ADDRESSES.items()},
        "registration": {"url": f"{settings.PLATFORM_URL}/registry/register", "price_yuan": FREE},
        "bid_tools": list(BID_TOOLS),
        "fees": list(FEES),
    }
