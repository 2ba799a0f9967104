"""The check of endings tells lots of one tender apart."""

from dataclasses import replace

import pytest

from yuntai.city.demo.checks.endings import COMPLETE, UNSUCCESSFUL, ending_faults
from yuntai.city.demo.findings import Findings, NotThere
from yuntai.city.demo.played import CONTRACTED, FAILED, Played, PlayedTender
from yuntai.city.demo.portal import Published
from yuntai.city.demo.tests.sealed import LOT, NOW, TENDER, scene
from yuntai.standard.messages import LotEnded, Message, TenderEnded

SECOND = "E3207000001000001001002"


@pytest.fixture
def lots() -> list[PlayedTender]:
    two = replace(scene(), lots=2)
    return [
        PlayedTender(two, TENDER, LOT, NOW, 1, reached={CONTRACTED}),
        PlayedTender(two, TENDER, SECOND, NOW, 2, reached={FAILED}),
    ]


def lot_ended(code: str, status: str) -> LotEnded:
    facts = {"occurred_at": NOW, "lot_code": code, "tender_code": TENDER, "final_status": status}
    return LotEnded.model_validate(facts | {"reason": ""})


def tender_ended(status: str) -> TenderEnded:
    facts = {"occurred_at": NOW, "tender_code": TENDER, "final_status": status, "reason": ""}
    return TenderEnded.model_validate(facts)


def faults(lots: list[PlayedTender], number: int, of_lot: str, of_tender: str) -> list[str]:
    lot = lots[number - 1]
    return list(ending_faults(lot, lots, lot_ended(lot.lot_code, of_lot), tender_ended(of_tender)))


def test_a_contract_makes_the_tender_complete(lots: list[PlayedTender]) -> None:
    assert faults(lots, 1, COMPLETE, COMPLETE) == []
    assert faults(lots, 2, UNSUCCESSFUL, COMPLETE) == []
    assert faults(lots[1:], 1, UNSUCCESSFUL, UNSUCCESSFUL) == []


def test_names_the_lot_and_the_tender_that_ended_otherwise(lots: list[PlayedTender]) -> None:
    assert faults(lots, 2, COMPLETE, COMPLETE) == [f"{SECOND} 公布的结局是 complete，应为 unsuccessful"]
    assert faults(lots, 1, COMPLETE, UNSUCCESSFUL) == [f"{TENDER} 公布的结局是 unsuccessful，应为 complete"]


def test_a_message_of_one_lot_is_not_taken_for_the_others(lots: list[PlayedTender]) -> None:
    messages: list[Message] = [
        lot_ended(LOT, COMPLETE),
        lot_ended(SECOND, UNSUCCESSFUL),
        tender_ended(COMPLETE),
    ]
    portal = {TENDER: Published(messages)}
    findings = Findings(None, Played(lots), b"", (0, 0), None, portal)  # type: ignore[arg-type]

    assert [findings.shown(lot, LotEnded).final_status for lot in lots] == [COMPLETE, UNSUCCESSFUL]
    assert findings.shown(lots[1], TenderEnded).final_status == COMPLETE
    portal[TENDER] = Published(messages[:1])
    with pytest.raises(NotThere, match=SECOND):
        findings.shown(lots[1], LotEnded)
    assert findings.played.codes() == [TENDER]
