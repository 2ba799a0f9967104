"""On a full disk people are told so, not of a fault without a name."""

import errno
import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.urls import reverse

from yuntai.kernel.documents import store
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock, words
from yuntai.trading.tests.world import OPENED

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCE = "服务器的存储空间已满，本次提交没有保存。请联系运营机构清理空间，然后重新提交。"


class DatabaseDiskFull(Exception):
    sqlstate = "53100"


def full(number: int) -> Exception:
    return OSError(number, "No space left on device")


def database_full() -> Exception:
    error = OperationalError("could not extend file")
    error.__cause__ = DatabaseDiskFull()
    return error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (full(errno.ENOSPC), 507),
        (full(errno.EDQUOT), 507),
        (database_full(), 507),
        (OSError(errno.EIO, "i/o"), 500),
    ],
)
def test_a_full_disk_has_an_answer_of_its_own(
    monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    draft = world.make_draft()
    set_clock(monkeypatch, OPENED)
    client = browser(people.initiator())
    client.raise_request_exception = False

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(store, "put", fail)
    sent = {"documents": SimpleUploadedFile("图纸.pdf", b"x")}
    page = client.post(reverse("draft-documents", args=[draft.code]), sent)
    digest = hashlib.sha256(b"x").hexdigest()
    program = client.put(
        f"/api/v1/tenders/{draft.code}/documents/a.pdf",
        b"x",
        content_type="application/octet-stream",
        headers={"Content-SHA256": digest},
    )

    assert page.status_code == status
    assert (SENTENCE in words(page)) == (status == 507)
    assert program.status_code == status
    assert (program.json()["detail"] == SENTENCE) == (status == 507)
    assert draft.documents.count() == 1
