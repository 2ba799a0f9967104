"""The holders of opening keys that are set up for this system, with the keys that sign their statements."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def known_holders() -> dict[str, dict[str, str]]:
    """Return the holders as HOLDERS_FILE lists them: letter to name and public_key (base64url, Ed25519)."""
    if not settings.HOLDERS_FILE:
        return {}
    listed: dict[str, dict[str, str]] = json.loads(Path(settings.HOLDERS_FILE).read_text(encoding="utf-8"))
    return listed
