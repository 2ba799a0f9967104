"""How large a request may be, judged by what it announces, before a byte of it is read.

No body is longer than it announces: no more than Content-Length is read, and one that announces nothing
counts as empty.  Files are no business of this: they are read in pieces, each kind with its own limit.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yuntai.kernel.errors import DomainError
from yuntai.kernel.refusals import is_machine, refusal
from yuntai.standard.receipts import MOST_BATCH_BYTES

MEGABYTE = 2**20
MOST_JSON_BYTES = 2 * MEGABYTE
EXCHANGE_PATH = "/exchange/"
READ_IN_PIECES = "multipart/form-data"


class BodyTooLarge(DomainError):
    """The request announces more bytes than its address takes."""

    code = "body-too-large"
    status = 413


def announced_size(request: HttpRequest) -> int:
    """Return how many bytes the request says its body has, 0 when it does not say."""
    said = request.headers.get("Content-Length") or ""
    return int(said) if said.isascii() and said.isdecimal() else 0


def require_size(request: HttpRequest, most: int) -> None:
    """Check what the request announces.

    :raises BodyTooLarge: it is more than `most` bytes.
    """
    size = announced_size(request)
    if size > most:
        raise BodyTooLarge(
            f"提交的内容有 {size} 字节，超过此地址 {most} 字节（{most // MEGABYTE} MB）的上限，没有读取。"
            "请缩减或分批后重发。"
        )


class BodyLimitMiddleware:
    """Refuses what is too large to be a form or JSON; a PUT and a form with files are read in pieces."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass `request` on when it is small enough."""
        brings_files = request.content_type == READ_IN_PIECES and not is_machine(request)
        if request.method != "PUT" and not brings_files:
            try:
                require_size(request, _most_bytes(request.path))
            except BodyTooLarge as error:
                return refusal(request, error)
        return self.get_response(request)


def _most_bytes(path: str) -> int:
    # What the platform takes it must be able to forward in an envelope of its own, so it takes less.
    takes_from_authors = settings.SYSTEM_KIND == "publicservice" and path.startswith(EXCHANGE_PATH)
    return MOST_BATCH_BYTES if takes_from_authors else MOST_JSON_BYTES
