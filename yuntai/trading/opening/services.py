"""Acts of the opening: fix the set at the deadline, collect the holders' shares, open and record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, write_entry
from yuntai.kernel.errors import DomainError
from yuntai.kernel.outbox.services import publish
from yuntai.procedures.vocabulary import Milestone
from yuntai.trading.bids.queries import sealed_acts, standing_envelopes
from yuntai.trading.bids.receipts import signed
from yuntai.trading.opening import telling
from yuntai.trading.opening.models import BidSetClose, OpenedBid, Opening, Outcome, ShareRelease
from yuntai.trading.opening.queries import closed_headers
from yuntai.trading.opening.unsealing import Material, RevealedAct, UnsealedBid, unseal_acts, unseal_bids
from yuntai.trading.tenders.models import FinalStatus, Lot
from yuntai.trading.tenders.queries import holder_keys, locked_lot, lot, require_running
from yuntai.trading.tenders.running import end_lot, reach
from yuntai.trust import merkle
from yuntai.trust.sealing import THRESHOLD, Header

# A request that had arrived before the deadline may still be on its way to the database.
SETTLING = timedelta(seconds=3)


class WrongRelease(DomainError):
    """A holder's release is not for the closed set of this lot."""

    code = "wrong-release"


def close_bidding(*, lot_code: str, now: datetime) -> BidSetClose | None:
    """Fix the set of bids at the deadline; with too few the lot ends as unsuccessful and nothing is opened.

    The caller makes sure that `now` is at least SETTLING after the deadline.  None when closed before.
    """
    with transaction.atomic():
        its_lot = locked_lot(lot_code)
        if BidSetClose.objects.filter(lot=its_lot).exists():
            return None
        require_running(its_lot)
        envelopes = standing_envelopes(its_lot)
        close = _store_close(its_lot, len(envelopes), now)
        system = Caller.system(settings.SYSTEM_CODE)
        record(caller=system, act="close-bidding", subject=close, before="", now=now)
        fewest = its_lot.tender.procedure.minimum_bids
        if len(envelopes) < fewest.bids:
            end_lot(
                its_lot,
                FinalStatus.UNSUCCESSFUL,
                reason=f"投标人 {len(envelopes)} 家，少于 {fewest.bids} 家，不予开标",
                clause=fewest.clause,
                caller=system,
                now=now,
            )
        else:
            its_lot.next_due_at = None  # the holders' shares make it due again
            its_lot.save()
    return close


def _store_close(its_lot: Lot, bids: int, now: datetime) -> BidSetClose:
    headers = [Header.from_json(header) for header in closed_headers(its_lot)]
    root = merkle.root(merkle.bid_set_leaves(headers)).hex()
    statement = {
        "lot": its_lot.code,
        "tender": its_lot.tender.code,
        "count": len(headers),
        "bids": bids,
        "root": root,
        "closed_at": now.isoformat().replace("+00:00", "Z"),
    }
    return BidSetClose.objects.create(
        lot=its_lot,
        closed_at=now,
        count=bids,
        root=root,
        statement=statement,
        signature=signed(statement)["signature"],
    )


def take_release(
    *, lot_code: str, letter: str, statement: dict[str, Any], signature: str, now: datetime
) -> ShareRelease:
    """Take in one holder's shares; its signature was checked before.  A second delivery changes nothing.

    :raises WrongRelease: the lot is not closed, or the statement names another set.
    """
    with transaction.atomic():
        its_lot = locked_lot(lot_code)
        close = BidSetClose.objects.filter(lot=its_lot).first()
        if close is None or statement.get("root") != close.root:
            raise WrongRelease(f"{lot_code} 尚未封标，或份额不是为这一封标集合给出的。")
        known = ShareRelease.objects.filter(lot=its_lot, letter=letter).first()
        if known is not None:
            return known
        release = ShareRelease.objects.create(
            lot=its_lot, letter=letter, statement=statement, signature=signature, received_at=now
        )
        if ShareRelease.objects.filter(lot=its_lot).count() >= THRESHOLD:
            its_lot.next_due_at = now  # the worker opens
            its_lot.save()
        caller = Caller.system(f"holder-{letter}")
        record(caller=caller, act="release-shares", subject=release, before="", now=now)
    return release


@dataclass(frozen=True)
class _Result:
    bids: list[UnsealedBid]
    acts: list[RevealedAct]
    letters: str


def open_bids(*, lot_code: str, now: datetime) -> Opening | None:
    """Open every bid of a closed lot and publish the opening record; None while shares are missing.

    Decrypting happens before the transaction: envelopes and releases no longer change once the set is closed.
    """
    its_lot = lot(lot_code)
    releases = {each.letter: each.statement["shares"] for each in its_lot.share_releases.all()}
    if len(releases) < THRESHOLD or Opening.objects.filter(lot=its_lot).exists():
        return None
    material = Material(its_lot, releases, holder_keys(its_lot))
    result = _Result(
        unseal_bids(material, standing_envelopes(its_lot)),
        unseal_acts(material, sealed_acts(its_lot)),
        "".join(sorted(releases)),
    )
    with transaction.atomic():
        its_lot = locked_lot(lot_code)
        if Opening.objects.filter(lot=its_lot).exists():
            return None
        require_running(its_lot)
        opening = _store(its_lot, result, now)
        reach(its_lot, Milestone.OPENED, now)
        its_lot.next_due_at = None
        its_lot.save()
        _reveal(result.acts, now)
        system = Caller.system(settings.SYSTEM_CODE)
        record(
            caller=system,
            act="open-bids",
            subject=opening,
            before="",
            now=now,
            detail={"letters": result.letters, "bids": len(result.bids)},
        )
        publish(telling.opening_recorded(opening, now=now), now=now)
        _end_if_too_few(its_lot, result.bids, system, now)
    return opening


def _store(its_lot: Lot, result: _Result, now: datetime) -> Opening:
    opening = Opening.objects.create(
        lot=its_lot,
        opened_at=now,
        letters=result.letters,
        holder_faults={
            bid.envelope.envelope_id: bid.holder_faults for bid in result.bids if bid.holder_faults
        },
    )
    OpenedBid.objects.bulk_create(bid.to_row(opening) for bid in result.bids)
    return opening


def _reveal(acts: list[RevealedAct], now: datetime) -> None:
    """Write the sealed acts into the audit trail in clear; their commitments have stood there before."""
    for act in acts:
        write_entry(
            caller=act.caller,
            act=f"reveal-{act.act}",
            object_type="bids.envelope",
            object_id=act.envelope_id,
            now=now,
            detail={"commitment": act.commitment, "at": act.at},
        )


def _end_if_too_few(its_lot: Lot, bids: list[UnsealedBid], caller: Caller, now: datetime) -> None:
    opened = sum(bid.outcome is Outcome.OPENED for bid in bids)
    if opened == 0:
        end_lot(
            its_lot,
            FinalStatus.UNSUCCESSFUL,
            reason="没有可以解密的投标文件",
            clause="etendering/31",
            caller=caller,
            now=now,
        )
