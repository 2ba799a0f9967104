"""What a holder and the trading system say to one another: docs/connect/sealing.md, section 9."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import rfc8785
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from yuntai.law.days import SHANGHAI
from yuntai.trust import signing
from yuntai.trust.base64url import base64url, from_base64url

# A lot's code becomes a file name in the holder's home, so nothing but these characters is let in.
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Statement = Mapping[str, str | int | Mapping[str, str | None]]


class _Answer(BaseModel):
    """Fields a newer trading system adds are ignored, so that old holders keep working."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class KeyWanted(_Answer):
    """opens_at: before it the holder must release nothing of this lot.  suite: which the key must serve."""

    lot: Code
    tender: Code
    suite: str
    opens_at: AwareDatetime


class CloseStatement(_Answer):
    """count: envelope parts in the closed set.  root: over their leaves, hex."""

    lot: Code
    count: int
    root: str
    closed_at: AwareDatetime


class SignedClose(_Answer):
    """statement: kept as received, since the signature is over its canonical form."""

    statement: dict[str, object]
    signature: str

    def is_signed_by(self, public_key: bytes) -> bool:
        return is_signed(self.statement, self.signature, public_key)


class SharesWanted(_Answer):
    lot: Code
    tender: Code
    close: SignedClose
    envelopes: tuple[dict[str, object], ...]


class Work(_Answer):
    """What the trading system asks of this holder now."""

    keys_wanted: tuple[KeyWanted, ...]
    shares_wanted: tuple[SharesWanted, ...]


def signed(statement: Statement, private_key: bytes) -> dict[str, object]:
    """Return the statement with the holder's signature, ready to post."""
    signature = signing.sign(private_key, rfc8785.dumps(statement))
    return {"statement": statement, "signature": base64url(signature)}


def is_signed(statement: dict[str, object], signature: str, public_key: bytes) -> bool:
    """Did the holder of `public_key` sign this statement?  Malformed ones are a no."""
    try:
        raw = from_base64url(signature)
        canonical = rfc8785.dumps(statement)  # type: ignore[arg-type]
    except ValueError:
        return False
    return signing.is_valid(public_key, canonical, raw)


def instant(moment: datetime) -> str:
    """Return an aware instant in UTC, ending in Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def beijing(moment: datetime) -> str:
    """Return an aware instant for a keeper to read: to the second, since it decides, in Beijing time."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}（北京时间）"
