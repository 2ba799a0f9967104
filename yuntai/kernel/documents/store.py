"""Content-addressed files: written once, synced to disk before anything says that they are there."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

from yuntai.kernel.errors import DomainError, NotFound


class WrongDigest(DomainError):
    """The bytes that arrived are not those that were announced."""

    code = "wrong-digest"
    status = 422


class FileGone(NotFound):
    """No file with that digest is stored."""

    code = "no-such-file"


def put(chunks: Iterable[bytes], *, announced_sha256: str) -> int:
    """Store the file and return its size in bytes; storing the same file again changes nothing.

    :raises WrongDigest: its SHA-256 is not `announced_sha256` (64 hex digits); nothing is kept.
    """
    target = path_of(announced_sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with NamedTemporaryFile(dir=target.parent, delete=False) as part:
        try:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                part.write(chunk)
            part.flush()
            os.fsync(part.fileno())
            if digest.hexdigest() != announced_sha256:
                raise WrongDigest("收到的文件与声明的 SHA-256 不一致，未保存。请重新上传。")
            Path(part.name).replace(target)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    _sync_folder(target.parent)
    return size


def read(sha256: str) -> bytes:
    """Return the stored bytes, unchecked: whoever relies on them compares their digest.

    :raises FileGone: there is no such file.
    """
    try:
        return path_of(sha256).read_bytes()
    except FileNotFoundError as error:
        raise FileGone(f"没有 SHA-256 为 {sha256} 的文件，请先上传。") from error


def is_stored(sha256: str) -> bool:
    """Return whether a file with that digest is stored."""
    return path_of(sha256).is_file()


def path_of(sha256: str) -> Path:
    """Return where the file with that digest lies.

    :raises WrongDigest: it is not 64 lower-case hex digits (nothing else may become a path).
    """
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise WrongDigest("文件摘要须为 64 位小写十六进制 SHA-256。")
    return Path(settings.FILES_DIR) / sha256[:2] / sha256[2:4] / sha256


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
