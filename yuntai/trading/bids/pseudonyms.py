"""The bidder's name before opening: a pseudonym per tender, whose key is not in the database."""

import base64
from functools import cache
from pathlib import Path

from django.conf import settings

from yuntai.trust import pseudonyms

SANDBOX_KEY = b"sandbox-pseudonyms-without-file!"


def pseudonym_of(tender_code: str, organization_code: str) -> str:
    """Return the pseudonym (32 hex digits) under which an organization stands in one tender."""
    return pseudonyms.pseudonym(_master_key(), tender_code, organization_code)


@cache
def _master_key() -> bytes:
    path = settings.PSEUDONYM_KEY_FILE
    if not path:  # config allows this in a sandbox only
        return SANDBOX_KEY
    return base64.b64decode(Path(path).read_text(encoding="utf-8"))
