"""D14, D15: tender documents are listed with their hash, and anyone may fetch them at once."""

import hashlib
from collections.abc import Iterator
from typing import Any

from yuntai.conformance.check import Check, Findings, Need
from yuntai.conformance.probe import Probe
from yuntai.conformance.wire import Answer

MOST_DOCUMENTS = 5


def documents_match_their_hash(probe: Probe, found: Findings) -> None:
    """Every tender lists its documents; the bytes are those of the hash."""
    visitor = probe.returning_visitor()
    for tender, answer in probe.tenders:
        found.expect(bool(tender.get("documents")), answer, "列出招标文件的名称、SHA-256 和下载地址")
    for document, _ in _documents(probe):
        came = visitor.get(str(document.get("url")))
        got = hashlib.sha256(came.content).hexdigest()
        found.expect(got == document.get("sha256"), came, f"内容的 SHA-256 为 {document.get('sha256')}")


def download_has_no_condition(probe: Probe, found: Findings) -> None:
    """A client that was never here fetches a document at once."""
    for document, _ in _documents(probe):
        came = probe.visitor.get(str(document.get("url")))
        page = came.content_type.startswith("text/html")
        found.expect(came.status == 200 and not page, came, "不登录、不报名、不填写任何信息即可下载")


def _documents(probe: Probe) -> Iterator[tuple[dict[str, Any], Answer]]:
    listed = [(each, answer) for tender, answer in probe.tenders for each in tender.get("documents", ())]
    yield from listed[:MOST_DOCUMENTS]


CHECKS = (
    Check(
        "d14-documents",
        "D14",
        "招标文件可下载，内容与公布的摘要一致",
        "etendering/18",
        documents_match_their_hash,
        (Need.TENDER,),
    ),
    Check(
        "d15-no-condition",
        "D15",
        "下载招标文件没有前置条件",
        "etendering/20",
        download_has_no_condition,
        (Need.TENDER,),
    ),
)
