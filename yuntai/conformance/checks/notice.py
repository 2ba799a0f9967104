"""D8, D13, D35: who runs the system, and what each notice must tell."""

from collections.abc import Iterator
from typing import Any

from yuntai.conformance.check import Check, Findings, Need
from yuntai.conformance.description import PATH
from yuntai.conformance.probe import Probe
from yuntai.standard.identifiers import credit_code

# A fact that the interface leaves "" must stand in the text of the notice, under one of these words.
FACTS = {
    ("initiator", "name"): ("招标人",),
    ("initiator", "address"): ("地址",),
    ("initiator", "contact"): ("联系",),
    ("project", "name"): ("项目名称",),
    ("project", "scope"): ("内容", "范围"),
    ("project", "scale"): ("规模",),
    ("project", "funds"): ("资金来源",),
    ("project", "technical_needs"): ("技术要求",),
}
AGENCY = {("agency", "name"): ("代理机构",), ("agency", "contact"): ("联系",)}


def operator_is_named(probe: Probe, found: Findings) -> None:
    """The operator is a legal person with a name and somebody to turn to."""
    operator = probe.system.operator
    answer = probe.visitor.get(probe.url + PATH)
    found.expect(credit_code.is_valid(operator.code), answer, "运营机构的统一社会信用代码有效")
    found.expect(bool(operator.name and operator.contact), answer, "写明运营机构名称和联系方式")


def notices_are_complete(probe: Probe, found: Findings) -> None:
    """Each notice tells of the initiator, the project and the agency what article 41 asks."""
    for tender, answer in probe.tenders:
        missing = list(_missing(tender.get("notice") or {}))
        expected = "公告写全招标人、项目、代理机构的法定要素"
        found.expect(not missing, answer, f"{expected}；缺 {'、'.join(missing)}" if missing else expected)


def _missing(notice: dict[str, Any]) -> Iterator[str]:
    wanted = FACTS | (AGENCY if notice.get("agency") else {})
    text = str(notice.get("text", ""))
    for (part, name), words in wanted.items():
        said = (notice.get(part) or {}).get(name)
        if not said and not any(word in text for word in words):
            yield f"{part}.{name}"


def notice_says_where(probe: Probe, found: Findings) -> None:
    """The text names the address at which documents are fetched and bids handed in."""
    for tender, answer in probe.tenders:
        address = str(tender.get("url", ""))
        good = address.startswith(probe.url) and address in str((tender.get("notice") or {}).get("text"))
        found.expect(good, answer, "公告正文写明获取招标文件和递交投标文件的网络地址")


CHECKS = (
    Check("d08-operator", "D8", "公布运营机构和联系方式", "etendering/11", operator_is_named),
    Check("d13-address", "D13", "公告载明网络地址", "etendering/17", notice_says_where, (Need.TENDER,)),
    Check("d35-notice-facts", "D35", "公告要素齐全", "etendering/41", notices_are_complete, (Need.TENDER,)),
)
