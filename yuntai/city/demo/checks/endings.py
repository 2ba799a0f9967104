"""Endings: each lot ended by itself, and its tender as the best of its lots."""

from collections.abc import Iterator, Sequence

from yuntai.city.demo.played import CONTRACTED, FAILED, PlayedTender
from yuntai.standard.messages import LotEnded, TenderEnded

COMPLETE, UNSUCCESSFUL = "complete", "unsuccessful"


def ending_faults(
    tender: PlayedTender, beside: Sequence[PlayedTender], of_lot: LotEnded, of_tender: TenderEnded
) -> Iterator[str]:
    """Yield a sentence when a lot or its tender was published to have ended otherwise than it was played.

    beside: all lots of the tender.
    """
    expected = UNSUCCESSFUL if FAILED in tender.reached else COMPLETE
    if of_lot.final_status != expected:
        yield f"{tender.lot_code} 公布的结局是 {of_lot.final_status}，应为 {expected}"
    whole = COMPLETE if any(CONTRACTED in each.reached for each in beside) else UNSUCCESSFUL
    if of_tender.final_status != whole:
        yield f"{tender.tender_code} 公布的结局是 {of_tender.final_status}，应为 {whole}"
