"""Files that a form brings: stored at once, and kept over a refusal so that nobody uploads twice."""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from yuntai.kernel.documents import store
from yuntai.kernel.errors import DomainError
from yuntai.trading.tenders.drafting import DocumentDraft

SALT = "trading.pages.uploads"
MEGABYTE = 1024 * 1024
MOST_BYTES = 100 * MEGABYTE
LONGEST_NAME = 120
FORBIDDEN = '/\\:*?"<>|'


class UploadRefused(DomainError):
    """A file of a form will not do."""

    code = "upload-refused"
    status = 422


@dataclass(frozen=True)
class KeptFile(DocumentDraft):
    """A stored file that a form carries on until its tender is drafted."""

    @property
    def token(self) -> str:
        """What the form carries on: signed, since a digest alone must not make any stored file a document."""
        return signing.dumps(asdict(self), salt=SALT)


def files_of(request: HttpRequest) -> list[KeptFile]:
    """Store the files that `request` brings and return them with those kept before; of one name the newest.

    :raises UploadRefused: a file is empty, too large or oddly named, or a kept one was not stored by us.
    """
    kept = kept_before(request.POST.getlist("kept"))
    fresh = [_store(file) for file in request.FILES.getlist("documents")]
    return list({file.name: file for file in (*kept, *fresh)}.values())


def kept_before(tokens: Iterable[str]) -> list[KeptFile]:
    """Return the files that a form carried on.

    :raises UploadRefused: a token is not ours.
    """
    try:
        return [KeptFile(**signing.loads(token, salt=SALT)) for token in tokens]
    except signing.BadSignature as error:
        raise UploadRefused("已上传文件的凭据无效。请重新选择文件上传。") from error


def _store(file: "UploadedFile[Any]") -> KeptFile:
    # Names typed on a Mac come decomposed; one name must be one sequence of characters.
    name = unicodedata.normalize("NFC", file.name or "")
    size = file.size or 0
    _check(name, size)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    sha256 = digest.hexdigest()
    store.put(file.chunks(), announced_sha256=sha256)
    return KeptFile(name, sha256, size)


def _check(name: str, size: int) -> None:
    plain = name.isprintable() and name == name.strip() and not name.startswith(".")
    if not plain or any(mark in name for mark in FORBIDDEN) or not 0 < len(name) <= LONGEST_NAME:
        raise UploadRefused(
            f"文件名“{name[:LONGEST_NAME]}”不能用：最多 {LONGEST_NAME} 个字，不得以点开头，"
            f"不得含 {' '.join(FORBIDDEN)}。改名后重新选择。"
        )
    if not size:
        raise UploadRefused(f"{name} 是空文件，没有保存。核对后重新选择。")
    if size > MOST_BYTES:
        raise UploadRefused(
            f"{name} 有 {size / MEGABYTE:.1f} MB，超过 {MOST_BYTES // MEGABYTE} MB 的上限。"
            "压缩或拆分后重新选择。"
        )
