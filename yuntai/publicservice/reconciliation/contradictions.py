"""One number with two digests: two signed histories, or a row that no longer holds what was signed?"""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.inbox.models import StreamFork
from yuntai.kernel.peers import own_key, peer
from yuntai.kernel.reconciliation.keeping import Kept
from yuntai.publicservice.exchange.services import tell_of_forks
from yuntai.publicservice.reconciliation.talk import Talk
from yuntai.standard.envelope import SignedMessage, payload_digest, verify
from yuntai.standard.reconciliation_report import Contradiction, Finding
from yuntai.trust import signing


def contradictions_of(
    kept: Kept, differing: Mapping[int, tuple[str, str]], talk: Talk
) -> tuple[Contradiction, ...]:
    """Return what is behind each number; a true fork is kept as evidence and told to supervision.

    differing: number to the digests of the platform and of the system.
    """
    if not differing:
        return ()
    ours = kept.messages(list(differing))
    theirs = {each.payload.seq: each for each in talk.messages(kept, sorted(differing))}
    found = []
    for seq, (at_platform, at_system) in sorted(differing.items()):
        finding = _finding(kept, at_platform, ours.get(seq), theirs.get(seq))
        if finding == "forked":
            _note_fork(ours[seq], theirs[seq], talk.now)
        found.append(Contradiction(seq=seq, at_platform=at_platform, at_system=at_system, finding=finding))
    return tuple(found)


def _finding(
    kept: Kept, at_platform: str, ours: SignedMessage | None, theirs: SignedMessage | None
) -> Finding:
    if ours is None or not _is_author_s(ours, kept.author) or payload_digest(ours.payload) != at_platform:
        return "damaged-at-platform"
    if theirs is None:
        return "unexplained"
    is_other = payload_digest(theirs.payload) != at_platform
    return "forked" if is_other and _is_author_s(theirs, kept.author) else "damaged-at-system"


def _is_author_s(message: SignedMessage, author: str) -> bool:
    if author == settings.SYSTEM_CODE:
        return verify(message, signing.public_key(own_key()))
    return verify(message, peer(author).key(message.key_id))


def _note_fork(ours: SignedMessage, theirs: SignedMessage, now: datetime) -> None:
    payload = theirs.payload
    with transaction.atomic():
        fork, is_new = StreamFork.objects.get_or_create(
            iss=payload.iss,
            stream=payload.stream,
            seq=payload.seq,
            digest=payload_digest(payload),
            defaults={"signed": theirs.to_json(), "kept": ours.to_json(), "seen_at": now},
        )
        if not is_new:
            return
        tell_of_forks([fork], now)
        write_entry(
            caller=Caller.system(settings.SYSTEM_CODE),
            act="note-fork",
            object_type="inbox.streamfork",
            object_id=str(fork),
            now=now,
        )
