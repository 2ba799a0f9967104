"""The testing bodies whose signature counts here, with their keys: data, TESTING_BODIES_FILE."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from yuntai.trust.base64url import from_base64url
from yuntai.trust.signing import key_id

SANDBOX_BODIES = Path(__file__).parent / "sandbox_bodies.toml"


@dataclass(frozen=True)
class TestingBody:
    """A body that tests and certifies.  public_key: Ed25519, 32 bytes."""

    __test__ = False  # no test of pytest's

    code: str
    name: str
    public_key: bytes


def bodies() -> dict[str, TestingBody]:
    """Return the bodies by the id of their key, read anew so that a changed list needs no restart."""
    path = Path(settings.TESTING_BODIES_FILE or SANDBOX_BODIES)
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["body"]
    listed = [TestingBody(row["code"], row["name"], from_base64url(row["public_key"])) for row in rows]
    return {key_id(each.public_key): each for each in listed}
