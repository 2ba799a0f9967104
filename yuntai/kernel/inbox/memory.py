"""Did this message come before?  Under its author's msg_id, or as an older number of a forwarded stream."""

from collections.abc import Iterable, Sequence

from yuntai.kernel.bulk import update_rows
from yuntai.kernel.inbox.acceptance import Examined
from yuntai.kernel.inbox.models import ForwardedStream, InboxMessage


class Memory:
    """What was taken in before from the authors of a batch.

    The authors' positions stay locked until the surrounding transaction ends, so that two deliveries of
    one forwarded message take turns.
    """

    def __init__(self, batch: Sequence[Examined]) -> None:
        acceptable = [each for each in batch if not each.refusal]
        self._ids = _known_ids(acceptable)
        self._positions = _locked_positions([each for each in acceptable if each.is_forwarded])

    def why_repeated(self, examined: Examined) -> str:
        """Return why the message must not be acted on again, one Chinese sentence; "" when it is new."""
        written = examined.written
        if (written.iss, written.msg_id) in self._ids:
            return f"{written.iss} 的报文号 {written.msg_id} 已收到过，不再办理。更正请另发新报文。"
        if examined.is_forwarded:
            position = self._positions[_stream_of(examined)]
            if written.seq <= position.last_seq:
                return (
                    f"{written.iss} 的报文已转发到第 {position.last_seq} 号，第 {written.seq} 号已过。"
                    "请按原编号顺序转发，每号一次。"
                )
        return ""

    def remember(self, examined: Examined) -> None:
        """Note that the message is taken in."""
        self._ids.add((examined.written.iss, examined.written.msg_id))
        if examined.is_forwarded:
            self._positions[_stream_of(examined)].last_seq = examined.written.seq

    def save(self) -> None:
        """Write the authors' new positions."""
        update_rows(list(self._positions.values()), ["last_seq"])


def _stream_of(examined: Examined) -> tuple[str, str]:
    return examined.written.iss, examined.written.stream


def _known_ids(batch: Iterable[Examined]) -> set[tuple[str, str]]:
    known = InboxMessage.objects.filter(msg_id__in=[each.written.msg_id for each in batch], refusal="")
    return set(known.values_list("origin", "msg_id"))


def _locked_positions(batch: Iterable[Examined]) -> dict[tuple[str, str], ForwardedStream]:
    streams = sorted({_stream_of(each) for each in batch})
    if not streams:
        return {}
    ForwardedStream.objects.bulk_create(
        (ForwardedStream(author=author, stream=stream) for author, stream in streams), ignore_conflicts=True
    )
    rows = ForwardedStream.objects.filter(author__in={author for author, _ in streams})
    locked = rows.order_by("author", "stream").select_for_update()
    return {(row.author, row.stream): row for row in locked}
