"""D16: before the deadline nothing public tells how many bid or fetched the documents.

Every public answer is read, then the tester's bidder fetches the documents and hands in, then all is read
again: not a byte may differ, clocks and one-time tokens of forms aside.
"""

import re
from datetime import datetime, timedelta

from yuntai.conformance import bidder as bidders
from yuntai.conformance.check import Check, Findings, Need
from yuntai.conformance.probe import Probe
from yuntai.conformance.wire import Answer
from yuntai.law.days import SHANGHAI
from yuntai.trust import clock

JUST_NOW = timedelta(minutes=10)
TOKEN = re.compile(r'(name="csrf[\w-]*"\s+(?:content|value)=)"[^"]*"')
TIME_LEFT = re.compile(r"(?:还有|还剩|剩余|距[^<>]{0,10}?)\s*(?:\d+\s*(?:天|日|小时|时|分钟|分|秒)\s*)+")
INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ](?:周.\s*)?\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII
)


def masked(text: str, now: datetime) -> str:
    """Return `text` without what moves by itself: form tokens, the time left, clocks showing about `now`."""
    text = TIME_LEFT.sub("⟨剩余时间⟩", TOKEN.sub(r"\1⟨令牌⟩", text))
    return INSTANT.sub(lambda match: "⟨时钟⟩" if _is_clock(match.group(), now) else match.group(), text)


def _is_clock(text: str, now: datetime) -> bool:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return False
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=SHANGHAI)
    return abs(instant - now) < JUST_NOW


def nothing_tells_of_bids(probe: Probe, found: Findings) -> None:
    """Read all, fetch and hand in, read all again."""
    lot, session = probe.open_lot(), probe.session
    before = _public(probe, lot["tender_code"], lot["code"])
    tender = probe.read("tender", code=lot["tender_code"]).document()
    for document in tender.get("documents", ()):
        session.get(str(document["url"]))
    bid = bidders.seal_for(lot, probe.bidder)
    came = bidders.hand_in(session, probe.system, bid)
    after = _public(probe, lot["tender_code"], lot["code"])
    bidders.withdraw(session, probe.system, bid)
    found.expect(came.status < 300, came, "检测用投标人递交成功")
    now = clock.now()
    for ours, theirs in zip(before, after, strict=True):
        same = masked(ours.text, now) == masked(theirs.text, now)
        found.expect(same, theirs, "下载和递交前后，除时钟外逐字节相同")


def _public(probe: Probe, tender: str, lot: str) -> list[Answer]:
    names = ("tenders", "tender", "lot", "results", "list_page", "tender_page", "opening_page")
    return [probe.read(name, code=tender if name in {"tender", "tender_page"} else lot) for name in names]


CHECKS = (
    Check(
        "d16-secret-until-opening",
        "D16",
        "截止前不泄露下载、投标的名称和数量",
        "etendering/21",
        nothing_tells_of_bids,
        (Need.BIDDER, Need.OPEN_LOT),
    ),
)
