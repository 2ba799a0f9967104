"""The planted faults: at least one for each check of the conformance suite."""

from typing import Any

from yuntai.trading.tests import conformance_faults as faults
from yuntai.trading.tests.conformance_faults import (
    ABOUT,
    DOCUMENT,
    HAND_IN,
    LOT,
    MESSAGES,
    RESULTS,
    TENDER,
    TENDER_PAGE,
    TENDERS,
    WITHDRAW,
    Fault,
    answers,
    edits,
    is_at,
    posts,
    replaces,
    said,
)

PAST_DAY = "2026-03-22"


def _set(*path: str, to: Any) -> Any:
    """Return an edit that sets a value deep inside; parts of the path that are not there change nothing."""

    def edit(document: Any) -> None:
        for name in path[:-1]:
            document = document[int(name) if name.isdecimal() else name]
            if document is None:
                return
        document[int(path[-1]) if path[-1].isdecimal() else path[-1]] = to

    return edit


def _without_path(path: str) -> Any:
    return lambda document: document["paths"].pop(path)


def _in_notice(old: str, new: str = "") -> Any:
    def edit(document: dict[str, Any]) -> None:
        document["notice"]["text"] = document["notice"]["text"].replace(old, new)

    return edit


def _address_left_out(document: dict[str, Any]) -> None:
    document["notice"]["text"] = document["notice"]["text"].replace(document["url"], "网上")


def _foreign_code(document: dict[str, Any]) -> None:
    if document["lots"] and document["bids_due_at"].startswith(PAST_DAY):
        document["code"] = "工程（1）"


def _for_members(request: Any, send: Any) -> Any:
    answer = send(request)
    if is_at(request, TENDERS) and "cookie" in request.headers:
        return faults.rewritten(answer, answer.content.replace(b'"total"', b'"members_only": 1, "total"'))
    return answer


class _Late:
    """Knows which lots are past their deadline, from what the system says of them."""

    def __init__(self) -> None:
        self.codes: set[str] = set()

    def __call__(self, request: Any, send: Any) -> Any:
        if is_at(request, HAND_IN, "POST") and request.url.path.split("/")[-2] in self.codes:
            return said(201, {})
        answer = send(request)
        if is_at(request, LOT) and answer.json()["bids_due_at"].startswith(PAST_DAY):
            self.codes.add(answer.json()["code"])
        return answer


FAULTS = (
    Fault(
        "门未写入接口文档",
        "d03-exchange-documented",
        edits(r"/exchange/v1/openapi\.json", _without_path("/exchange/v1/messages")),
    ),
    Fault(
        "递交接口不公开",
        "d05-interface-open",
        edits(r"/api/v1/openapi\.json", _without_path("/api/v1/lots/{code}/bids")),
    ),
    Fault("接口文档须登录", "d05-interface-open", faults.login_demanded(r"/api/v1/openapi\.json")),
    Fault("编号不合标准", "d05-codes", edits(TENDER, _foreign_code)),
    Fault("阅读须登录", "d06-anonymous-reading", faults.login_demanded(TENDER_PAGE)),
    Fault("注册收费", "d06-free-registration", edits(ABOUT, _set("registration", "price_yuan", to="200.00"))),
    Fault(
        "不登录可递交",
        "d09-login",
        answers(
            lambda request: is_at(request, HAND_IN, "POST") and "cookie" not in request.headers,
            lambda: said(201, {}),
        ),
    ),
    Fault(
        "异常输入露出程序错误",
        "d09-hostile-input",
        answers(
            lambda request: b"page=abc" in request.url.query,
            lambda: said(500, "Traceback (most recent call last)", "text/plain"),
        ),
    ),
    Fault(
        "英文框架提示",
        "d09-hostile-input",
        answers(
            lambda request: b"page=abc" in request.url.query,
            lambda: said(422, {"detail": "参数有误：Input should be a valid integer"}),
        ),
    ),
    Fault("嵌套过深也收", "d09-deep-json", answers(posts(MESSAGES, b"[" * 1000), lambda: said(200, {}))),
    Fault(
        "展开实体",
        "d09-xml-entities",
        answers(
            posts(MESSAGES, b"<!DOCTYPE"), lambda: said(400, {"detail": "不认识 conformance-entity-expanded"})
        ),
    ),
    Fault("没有 CSP", "d09-headers", faults.without_header("/", "content-security-policy")),
    Fault("没有 nosniff", "d09-headers", faults.without_header("/", "x-content-type-options")),
    Fault("脚本可读 Cookie", "d09-cookies", lambda: faults.flags_left_out),
    Fault("冒名也收", "d10-forged", answers(posts(MESSAGES, b"conformance-nobody"), lambda: said(200, {}))),
    Fault(
        "改动也收", "d10-altered", answers(posts(MESSAGES, "被改动的名称".encode()), lambda: said(200, {}))
    ),
    Fault("重复另给回执", "d37-door", faults.another_receipt_for_a_repetition),
    Fault("未知类型也收", "d37-door", replaces(MESSAGES, b'"rejected"', b'"received"', "POST")),
    Fault("交换回执无签名", "d40-receipts", edits(MESSAGES, _set("signature", to=""), "POST")),
    Fault("工具收费", "d12-tools", edits(ABOUT, _set("bid_tools", "0", "price_yuan", to="600.00"))),
    Fault("不公布收费", "d12-fees", edits(ABOUT, _set("fees", to=[]))),
    Fault("会员看得更多", "d45-same-answer", lambda: _for_members),
    Fault("无联系方式", "d08-operator", edits(ABOUT, _set("operator", "contact", to=""))),
    Fault(
        "运营机构代码无效", "d08-operator", edits(ABOUT, _set("operator", "code", to="91320700MA0000000X"))
    ),
    Fault("公告无网址", "d13-address", edits(TENDER, _address_left_out)),
    Fault("公告无资金来源", "d35-notice-facts", edits(TENDER, _in_notice("资金来源"))),
    Fault("公告无招标人", "d35-notice-facts", edits(TENDER, _set("notice", "project", "name", to=""))),
    Fault("文件被改", "d14-documents", replaces(DOCUMENT, b"test", b"tesT")),
    Fault("不列文件", "d14-documents", edits(TENDER, _set("documents", to=[]))),
    Fault("下载须登录", "d15-no-condition", faults.login_demanded(DOCUMENT)),
    Fault(
        "接口透露投标数",
        "d16-secret-until-opening",
        faults.counting(LOT, HAND_IN, "POST", faults.number_field),
    ),
    Fault(
        "接口透露下载数",
        "d16-secret-until-opening",
        faults.counting(TENDER, DOCUMENT, "GET", faults.number_field),
    ),
    Fault(
        "页面透露投标数",
        "d16-secret-until-opening",
        faults.counting(TENDER_PAGE, HAND_IN, "POST", faults.number_on_page),
    ),
    Fault("未加密也收", "d20-plain-refused", answers(posts(HAND_IN, b"encrypted"), lambda: said(201, {}))),
    Fault(
        "拒收不说明",
        "d20-plain-refused",
        answers(posts(HAND_IN, b"encrypted"), lambda: said(422, {"detail": "rejected"})),
    ),
    Fault("逾期也收", "d21-late-refused", _Late),
    Fault("不许撤回", "d21-replaced", faults.says_no(WITHDRAW)),
    Fault("回执无签名", "d22-receipt", edits(HAND_IN, _set("signature", to=""), "POST")),
    Fault(
        "回执摘要不符", "d22-receipt", edits(HAND_IN, _set("statement", "body_sha256", to="00" * 32), "POST")
    ),
    Fault(
        "提前开标",
        "d24-public-opening",
        edits(RESULTS, _set("opening", "opened_at", to="2026-03-21T00:00:00Z")),
    ),
    Fault("不公布名称", "d25-all-told", edits(RESULTS, _set("opening", "bids", "0", "bidder_name", to=""))),
    Fault(
        "少公布一家",
        "d25-all-told",
        edits(RESULTS, lambda document: document["opening"] and document["opening"]["bids"].pop()),
    ),
    Fault(
        "封标集合被改",
        "d27-record",
        edits(RESULTS, _set("opening", "leaves", "0", "body_sha256", to="00" * 32)),
    ),
    Fault(
        "封标声明被改",
        "d27-record",
        edits(RESULTS, _set("opening", "close", "statement", "closed_at", to="2026-03-22T01:00:00Z")),
    ),
    Fault(
        "候选人无报价",
        "d30-candidates",
        edits(RESULTS, _set("candidates", "candidates", "0", "price_yuan", to="")),
    ),
    Fault(
        "公示期不足",
        "d30-candidates",
        edits(RESULTS, _set("candidates", "closes_at", to="2026-03-24T00:00:00Z")),
    ),
    Fault("不公布中标金额", "d31-award", edits(RESULTS, _set("award", "price_yuan", to=""))),
)
