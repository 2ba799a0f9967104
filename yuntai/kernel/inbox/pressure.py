"""How much a receiver takes in: less when much waits, only small batches when the disk is nearly full."""

import shutil
from collections.abc import Callable
from typing import ClassVar

from django.conf import settings
from django.utils.module_loading import import_string

from yuntai.kernel.errors import DomainError
from yuntai.kernel.inbox.models import WAITING, InboxMessage
from yuntai.standard.receipts import MOST_MESSAGES

MOST_WAITING = 20_000  # messages
DISK_NEARLY_FULL = 0.85
SMALL_BYTES = 16 * 1024

DiskUse = Callable[[], float]
"""Returns how much of the disk is used, 0 to 1."""


class Overloaded(DomainError):
    """Not now: the sender comes back after `retry_after_seconds` with a smaller batch."""

    code = "receiver-busy"
    status = 429
    retry_after_seconds: ClassVar[int] = 10


class DiskNearlyFull(Overloaded):
    """Only small batches are taken."""

    code = "receiver-disk-full"
    retry_after_seconds = 60


def credit() -> int:
    """Return how many messages the next batch may have.

    :raises Overloaded: none, since too many wait to be acted on.
    """
    waiting = InboxMessage.objects.filter(WAITING)[:MOST_WAITING].count()
    if waiting >= MOST_WAITING:
        raise Overloaded(
            f"待办理的报文已达 {MOST_WAITING} 条，暂不接收。请稍后以较小的批次重发，报文不要丢弃。"
        )
    return min(MOST_MESSAGES, MOST_WAITING - waiting)


def require_room(size: int) -> None:
    """Check that a request of `size` bytes may be taken in.

    :raises DiskNearlyFull: over 16 KiB while more than 85 % of the disk is used.
    """
    measure: DiskUse = import_string(settings.DISK_USE)
    if size > SMALL_BYTES and measure() > DISK_NEARLY_FULL:
        raise DiskNearlyFull(
            f"接收方磁盘已用超过 {DISK_NEARLY_FULL:.0%}，只收 {SMALL_BYTES // 1024} KiB 以内的请求。"
            "请以较小的批次重发，或稍后再试，报文不要丢弃。"
        )


def disk_used() -> float:
    """Return how much of the disk with this system's files is used."""
    folder = next(each for each in (settings.FILES_DIR, *settings.FILES_DIR.parents) if each.exists())
    use = shutil.disk_usage(folder)
    return use.used / use.total
