"""D30, D31: candidates and the award are published."""

from datetime import datetime, timedelta

from yuntai.conformance.check import Check, Findings, Need
from yuntai.conformance.probe import Probe

MOST_CANDIDATES = 3
LEAST_STANDSTILL = timedelta(days=3)


def candidates_are_published(probe: Probe, found: Findings) -> None:
    """At most three, ranked, each with name and price; the standstill lasts three days or more."""
    for results, answer in probe.out("candidates", Need.CANDIDATES):
        said = results["candidates"]
        listed = said.get("candidates") or []
        ranked = [each.get("rank") for each in listed] == list(range(1, len(listed) + 1))
        found.expect(
            ranked and 1 <= len(listed) <= MOST_CANDIDATES, answer, "公示 1 至 3 名中标候选人，标明排序"
        )
        named = all(each.get("bidder_name") and each.get("price_yuan") for each in listed)
        found.expect(named, answer, "写明各候选人名称和报价")
        found.expect(_lasts(said.get("opens_at"), said.get("closes_at")), answer, "公示期不少于 3 日")


def award_is_published(probe: Probe, found: Findings) -> None:
    """The supplier with name and amount."""
    for results, answer in probe.out("award", Need.AWARD):
        said = results["award"]
        good = bool(said.get("supplier_name") and said.get("price_yuan") and said.get("awarded_at"))
        found.expect(good, answer, "公布中标人名称、中标金额和时间")


def _lasts(opens: object, closes: object) -> bool:
    try:
        return datetime.fromisoformat(str(closes)) - datetime.fromisoformat(str(opens)) >= LEAST_STANDSTILL
    except (ValueError, TypeError):
        return False


CHECKS = (
    Check(
        "d30-candidates",
        "D30",
        "公示中标候选人",
        "etendering/35",
        candidates_are_published,
        (Need.CANDIDATES,),
    ),
    Check("d31-award", "D31", "公布中标结果", "etendering/36", award_is_published, (Need.AWARD,)),
)
