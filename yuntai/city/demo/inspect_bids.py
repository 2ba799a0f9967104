"""Holds bids, openings, rankings and candidates of a finished play against what is kept and published."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from yuntai.bidtool import published_lot
from yuntai.city.demo.checks import Check, bids, check, endings, openings, rankings
from yuntai.city.demo.findings import Findings, NotThere
from yuntai.city.demo.played import CLOSED, CONTRACTED, EVALUATED, FAILED, OPENED, PlayedTender
from yuntai.standard.messages import (
    CandidatesPublished,
    LotEnded,
    OpeningRecorded,
    TenderEnded,
    TenderRegistered,
)


def bid_checks(findings: Findings) -> Iterator[Check]:
    """Yield the checks, in the order a reader would ask."""
    played = findings.played
    handed_in = [bid for tender in played.tenders for bid in tender.acknowledged]
    yield check(
        "每份回执都由交易系统签名，并与投标文件相符",
        f"{len(handed_in)} 份回执",
        bids.receipt_faults(handed_in, findings.system_key),
    )
    acknowledged = [each for tender in played.tenders for each in bids.acknowledged_of(tender)]
    yield check(
        "出具过回执的投标文件都在库中，各一份",
        f"{len(acknowledged)} 份投标文件",
        bids.envelope_faults(acknowledged, findings.evidence.envelopes),
    )
    closed, opened, evaluated = (played.that(reached) for reached in (CLOSED, OPENED, EVALUATED))
    yield _each("封标集合恰为截止时有效的投标文件，可以重算", "个标段", findings, closed, _closed_set_faults)
    yield _each("用开标记录的密钥离线重开，报价与公布的一致", "个标段", findings, opened, _opening_faults)
    yield _each("由公布的报价和评标办法重算，得分名次一致", "个标段", findings, evaluated, _ranking_faults)
    yield _each(
        "公共服务平台公布的中标候选人与交易系统的一致", "个标段", findings, evaluated, _candidate_faults
    )
    ended = [*played.that(CONTRACTED), *played.that(FAILED)]
    yield _each("每个标段各有结局，签合同的完成、投标不足的流标", "个标段", findings, ended, _ending_faults)


Faults = Callable[[Findings, PlayedTender], Iterator[str]]


def _each(name: str, unit: str, findings: Findings, tenders: list[PlayedTender], faults: Faults) -> Check:
    found: list[str] = []
    for tender in tenders:
        try:
            found += faults(findings, tender)
        except (NotThere, KeyError) as error:
            found.append(str(error) if isinstance(error, NotThere) else f"{tender.lot_code} 在库中没有记录")
    return check(name, f"{len(tenders)} {unit}", found)


def _closed_set_faults(findings: Findings, tender: PlayedTender) -> Iterator[str]:
    yield from bids.closed_set_faults(tender, findings.evidence.closed[tender.lot_code], findings.system_key)


def _opening_faults(findings: Findings, tender: PlayedTender) -> Iterator[str]:
    visitor = findings.cast.visitor(findings.cast.trading)
    yield from openings.opening_faults(
        tender,
        findings.evidence.opened[tender.lot_code],
        findings.shown(tender, OpeningRecorded),
        published_lot(visitor, tender.lot_code).holder_keys,
    )


def _ranking_faults(findings: Findings, tender: PlayedTender) -> Iterator[str]:
    result = rankings.computed_again(
        findings.shown(tender, OpeningRecorded),
        findings.shown(tender, CandidatesPublished),
        _ceiling(findings, tender),
    )
    yield from rankings.ranking_faults(tender, result, findings.evidence.scores[tender.lot_code])


def _candidate_faults(findings: Findings, tender: PlayedTender) -> Iterator[str]:
    shown = findings.shown(tender, CandidatesPublished)
    result = rankings.computed_again(
        findings.shown(tender, OpeningRecorded), shown, _ceiling(findings, tender)
    )
    kept = findings.evidence.candidates[tender.lot_code]
    yield from rankings.candidate_faults(tender, result, shown, kept)


def _ending_faults(findings: Findings, tender: PlayedTender) -> Iterator[str]:
    beside = [each for each in findings.played.tenders if each.tender_code == tender.tender_code]
    lot, whole = findings.shown(tender, LotEnded), findings.shown(tender, TenderEnded)
    yield from endings.ending_faults(tender, beside, lot, whole)


def _ceiling(findings: Findings, tender: PlayedTender) -> Decimal | None:
    """Return the lot's ceiling as published: what anyone would compute with."""
    lots = findings.shown(tender, TenderRegistered).lots
    return next(lot.ceiling_price_yuan for lot in lots if lot.lot_code == tender.lot_code)
