"""One stream between the platform and a system: compared, repaired as far as can be, told for the report.

Nothing is ever deleted: what only one side has stays there and is named.
"""

from collections.abc import Iterable, Sequence

from django.conf import settings

from yuntai.kernel.errors import DomainError
from yuntai.kernel.inbox.models import InboxMessage, InboxStream, LastHeartbeat
from yuntai.kernel.inbox.services import receive_batch
from yuntai.kernel.outbox.models import OutboxStream
from yuntai.kernel.outbox.receipts import reopen
from yuntai.kernel.reconciliation.comparing import NOTHING, Comparison, HourDiffers, compare
from yuntai.kernel.reconciliation.keeping import Kept
from yuntai.publicservice.reconciliation.contradictions import contradictions_of
from yuntai.publicservice.reconciliation.talk import Talk
from yuntai.standard.receipts import Batch, all_spans_of
from yuntai.standard.reconciliation import MOST_WANTED
from yuntai.standard.reconciliation_report import MOST_NAMED, HourCompared, StreamCompared


def streams_with(system: str) -> list[Kept]:
    """Return the streams between the platform and the system: what it sends first, then what it is sent."""
    heard = LastHeartbeat.objects.filter(iss=system).values_list("streams", flat=True).first() or {}
    names = set(InboxStream.objects.filter(iss=system).values_list("stream", flat=True)) | set(heard)
    found = [Kept(system, settings.SYSTEM_CODE, name) for name in sorted(names)]
    if OutboxStream.objects.filter(destination=system).exists():
        found.append(Kept(settings.SYSTEM_CODE, system, system))
    return found


def reconcile_stream(kept: Kept, talk: Talk) -> StreamCompared:
    """Compare one stream, have repaired what is missing, and return what a report says of it.

    :raises ExchangeError: the system gives no answer.
    """
    found = compare(kept, talk.ask, talk.about(kept))
    under_way = _under_way(kept, found)
    lacking_here = [seq for seq in found.only_theirs if seq not in under_way]
    lacking_there = [seq for seq in found.only_ours if seq not in under_way]
    restored: Iterable[int] = ()
    sent_again: Iterable[int] = ()
    if kept.is_ours:
        sent_again = lacking_there
        reopen(kept.reader, all_spans_of(lacking_there), now=talk.now)
    else:
        restored = _take_in_again(kept, lacking_here, talk)
    told = StreamCompared(
        author=kept.author,
        stream=kept.stream,
        hours=found.hours,
        messages=found.messages,
        root_at_platform=found.roots[0],
        root_at_system=found.roots[1],
        lacking_at_platform=all_spans_of(lacking_here)[:MOST_NAMED],
        lacking_at_system=all_spans_of(lacking_there)[:MOST_NAMED],
        restored=all_spans_of(sorted(restored))[:MOST_NAMED],
        sent_again=all_spans_of(sent_again)[:MOST_NAMED],
        contradicting=contradictions_of(kept, found.contradicting, talk)[:MOST_NAMED],
        under_way=len(under_way),
        complete=found.complete and len(found.differing) <= MOST_NAMED,
    )
    return told.model_copy(update={"differing": _hours(found)}) if is_different(told) else told


def is_different(told: StreamCompared) -> bool:
    """Tell whether the two sides differ; what is under way is no difference."""
    return bool(told.lacking_at_platform or told.lacking_at_system or told.contradicting or not told.complete)


def _under_way(kept: Kept, found: Comparison) -> set[int]:
    """Return what the author has signed and the reader has not receipted yet."""
    if kept.is_ours:
        return set(kept.not_receipted(found.only_ours))
    stream = InboxStream.objects.filter(iss=kept.author, stream=kept.stream).first()
    return {seq for seq in found.only_theirs if stream is None or seq > stream.last_seq}


def _take_in_again(kept: Kept, lacking: Sequence[int], talk: Talk) -> set[int]:
    """Have the author send again what the platform lost; return the numbers that are back.

    They pass the same door as ever: signature, number and chain are checked there.
    """
    messages = talk.messages(kept, lacking) if lacking else []
    for first in range(0, len(messages), MOST_WANTED):
        batch = Batch(messages=tuple(messages[first : first + MOST_WANTED]))
        try:
            receive_batch(batch=batch, address="", now=talk.now)
        except DomainError:
            break  # forked, busy or no longer authentic: what is not back is named as lacking
    rows = InboxMessage.objects.filter(iss=kept.author, stream=kept.stream, seq__in=lacking)
    return set(rows.values_list("seq", flat=True))


def _hours(found: Comparison) -> tuple[HourCompared, ...]:
    return tuple(_hour(each) for each in found.differing[:MOST_NAMED])


def _hour(each: HourDiffers) -> HourCompared:
    return HourCompared(
        hour=each.hour,
        count_at_platform=each.ours.count if each.ours else 0,
        count_at_system=each.theirs.count if each.theirs else 0,
        root_at_platform=each.ours.root if each.ours else NOTHING,
        root_at_system=each.theirs.root if each.theirs else NOTHING,
    )
