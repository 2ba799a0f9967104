"""D24, D25, D27: opened at the set time, all names and prices told, the record public and provable."""

from datetime import datetime
from typing import Any

from yuntai.conformance.check import Check, Findings, Need
from yuntai.conformance.probe import Probe
from yuntai.standard.canonical import NotCanonical, canonical
from yuntai.trust import merkle, signing
from yuntai.trust.base64url import from_base64url

LEAF = ("envelope_id", "part", "header_sha256", "body_sha256")


def opened_in_public_at_the_time(probe: Probe, found: Findings) -> None:
    """The opening came not before the deadline, and its page is for everyone."""
    for results, answer in probe.out("opening", Need.OPENED_LOT):
        lot = probe.read("lot", code=results["code"])
        due, opened = lot.document().get("bids_due_at"), results["opening"].get("opened_at")
        found.expect(_not_before(due, opened), answer, f"开标时间不早于投标截止时间 {due}")
        page = probe.read("opening_page", code=results["code"])
        found.expect(page.status == 200, page, "开标记录页不登录即可阅读")


def names_and_prices_of_all(probe: Probe, found: Findings) -> None:
    """As many bids as were closed; each opened one with name and price, each other one with the reason."""
    for results, answer in probe.out("opening", Need.OPENED_LOT):
        opening = results["opening"]
        bids, said = opening.get("bids") or [], (opening.get("close") or {}).get("statement") or {}
        found.expect(len(bids) == said.get("bids"), answer, "公布的份数与封标时签名的份数相同")
        found.expect(all(map(_is_told, bids)), answer, "公布全部投标人名称、报价；未解密的写明原因")


def record_is_provable(probe: Probe, found: Findings) -> None:
    """The root of the closed set is signed, follows from the leaves, and covers record and receipts."""
    for results, answer in probe.out("opening", Need.OPENED_LOT):
        opening = results["opening"]
        close, leaves = opening.get("close") or {}, opening.get("leaves") or []
        statement = close.get("statement") or {}
        found.expect(_is_signed(close, probe.system.key), answer, "封标声明的签名由公布的 signing_key 作出")
        found.expect(_root(leaves) == statement.get("root"), answer, "由各叶重新计算的树根与封标声明相同")
        closed = {(leaf.get("envelope_id"), leaf.get("header_sha256")) for leaf in leaves}
        opened = {bid.get("envelope_id") for bid in opening.get("bids") or []}
        found.expect(opened <= {name for name, _ in closed}, answer, "开标记录中的密封包都在封标集合内")
        for said in (receipt["statement"] for receipt in probe.given.receipts):
            if said["lot"] == results["code"]:
                named = (said["envelope_id"], said["header_sha256"])
                found.expect(named in closed, answer, f"回执 {named[0]} 所载的密封包在封标集合内")


def _not_before(due: object, opened: object) -> bool:
    try:
        return datetime.fromisoformat(str(opened)) >= datetime.fromisoformat(str(due))
    except (ValueError, TypeError):
        return False


def _is_told(bid: dict[str, Any]) -> bool:
    if bid.get("outcome") == "opened":
        return bool(bid.get("bidder_name") and bid.get("price_yuan"))
    return bool(bid.get("fault"))


def _is_signed(close: dict[str, Any], key: bytes) -> bool:
    try:
        return signing.is_valid(key, canonical(close["statement"]), from_base64url(close["signature"]))
    except (KeyError, TypeError, ValueError, NotCanonical):
        return False


def _root(leaves: list[dict[str, Any]]) -> str:
    known = [{name: str(leaf.get(name)) for name in LEAF} for leaf in leaves]
    known.sort(key=lambda leaf: (leaf["envelope_id"], leaf["part"]))
    return merkle.root([canonical(leaf) for leaf in known]).hex()


OPENED = (Need.OPENED_LOT,)
CHECKS = (
    Check("d24-public-opening", "D24", "按时公开开标", "etendering/29", opened_in_public_at_the_time, OPENED),
    Check("d25-all-told", "D25", "公布全部投标人和报价", "etendering/30", names_and_prices_of_all, OPENED),
    Check(
        "d27-record",
        "D27",
        "开标记录向社会公布，可以核对",
        "etendering/32",
        record_is_provable,
        OPENED,
    ),
)
