"""What every page's frame shows: which system, who is logged in, what time it is here."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yuntai.trust import clock


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the context of base.html."""
    return {
        "system_name": settings.SYSTEM_TITLE,
        "system_code": settings.SYSTEM_CODE,
        "system_kind": settings.SYSTEM_KIND,
        "system_nav": settings.NAVIGATION,
        "caller": getattr(request, "caller", None),
        "sandbox": settings.SANDBOX,
        "clock_shifted": bool(clock.shift()),
        "server_now": clock.now(),
        "clock_url": "/clock",
        "platform_url": settings.PLATFORM_URL,
    }
