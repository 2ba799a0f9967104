"""A system that says of itself what is asked, and answers everything else with 404."""

import json
from typing import Any

import httpx

from yuntai.conformance.check import Check, Findings
from yuntai.conformance.probe import Given, Probe

URL = "https://jy.test"
ABOUT: dict[str, Any] = {
    "standard": {"name": "yuntai-trading-system", "version": "1"},
    "code": "trading-test",
    "title": "检测对象<b>",
    "addresses": {"list_page": f"{URL}/", "tenders": f"{URL}/api/v1/tenders"},
    "newer_field": 1,
}


def way(about: object = ABOUT, status: int = 200) -> httpx.MockTransport:
    """Return the way to the system."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/.well-known/trading-system.json":
            return httpx.Response(
                status, text=json.dumps(about), headers={"Content-Type": "application/json"}
            )
        return httpx.Response(404, text="没有")

    return httpx.MockTransport(answer)


def probe(about: object = ABOUT) -> Probe:
    """Return a probe of the system."""
    return Probe(URL, transport=way(about), given=Given())


def check(run: Any, number: str = "D5", key: str = "d05-test") -> Check:
    """Return a check that runs `run`."""
    return Check(key, number, "检测项", "etendering/8", run)


__all__ = ["ABOUT", "URL", "Findings", "check", "probe", "way"]
