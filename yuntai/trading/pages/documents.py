"""Tender documents: the list with download links, and the download, free to everyone without login."""

import mimetypes
from dataclasses import dataclass

from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.views.decorators.http import require_safe

from yuntai.kernel.documents import store
from yuntai.trading.pages.reader import reader
from yuntai.trading.tenders.models import Tender
from yuntai.trading.tenders.queries import visible_document

KIBIBYTE = 1024
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class DocumentLine:
    """A document with the address of its download.  size: in words."""

    name: str
    url: str
    size: str
    sha256: str


def document_lines(of: Tender) -> list[DocumentLine]:
    """Return the tender's documents by name."""
    return [
        DocumentLine(
            name=each.name,
            url=reverse("document", args=[each.sha256, each.name]),
            size=size_in_words(each.size),
            sha256=each.sha256,
        )
        for each in of.documents.order_by("name")
    ]


def size_in_words(size: int) -> str:
    """Return a size in bytes as people read it."""
    if size < KIBIBYTE:
        return f"{size} 字节"
    if size < KIBIBYTE**2:
        return f"{size / KIBIBYTE:.1f} KB"
    return f"{size / KIBIBYTE**2:.1f} MB"


@require_safe
def document(request: HttpRequest, sha256: str, name: str) -> FileResponse:
    """Send a tender document."""
    found = visible_document(reader(request), sha256, name)
    path = store.path_of(found.sha256)
    if not path.is_file():
        raise store.FileGone(f"{name} 的文件内容不在服务器上，请联系招标人：{found.tender.contact}。")
    # Always saved, never shown: a document must not run as a page of this system.
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind)
    answer["Cache-Control"] = FOREVER if found.tender.documents_open_at else "private, no-store"
    return answer
