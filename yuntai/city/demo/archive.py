"""The outside system `history-archive`: sends the tenders of the past over the published exchange interface.

It uses what any vendor's system can use: its own key, the list of systems, `yuntai.standard`.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import httpx

from yuntai.city.city import City
from yuntai.city.demo.scenes import PastTender
from yuntai.city.files import read_json, write_json
from yuntai.standard.client import ExchangeClient
from yuntai.standard.messages import TenderHistoryRecorded
from yuntai.standard.receipts import MOST_MESSAGES
from yuntai.standard.stream import Rejected, Stream
from yuntai.trust import signing
from yuntai.trust.base64url import from_base64url

CODE = "history-archive"
STREAM = "history"


class Archive:
    """The archive's sending side.  What it numbered is kept, so that a second play sends nothing twice."""

    def __init__(self, city: City) -> None:
        folder = city.folder.home / "files" / CODE
        folder.mkdir(parents=True, exist_ok=True)
        platform = city.topology.platform
        self._numbered_file = folder / "numbered.json"
        self._platform_url = f"{platform.url}/exchange/v1/messages"
        self._platform_key = public_key_of(city.folder.peers_file, platform.code)
        self._platform_code = platform.code
        key = signing.load_private(city.connected_key(CODE))
        self._stream = Stream(
            iss=CODE, aud=platform.code, stream=STREAM, private_key=key, file=folder / "stream.jsonl"
        )

    def waiting(self, tenders: Iterable[PastTender]) -> list[PastTender]:
        """Return those that were not sent yet."""
        numbered = self._numbered()
        return [tender for tender in tenders if tender.source_id not in numbered]

    def send(self, waiting: Sequence[PastTender], *, now: datetime) -> Iterator[int]:
        """Send what `waiting` gave; yield after each batch how many went.

        :raises ArchiveRefused: the platform rejected a message.
        """
        numbered = self._numbered()
        with httpx.Client(trust_env=False) as transport:
            client = ExchangeClient(
                url=self._platform_url,
                receiver_code=self._platform_code,
                receiver_public_key=self._platform_key,
                transport=transport,
            )
            for start in range(0, len(waiting), MOST_MESSAGES):
                batch = waiting[start : start + MOST_MESSAGES]
                for tender in batch:
                    self._stream.next(history_of(tender, now=now), now=now)
                numbered |= {tender.source_id for tender in batch}
                write_json(self._numbered_file, {"source_ids": sorted(numbered)})
                _require_none(client.deliver(self._stream))
                yield len(batch)

    def _numbered(self) -> set[str]:
        return set(read_json(self._numbered_file).get("source_ids", []))


class ArchiveRefused(Exception):
    """The platform rejected a message of the archive.  str(error): the platform's Chinese sentence."""


def history_of(tender: PastTender, *, now: datetime) -> TenderHistoryRecorded:
    """Return the message that tells of a tender of the past."""
    return TenderHistoryRecorded(
        occurred_at=now,
        source_id=tender.source_id,
        title=tender.title,
        kind=tender.kind,
        region_code=tender.region_code,
        place=tender.place,
        method=tender.method,
        ceiling_price_yuan=tender.ceiling_price_yuan,
        bidder_count=tender.bidder_count,
        opened_on=date.fromisoformat(tender.opened_on),
        origin=tender.origin,
        url=tender.url,
    )


def public_key_of(peers_file: Path, code: str) -> bytes:
    """Return the Ed25519 key of a system, from the list that every connected system is given."""
    listed = json.loads(peers_file.read_text(encoding="utf-8"))
    return from_base64url(next(row["public_key"] for row in listed if row["code"] == code))


def _require_none(rejected: tuple[Rejected, ...]) -> None:
    if rejected:
        raise ArchiveRefused(f"历史报文第 {rejected[0].seq} 号被退回：{rejected[0].reason}")
