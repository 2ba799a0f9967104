"""D9: what can be told of safety from outside.  The penetration test is the testing body's own work."""

import re
from collections.abc import Iterator

from yuntai.conformance.check import Check, Findings, Need
from yuntai.conformance.probe import Probe
from yuntai.conformance.wire import Answer

LEAKS = re.compile(
    r"Traceback|Exception|Stack trace|at [a-z]+\.[a-z.]+\([A-Za-z]+\.java"
    r"|SQLSTATE|ORA-\d|psycopg|\.py\", line|Internal Server Error"
    r"|Field required|Input should be|Value error|Whitelabel"
)
MARKER = "conformance-entity"
ENTITY = (
    f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "{MARKER}-expanded"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    "<a>&e;&f;</a>"
)
DEEP = "[" * 50_000 + "]" * 50_000
JSON_TYPE = {"Content-Type": "application/json"}


def hostile_input_is_refused_calmly(probe: Probe, found: Findings) -> None:
    """No fault, no traceback, no message of a framework: a refusal in Chinese."""
    for answer in _hostile(probe):
        found.expect(
            answer.is_refused and answer.is_chinese and not LEAKS.search(answer.text),
            answer,
            "拒绝（4xx），中文说明，不含程序错误信息和英文框架提示",
        )


def _hostile(probe: Probe) -> Iterator[Answer]:
    system, visitor = probe.system, probe.visitor
    for asked in ("page=abc", "page=-1", "page=99999999999999999999"):
        yield visitor.get(f"{system.address('tenders')}?{asked}")
    for code in ("' OR 1=1 --", '"><script>alert(1)</script>', "..%2F..%2Fetc", "长" * 300):
        yield visitor.get(system.address("tender", code=code))
        yield visitor.get(system.address("tender_page", code=code))
    for body in (b"{}", b"[]", b"{", b'{"messages": "\xff"}', b'{"messages": [{"payload": 1}]}'):
        yield visitor.ask("POST", system.address("exchange"), content=body, headers=JSON_TYPE)


def deep_json_is_refused(probe: Probe, found: Findings) -> None:
    """A body of deep nesting costs nothing and breaks nothing."""
    for name in ("exchange", "login_answer"):
        address = probe.system.address(name)
        came = probe.returning_visitor().ask("POST", address, content=DEEP.encode(), headers=JSON_TYPE)
        found.expect(came.is_refused and not LEAKS.search(came.text), came, "嵌套过深的 JSON 拒收（4xx）")


def entities_are_not_read(probe: Probe, found: Findings) -> None:
    """XML with entities is refused, and nothing of them comes back."""
    came = probe.visitor.ask(
        "POST",
        probe.system.address("exchange"),
        content=ENTITY.encode(),
        headers={"Content-Type": "application/xml"},
    )
    found.expect(came.is_refused and MARKER not in came.text, came, "带实体的 XML 拒收（4xx），不展开实体")


def pages_have_their_guards(probe: Probe, found: Findings) -> None:
    """The headers that keep a page from being framed, sniffed, or run with foreign scripts."""
    came = probe.read("list_page")
    policy = came.headers.get("content-security-policy", "")
    found.expect("default-src" in policy and "unsafe-eval" not in policy, came, "有 Content-Security-Policy")
    framed = came.headers.get("x-frame-options", "") in {"DENY", "SAMEORIGIN"} or "frame-ancestors" in policy
    found.expect(framed, came, "禁止被其他网站嵌入")
    found.expect(
        came.headers.get("x-content-type-options") == "nosniff", came, "X-Content-Type-Options: nosniff"
    )


def cookies_have_their_flags(probe: Probe, found: Findings) -> None:
    """No script reads them, no other site sends them, and over TLS they stay on TLS."""
    came = probe.read("login_challenge")
    wanted = ["httponly", "samesite", *(["secure"] if probe.url.startswith("https://") else [])]
    good = all(flag in cookie.lower() for cookie in came.cookies for flag in wanted)
    found.expect(bool(came.cookies) and good, came, f"会话 Cookie 带有 {'、'.join(wanted)}")


def acts_need_a_login(probe: Probe, found: Findings) -> None:
    """Nobody hands in or withdraws without proving who it is."""
    code = probe.tenders[0][0]["lots"][0]["code"]
    for name in ("hand_in", "withdraw"):
        came = probe.visitor.ask("POST", probe.system.address(name, code=code), json={})
        found.expect(came.status in {401, 403} and came.is_chinese, came, "未登录的操作拒绝（401 或 403）")


CHECKS = (
    Check("d09-login", "D9", "办理业务须先确认身份", "etendering/13", acts_need_a_login, (Need.TENDER,)),
    Check("d09-hostile-input", "D9", "异常输入不致出错", "etendering/13", hostile_input_is_refused_calmly),
    Check("d09-deep-json", "D9", "拒收嵌套过深的数据", "etendering/13", deep_json_is_refused),
    Check("d09-xml-entities", "D9", "不展开 XML 实体", "etendering/13", entities_are_not_read),
    Check("d09-headers", "D9", "页面安全响应头", "etendering/13", pages_have_their_guards),
    Check("d09-cookies", "D9", "会话 Cookie 的安全属性", "etendering/13", cookies_have_their_flags),
)
