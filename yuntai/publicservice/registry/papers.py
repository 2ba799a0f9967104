"""The papers (材料) of a registration: which there are, and whether a file will do as one.

A paper is never required: it helps the operator to verify, and an organization may act without.
"""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from yuntai.kernel.documents import store
from yuntai.kernel.documents.sniffing import LONGEST_MARK, media_type_of
from yuntai.kernel.errors import DomainError

KINDS = {
    "licence": "营业执照或法人登记证书",
    "authorization": "法定代表人授权书",
    "qualification": "资质或资格证书",
}
MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
LONGEST_NAME = 120
ACCEPTED = "PDF、JPEG、PNG"
_SALT = "publicservice.registry.papers"


class PaperRefused(DomainError):
    """A file will not do as a paper.  field: kind of the paper."""

    code = "paper-refused"
    status = 422

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = kind


@dataclass(frozen=True)
class PaperFile:
    """A stored file that stands for one kind of paper.  size: bytes.  media_type: by its first bytes."""

    kind: str
    name: str
    sha256: str
    size: int
    media_type: str

    @property
    def token(self) -> str:
        """What a form carries over a refusal: signed, or any digest could be passed off as one's paper."""
        return signing.dumps(asdict(self), salt=_SALT)


def store_paper(kind: str, file: "UploadedFile[Any]") -> PaperFile:
    """Store an uploaded file and return it as the paper `kind`.

    :raises PaperRefused: it is empty, larger than 10 MB, or neither PDF, JPEG nor PNG.
    """
    name = unicodedata.normalize("NFC", file.name or "")[-LONGEST_NAME:]
    size = file.size or 0
    if not size:
        raise PaperRefused(kind, f"“{name}”是空文件，没有保存。核对后重新选择。")
    if size > MOST_BYTES:
        raise PaperRefused(
            kind,
            f"“{name}”有 {size / MEGABYTE:.1f} MB，超过每份 {MOST_BYTES // MEGABYTE} MB 的上限。"
            "压缩后重新选择。",
        )
    media_type = media_type_of(file.read(LONGEST_MARK))
    file.seek(0)
    if not media_type or not name.isprintable():
        raise PaperRefused(
            kind, f"“{name}”的内容不是 {ACCEPTED}，改扩展名没有用。用其中一种格式另存后重新选择。"
        )
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    store.put(file.chunks(), announced_sha256=digest.hexdigest())
    return PaperFile(kind, name, digest.hexdigest(), size, media_type)


def kept_papers(tokens: Iterable[str]) -> list[PaperFile]:
    """Return the papers that a form carried over a refusal; a token that is not ours counts for nothing."""
    kept = []
    for token in tokens:
        try:
            kept.append(PaperFile(**signing.loads(token, salt=_SALT)))
        except signing.BadSignature:
            continue
    return kept


def newest_of_each_kind(papers: Iterable[PaperFile]) -> tuple[PaperFile, ...]:
    """Return of each kind the last of `papers`, in the order of KINDS."""
    by_kind = {paper.kind: paper for paper in papers}
    return tuple(by_kind[kind] for kind in KINDS if kind in by_kind)
