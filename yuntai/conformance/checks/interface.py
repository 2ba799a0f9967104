"""D3, D5, D6: the interface is open and published, codes are those of the standard, anyone may read."""

import re

from pydantic import TypeAdapter, ValidationError

from yuntai.conformance.check import Check, Findings, Need
from yuntai.conformance.probe import Probe
from yuntai.conformance.wire import Answer
from yuntai.standard.fields import Code

PARAMETER = re.compile(r"\{[^}]*\}")
IN_DOCUMENT = ("tenders", "tender", "lot", "results", "upload", "hand_in", "withdraw")
FREE = "0.00"
CODE = TypeAdapter[str](Code)


def interface_is_open(probe: Probe, found: Findings) -> None:
    """The interface document is there without login, is OpenAPI, and has every operation that tools need."""
    answer = probe.read("interface")
    document = answer.document()
    found.expect(
        str(document.get("openapi", "")).startswith("3.") and bool(document.get("info")),
        answer,
        "不登录即可取得，格式为 OpenAPI 3",
    )
    published = {PARAMETER.sub("{}", path) for path in document.get("paths", {})}
    for name in IN_DOCUMENT:
        template = probe.system.addresses.get(name, "").removeprefix(probe.url)
        found.expect(PARAMETER.sub("{}", template) in published, answer, f"接口文档写明 {name}：{template}")


def exchange_interface_is_open(probe: Probe, found: Findings) -> None:
    """The door for messages is documented in the same way: any platform can be connected."""
    answer = probe.read("exchange_interface")
    paths = answer.document().get("paths", {})
    door = probe.system.address("exchange").removeprefix(probe.url)
    found.expect(door in paths and "post" in paths[door], answer, f"接口文档写明数据交换接口 {door}")


def codes_are_the_standard_s(probe: Probe, found: Findings) -> None:
    """Tenders and lots bear codes of the standard, each lot's begins with its tender's."""
    seen: set[str] = set()
    for tender, answer in probe.tenders:
        code, lots = str(tender.get("code")), [str(lot.get("code")) for lot in tender.get("lots", ())]
        good = all(map(_is_code, (code, *lots))) and code not in seen
        found.expect(good, answer, "招标项目和标段编号符合标准且不重复")
        found.expect(
            bool(lots) and all(lot.startswith(code) for lot in lots), answer, "标段编号以招标项目编号开头"
        )
        seen |= {code, *lots}


def _is_code(text: str) -> bool:
    try:
        CODE.validate_python(text)
    except ValidationError:
        return False
    return True


def public_reading_needs_no_login(probe: Probe, found: Findings) -> None:
    """List, tender and opening pages are there for anyone."""
    tender = probe.tenders[0][0]
    answers = [probe.read("list_page"), probe.read("tender_page", code=tender["code"])]
    answers += [probe.read("opening_page", code=lot["code"]) for lot in tender.get("lots", ())[:1]]
    for answer in answers:
        found.expect(answer.status == 200, answer, "不登录即可阅读（200，不转到登录页）")


def registration_is_free(probe: Probe, found: Findings) -> None:
    """Anyone may register, and it costs nothing."""
    said = probe.system.registration
    good = said.url.startswith(("https://", "http://")) and said.price_yuan == FREE
    found.expect(good, _description(probe), "写明注册登记的地址，费用为 0.00 元")


def _description(probe: Probe) -> Answer:
    return probe.visitor.get(f"{probe.url}/.well-known/trading-system.json")


CHECKS = (
    Check("d03-exchange-documented", "D3", "数据交换接口公开", "etendering/6", exchange_interface_is_open),
    Check("d05-interface-open", "D5", "投标工具接口公开、完整、不须登录", "etendering/8", interface_is_open),
    Check("d05-codes", "D5", "分类编码符合标准", "etendering/8", codes_are_the_standard_s, (Need.TENDER,)),
    Check(
        "d06-anonymous-reading",
        "D6",
        "应当公开的信息不登录即可查阅",
        "etendering/9",
        public_reading_needs_no_login,
        (Need.TENDER,),
    ),
    Check("d06-free-registration", "D6", "注册登记免费", "etendering/9", registration_is_free),
)
