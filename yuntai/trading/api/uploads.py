"""A request's body taken as a file: read in pieces, never whole into memory."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO

from django.http import HttpRequest

from yuntai.trading.tenders.refusals import DocumentRefused

PIECE = 256 * 1024


def announced_size(request: HttpRequest) -> int:
    """Return how many bytes the request says its body has, 0 when it does not say."""
    said = request.headers.get("Content-Length") or ""
    return int(said) if said.isascii() and said.isdecimal() else 0


@contextmanager
def received(request: HttpRequest) -> Iterator[tuple[IO[bytes], str, int]]:
    """Have the body in a file of its own, gone afterwards; with its SHA-256 (hex) and its size in bytes.

    The server reads no more than Content-Length, so whoever checked that knows the most that can come.

    :raises DocumentRefused: less came than was announced.
    """
    digest, size = hashlib.sha256(), 0
    with TemporaryFile() as file:
        while piece := request.read(PIECE):
            digest.update(piece)
            size += len(piece)
            file.write(piece)
        if size < announced_size(request):
            raise DocumentRefused("文件在传输中断开，没有收全，未保存。请重新上传。")
        yield file, digest.hexdigest(), size


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the file from its start, in pieces."""
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece
