"""Is the process alive, can it do its work: for balancers, supervisors of processes and probes."""

from django.db import connection
from django.http import HttpRequest, JsonResponse

from yuntai.trust import clock


def livez(request: HttpRequest) -> JsonResponse:
    """Answer that the process runs."""
    return JsonResponse({"alive": True})


def server_clock(request: HttpRequest) -> JsonResponse:
    """Answer this system's time, so that pages count down in step with it."""
    return JsonResponse({"now": clock.now().isoformat()})


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ready": True})
