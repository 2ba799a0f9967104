"""What a trading system says of itself: /.well-known/trading-system.json, read leniently.

What is left out reads as "": whether it may be, the checks say.
"""

from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from yuntai.conformance.check import BadAnswer
from yuntai.conformance.wire import Remark, Wire
from yuntai.trust.base64url import from_base64url

PATH = "/.well-known/trading-system.json"


class NoTradingSystem(Exception):
    """Nothing that the suite could test is at the address; str(error) says why, in Chinese."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Standard(_Part):
    """Which form this is."""

    name: str = ""
    version: str = ""


class Operator(_Part):
    """Who runs the system."""

    code: str = ""
    name: str = ""
    contact: str = ""


class Registration(_Part):
    """Where anyone registers."""

    url: str = ""
    price_yuan: str = ""


class BidTool(_Part):
    """A tool for bidders."""

    name: str = ""
    licence: str = ""
    price_yuan: str = ""


class Description(_Part):
    """The description.  addresses: by name, {code} and {sha256} to be filled in.  signing_key: base64url."""

    standard: Standard
    code: str
    title: str
    number: str = ""
    industry: str = ""
    operator: Operator = Operator()
    signing_key: str = ""
    addresses: dict[str, str]
    registration: Registration = Registration()
    bid_tools: tuple[BidTool, ...] = ()
    fees: tuple[dict[str, Any], ...] = Field(default=())

    def address(self, name: str, **parts: str) -> str:
        """Return the address `name`, its parts filled in.

        :raises BadAnswer: the description does not name it.
        """
        if not (template := self.addresses.get(name, "")):
            raise BadAnswer(Remark(PATH, f"addresses 中没有 {name}"), f"说明中写明地址 {name}")
        for part, value in parts.items():
            template = template.replace(f"{{{part}}}", quote(value, safe=""))
        return template

    @property
    def key(self) -> bytes:
        """The Ed25519 public key that signs receipts; empty when none is named."""
        try:
            return from_base64url(self.signing_key)
        except ValueError:
            return b""


def read_description(wire: Wire, url: str) -> Description:
    """Return the description of the system at `url` (scheme, host and port).

    :raises NoTradingSystem: there is none, or it does not say what a tester must know.
    """
    address = url.rstrip("/") + PATH
    try:
        return Description.model_validate(wire.get(address).document())
    except BadAnswer as error:
        raise NoTradingSystem(f"{address} 没有给出系统说明：{error.seen.came_back[:120]}") from error
    except ValidationError as error:
        raise NoTradingSystem(
            f"{address} 的系统说明缺少 standard、code、title 或 addresses，无法检测。"
        ) from error
