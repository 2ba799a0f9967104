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
from yuntai.trading.tenders.document_rules import require_name, require_room, require_size
from yuntai.trading.tenders.drafting import DocumentDraft

SALT = "trading.pages.uploads"


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

    :raises UploadRefused: a kept one was not stored by us.
    :raises DocumentRefused: a file is empty, too large or oddly named, or all together are too large.
    """
    by_name = {file.name: file for file in kept_before(request.POST.getlist("kept"))}
    for file in request.FILES.getlist("documents"):
        name = name_of(file)
        others = sum(each.size for each in by_name.values() if each.name != name)
        require_room(name, file.size or 0, others=others)
        by_name[name] = _store(file)
    return list(by_name.values())


def kept_before(tokens: Iterable[str]) -> list[KeptFile]:
    """Return the files that a form carried on.

    :raises UploadRefused: a token is not ours.
    """
    try:
        return [KeptFile(**signing.loads(token, salt=SALT)) for token in tokens]
    except signing.BadSignature as error:
        raise UploadRefused("已上传文件的凭据无效。请重新选择文件上传。") from error


def name_of(file: "UploadedFile[Any]") -> str:
    """Return the name a person gave the file; typed on a Mac it comes decomposed, here it is composed."""
    return unicodedata.normalize("NFC", file.name or "")


def _store(file: "UploadedFile[Any]") -> KeptFile:
    name, size = name_of(file), file.size or 0
    require_name(name)
    require_size(name, size)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    sha256 = digest.hexdigest()
    store.put(file.chunks(), announced_sha256=sha256)
    return KeptFile(name, sha256, size)
