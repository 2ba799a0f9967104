"""What the trading system keeps of the played tenders, as plain values; read once, after the play."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg

from yuntai.city.demo.databases import Row, rows


@dataclass(frozen=True)
class Envelope:
    """A stored envelope."""

    lot_code: str
    envelope_id: str
    header_sha256: str
    is_withdrawn: bool


@dataclass(frozen=True)
class ClosedSet:
    """A closed set of bids.  count: of bids.  act_headers: of the sealed acts that belong to it."""

    count: int
    root: str
    statement: dict[str, Any]
    signature: str
    act_headers: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class OpenedBid:
    """A line of the opening record.  key: content key, hex, "" when it did not open."""

    outcome: str
    key: str


@dataclass(frozen=True)
class Score:
    """A line of the evaluation report."""

    bidder_code: str
    price_yuan: Decimal
    points: Decimal | None
    rank: int | None


@dataclass(frozen=True)
class Candidate:
    """An award candidate."""

    rank: int
    bidder_code: str
    price_yuan: Decimal
    points: Decimal


@dataclass(frozen=True)
class Evidence:
    """By lot code, except the envelopes.  opened: by lot, then by envelope."""

    envelopes: Sequence[Envelope]
    closed: Mapping[str, ClosedSet]
    opened: Mapping[str, Mapping[str, OpenedBid]]
    scores: Mapping[str, Sequence[Score]]
    candidates: Mapping[str, Sequence[Candidate]]


def read_evidence(trading: psycopg.Connection[Row], lots: Sequence[str]) -> Evidence:
    """Read what the database keeps of these lots."""
    codes = [list(lots)]
    return Evidence(
        envelopes=_envelopes(trading, codes),
        closed=_closed(trading, codes),
        opened=_opened(trading, codes),
        scores=_by_lot(rows(trading, SCORES, codes), lambda row: Score(*row[1:])),
        candidates=_by_lot(rows(trading, CANDIDATES, codes), lambda row: Candidate(*row[1:])),
    )


ENVELOPES = """
    SELECT lot.code, envelope.envelope_id, envelope.header_sha256, envelope.withdrawn_at IS NOT NULL
    FROM bids_envelope envelope JOIN tenders_lot lot ON lot.id = envelope.lot_id WHERE lot.code = ANY(%s)
"""
CLOSED = """
    SELECT lot.code, closed.count, closed.root, closed.statement, closed.signature,
           (SELECT coalesce(json_agg(act.header), '[]') FROM bids_sealedact act WHERE act.lot_id = lot.id)
    FROM opening_bidsetclose closed JOIN tenders_lot lot ON lot.id = closed.lot_id WHERE lot.code = ANY(%s)
"""
OPENED = """
    SELECT lot.code, envelope.envelope_id, bid.outcome, bid.key
    FROM opening_openedbid bid JOIN bids_envelope envelope ON envelope.id = bid.envelope_id
    JOIN tenders_lot lot ON lot.id = envelope.lot_id WHERE lot.code = ANY(%s)
"""
SCORES = """
    SELECT lot.code, score.bidder_code, score.price_yuan, score.points, score.rank
    FROM evaluating_score score JOIN evaluating_evaluation report ON report.id = score.evaluation_id
    JOIN tenders_lot lot ON lot.id = report.lot_id WHERE lot.code = ANY(%s)
"""
CANDIDATES = """
    SELECT lot.code, candidate.rank, candidate.bidder_code, candidate.price_yuan, candidate.points
    FROM awards_candidate candidate JOIN awards_standstill standstill
      ON standstill.id = candidate.standstill_id
    JOIN tenders_lot lot ON lot.id = standstill.lot_id WHERE lot.code = ANY(%s) ORDER BY candidate.rank
"""


def _envelopes(trading: psycopg.Connection[Row], codes: Sequence[Any]) -> list[Envelope]:
    return [Envelope(*row) for row in rows(trading, ENVELOPES, codes)]


def _closed(trading: psycopg.Connection[Row], codes: Sequence[Any]) -> dict[str, ClosedSet]:
    return {
        lot_code: ClosedSet(count, root, statement, signature, tuple(act_headers))
        for lot_code, count, root, statement, signature, act_headers in rows(trading, CLOSED, codes)
    }


def _opened(trading: psycopg.Connection[Row], codes: Sequence[Any]) -> dict[str, dict[str, OpenedBid]]:
    opened: dict[str, dict[str, OpenedBid]] = {}
    for lot_code, envelope_id, outcome, key in rows(trading, OPENED, codes):
        opened.setdefault(lot_code, {})[envelope_id] = OpenedBid(outcome, key)
    return opened


def _by_lot(found: Sequence[Row], make: Any) -> dict[str, list[Any]]:
    sorted_in: dict[str, list[Any]] = {}
    for row in found:
        sorted_in.setdefault(row[0], []).append(make(row))
    return sorted_in
