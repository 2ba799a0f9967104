"""Secrets of one city: each made once, kept in a file that only its owner can read, never printed."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from yuntai.city.files import write_whole


@dataclass(frozen=True)
class Vault:
    """A folder of secrets.  folder: exists, mode 0700."""

    folder: Path

    def file(self, name: str, make: Callable[[], str]) -> Path:
        """Return the file of secret `name`; `make` gives its content the first time."""
        path = self.folder / name
        if not path.exists():
            write_whole(path, make().encode(), mode=0o600)
        return path

    def password(self, name: str) -> Path:
        """Return the file of a random password, 32 characters that need no quoting anywhere."""
        return self.file(name, lambda: secrets.token_urlsafe(24))

    def key(self, name: str) -> Path:
        """Return the file of 32 random bytes as base64 text."""
        return self.file(name, lambda: base64.b64encode(secrets.token_bytes(32)).decode())
