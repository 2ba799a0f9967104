"""The holder's end of the connection to the trading system."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

import httpx
from pydantic import ValidationError

from yuntai.holder.home import Home, LotKey
from yuntai.holder.release import Release
from yuntai.holder.wire import Statement, Work, instant, signed
from yuntai.trust.base64url import base64url

TIMEOUT_SECONDS = 10.0
REQUESTS = {"work": "询问待办", "keys": "提交公钥", "shares": "释放份额"}


class TradingUnreachable(Exception):
    """No answer, or none that can be used; worth another try later."""


class TradingRefused(TradingUnreachable):
    """It answered and said no; asking the same again will not help."""


class Trading:
    """Signed requests to one trading system.  client: its base_url is the system's address."""

    def __init__(self, client: httpx.Client, home: Home) -> None:
        self._client = client
        self._home = home

    def work(self, now: datetime) -> Work:
        """Ask what is wanted.

        :raises TradingUnreachable: no usable answer.
        """
        nonce = secrets.token_hex(16)
        answer = self._post("work", {"issued_at": instant(now), "nonce": nonce})
        try:
            return Work.model_validate_json(answer.content)
        except ValidationError as error:
            place = ".".join(str(step) for step in error.errors()[0]["loc"]) or "整体"
            raise TradingUnreachable(f"待办清单的格式不对（{place}）。请向交易系统运营机构查问。") from error

    def give_key(self, key: LotKey) -> None:
        """Hand in the public key of a lot.

        :raises TradingUnreachable: no answer.
        :raises TradingRefused: it was not taken.
        """
        self._post(
            "keys",
            {"lot": key.lot, "opens_at": instant(key.opens_at), "public_key": base64url(key.public_key)},
        )

    def give_shares(self, lot: str, release: Release) -> None:
        """Hand in the shares of a closed set.

        :raises TradingUnreachable: no answer.
        :raises TradingRefused: they were not taken.
        """
        shares = _as_text(release.shares)
        self._post("shares", {"lot": lot, "root": release.root, "shares": shares})

    def _post(self, what: str, said: Statement) -> httpx.Response:
        statement: Statement = {"holder": self._home.letter, **said}
        try:
            answer = self._client.post(f"/holders/v1/{what}", json=signed(statement, self._home.signing_key))
        except httpx.HTTPError as error:
            raise TradingUnreachable(
                f"{REQUESTS[what]}没有得到应答（{error}）。请核对 --trading 的地址和网络。"
            ) from error
        if not answer.is_success:
            kind = TradingRefused if answer.is_client_error else TradingUnreachable
            raise kind(f"{REQUESTS[what]}没有成功（{answer.status_code}）：{_sentence(answer)}")
        return answer


def _sentence(answer: httpx.Response) -> str:
    """Return what a problem document says to a person, the beginning of any other answer."""
    with suppress(ValueError, KeyError, TypeError):
        return str(answer.json()["detail"])
    return answer.text[:200]


def _as_text(shares: Mapping[str, bytes | None]) -> dict[str, str | None]:
    return {name: None if share is None else base64url(share) for name, share in shares.items()}
