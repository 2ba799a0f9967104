"""Acts of the opening: fix the set at the deadline, collect the holders' shares, open and record."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of, write_entry
from yuntai.kernel.errors import DomainError
from yuntai.kernel.outbox.services import publish
from yuntai.procedures.vocabulary import Milestone
from yuntai.trading.bids.queries import standing_envelopes
from yuntai.trading.bids.receipts import signed
from yuntai.trading.opening import telling
from yuntai.trading.opening.attempt import Attempt, try_to_open
from yuntai.trading.opening.models import (
    BidSetClose,
    FailedOpening,
    OpenedBid,
    Opening,
    Outcome,
    ShareRelease,
    StaysSealed,
)
from yuntai.trading.opening.queries import (
    close_of,
    closed_headers,
    last_failure,
    opening_of,
    standing_releases,
)
from yuntai.trading.opening.unsealing import RevealedAct, misfits
from yuntai.trading.tenders.models import FinalStatus, Lot
from yuntai.trading.tenders.queries import locked_lot, lot, require_running
from yuntai.trading.tenders.running import end_lot, reach
from yuntai.trust import merkle
from yuntai.trust.sealing import THRESHOLD, Header

# A request that had arrived before the deadline may still be on its way to the database.
SETTLING = timedelta(seconds=3)
# What mends a lot that nothing opens, a restored file or row, comes without a message.
LOOK_AGAIN = timedelta(minutes=10)


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
    """Take in one holder's shares and judge them; its signature was checked before.

    A second delivery changes nothing, with one exception: while the lot is sealed, a holder some of whose
    shares do not fit may release others, which then stand.  A statement that came before changes nothing even
    then, so a recorded one cannot push out the shares that mended it.

    :raises WrongRelease: the lot is not closed, has ended or is open, or the statement names another set.
    """
    with transaction.atomic():
        its_lot = locked_lot(lot_code)
        close = BidSetClose.objects.filter(lot=its_lot).first()
        if close is None or statement.get("root") != close.root:
            raise WrongRelease(f"{lot_code} 尚未封标，或份额不是为这一封标集合给出的。")
        known = standing_releases(its_lot).get(letter)
        if known is not None and (not known.misfits or _came_before(its_lot, letter, statement)):
            return known
        if its_lot.final_status or opening_of(its_lot) is not None:
            raise WrongRelease(f"{lot_code} 已开标或已结束，不再接收份额，无需再释放。")
        release = ShareRelease.objects.create(
            lot=its_lot,
            letter=letter,
            statement=statement,
            signature=signature,
            received_at=now,
            misfits=misfits(closed_headers(its_lot), letter, statement["shares"]),
        )
        if len(standing_releases(its_lot)) >= THRESHOLD:
            its_lot.next_due_at = now  # the worker opens
            its_lot.save()
        record(
            caller=Caller.system(f"holder-{letter}"),
            act="release-shares" if known is None else "release-shares-again",
            subject=release,
            before=version_of(known),
            now=now,
            detail={"misfits": release.misfits, "signature": signature},
        )
    return release


def _came_before(its_lot: Lot, letter: str, statement: dict[str, Any]) -> bool:
    earlier = ShareRelease.objects.filter(lot=its_lot, letter=letter)
    return any(each.statement == statement for each in earlier)


def open_bids(*, lot_code: str, now: datetime) -> Opening | None:
    """Open every bid of a closed lot and publish the opening record; None when the lot stays sealed.

    Nothing is opened before the stored set was found to be the one that was closed, and nothing is stored as
    opened while a further holder's shares may still open a bid.  A lot none of whose bids opens, not through
    their bidders, is not ended as unsuccessful: it stays sealed for the operator to look into.

    Decrypting happens before the transaction: the envelopes no longer change once the set is closed, and a
    release that came meanwhile makes the attempt void; the worker comes again.

    :raises Suspended, Ended: the tender stands still, or the lot has ended.
    """
    its_lot = lot(lot_code)
    close, releases = close_of(its_lot), standing_releases(its_lot)
    if close is None or len(releases) < THRESHOLD or opening_of(its_lot) is not None:
        return None
    require_running(its_lot)
    attempt = try_to_open(its_lot, close, releases)
    sealed = attempt.stays_sealed()
    with transaction.atomic():
        its_lot = locked_lot(lot_code)
        require_running(its_lot)
        if opening_of(its_lot) is not None or standing_releases(its_lot) != releases:
            return None
        if sealed is not None:
            _keep_sealed(its_lot, attempt, *sealed, now=now)
            return None
        return _open(its_lot, attempt, now)


def _keep_sealed(its_lot: Lot, attempt: Attempt, why: StaysSealed, sentence: str, *, now: datetime) -> None:
    """Note that the lot stays sealed, once for each new reason, and when to look again."""
    before = version_of(its_lot)
    its_lot.next_due_at = None if why is StaysSealed.SHARES_LACKING else now + LOOK_AGAIN
    its_lot.save()
    detail = {"why": why.value, "letters": attempt.letters, "doubtful": attempt.doubtful, "says": sentence}
    system = Caller.system(settings.SYSTEM_CODE)
    record(caller=system, act="keep-sealed", subject=its_lot, before=before, now=now, detail=detail)
    failure = FailedOpening(
        lot=its_lot,
        tried_at=now,
        why=why,
        letters=attempt.letters,
        doubtful=attempt.doubtful,
        sentence=sentence,
    )
    last = last_failure(its_lot)
    if last is None or (last.sentence, last.letters) != (failure.sentence, failure.letters):
        failure.save()


def _open(its_lot: Lot, attempt: Attempt, now: datetime) -> Opening:
    opening = _store(its_lot, attempt, now)
    reach(its_lot, Milestone.OPENED, now)
    its_lot.next_due_at = None
    its_lot.save()
    _reveal(attempt.acts, now)
    system = Caller.system(settings.SYSTEM_CODE)
    outcomes = [bid.outcome for bid in attempt.bids]
    detail = {
        "letters": attempt.letters,
        "bids": len(outcomes),
        "outcomes": {outcome.value: outcomes.count(outcome) for outcome in Outcome},
        "doubtful": attempt.doubtful,
    }
    record(caller=system, act="open-bids", subject=opening, before="", now=now, detail=detail)
    publish(telling.opening_recorded(opening, now=now), now=now)
    if Outcome.OPENED not in outcomes:
        end_lot(
            its_lot,
            FinalStatus.UNSUCCESSFUL,
            reason="没有可以解密的投标文件",
            clause="etendering/31",
            caller=system,
            now=now,
        )
    return opening


def _store(its_lot: Lot, attempt: Attempt, now: datetime) -> Opening:
    opening = Opening.objects.create(
        lot=its_lot,
        opened_at=now,
        letters=attempt.letters,
        holder_faults={
            bid.envelope.envelope_id: bid.holder_faults for bid in attempt.bids if bid.holder_faults
        },
        act_faults={act.stored.act_id: act.fault for act in attempt.acts if act.fault},
    )
    OpenedBid.objects.bulk_create(bid.to_row(opening) for bid in attempt.bids)
    return opening


def _reveal(acts: list[RevealedAct], now: datetime) -> None:
    """Write the sealed acts into the audit trail in clear; their commitments have stood there before.

    One that did not open, or that is not what was committed to, is written as such.
    """
    for act in acts:
        detail = {"commitment": act.stored.commitment}
        if act.facts is not None:
            detail |= {"at": act.facts.at, "act": act.facts.act, "envelope_id": act.facts.envelope_id}
        write_entry(
            caller=act.caller,
            act=f"reveal-{act.facts.act}" if act.facts and not act.fault else "reveal-fault",
            object_type="bids.sealedact" if act.fault else "bids.envelope",
            object_id=act.stored.act_id if act.fault or act.facts is None else act.facts.envelope_id,
            now=now,
            detail=detail | ({"fault": act.fault} if act.fault else {}),
        )
