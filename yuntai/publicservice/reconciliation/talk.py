"""Asking a connected system what it keeps, over the published door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx
from django.conf import settings

from yuntai.kernel.outbox.sender import client_of
from yuntai.kernel.peers import own_key
from yuntai.kernel.reconciliation.keeping import Kept
from yuntai.standard.client import ExchangeClient
from yuntai.standard.envelope import SignedMessage
from yuntai.standard.reconciliation import MOST_WANTED, Answer, Asked, Window


@dataclass(frozen=True)
class Talk:
    """Asking one system.  window: the hours to compare.  now: when the run began."""

    system: str
    client: ExchangeClient
    window: Window
    now: datetime

    @classmethod
    def with_system(cls, system: str, http: httpx.Client, window: Window, now: datetime) -> "Talk":
        """Return a talk with the connected system `system`.

        :raises UnknownPeer, PeerSuspended: nothing is exchanged with it.
        """
        return cls(system, client_of(system, http), window, now)

    def ask(self, asked: Asked) -> Answer:
        """Ask.

        :raises ExchangeError: no answer, or none that can be believed.
        """
        return self.client.reconcile(asked, own_key())

    def about(self, kept: Kept, *, wanted: Sequence[int] = ()) -> Asked:
        """Return the question about a stream: its hours, or the messages `wanted`."""
        return Asked(
            iss=settings.SYSTEM_CODE,
            aud=self.system,
            at=self.now,
            author=kept.author,
            stream=kept.stream,
            hours=None if wanted else self.window,
            wanted=tuple(wanted),
        )

    def messages(self, kept: Kept, numbers: Sequence[int]) -> list[SignedMessage]:
        """Return what the other side hands over of the messages, by number."""
        found: dict[int, SignedMessage] = {}
        left = list(numbers)
        while left:
            answer = self.ask(self.about(kept, wanted=left[:MOST_WANTED]))
            got = {each.payload.seq: each for each in answer.messages if _is_of(each, kept)}
            found |= {seq: each for seq, each in got.items() if seq in left}
            # An answer holds what fits; without any of the first ones, none of them is kept there.
            reached = max((seq for seq in got if seq in left), default=left[:MOST_WANTED][-1])
            left = [seq for seq in left if seq > reached]
        return [found[seq] for seq in sorted(found)]


def _is_of(message: SignedMessage, kept: Kept) -> bool:
    payload = message.payload
    return (payload.iss, payload.aud, payload.stream) == (kept.author, kept.reader, kept.stream)
