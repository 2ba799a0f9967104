"""What was played: kept by the players as they go, held against the systems' records in the end."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from yuntai.bidtool import SealedBid
from yuntai.city.demo.scenes import Scene
from yuntai.city.sandbox.people import Person

CLOSED, OPENED, EVALUATED, CONTRACTED, FAILED = "closed", "opened", "evaluated", "contracted", "failed"


@dataclass(frozen=True)
class HandedIn:
    """An acknowledged bid.  receipt: as answered.  is_sealed_wrongly: planted, it will not open."""

    bidder: Person
    price: Decimal
    bid: SealedBid
    receipt: dict[str, Any]
    is_sealed_wrongly: bool = False


@dataclass
class PlayedTender:
    """One lot of a tender as it was played: most have a single one.

    number: of the lot, from 1.  bids: standing when the bidding ended.
    withdrawn: acknowledged, then taken back.
    reached: how far it was brought, of CLOSED, OPENED, EVALUATED, CONTRACTED, FAILED.
    """

    scene: Scene
    tender_code: str
    lot_code: str
    bids_due_at: datetime
    number: int = 1
    bids: list[HandedIn] = field(default_factory=list)
    withdrawn: list[HandedIn] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)

    @property
    def title(self) -> str:
        return self.scene.title_of(self.number)

    @property
    def ceiling(self) -> Decimal:
        return self.scene.ceiling_of(self.number)

    @property
    def acknowledged(self) -> list[HandedIn]:
        return [*self.bids, *self.withdrawn]


@dataclass
class Played:
    """The whole play.  tenders: each lot.  instants: what happened when, by the city's clock."""

    tenders: list[PlayedTender] = field(default_factory=list)
    instants: list[tuple[datetime, str]] = field(default_factory=list)

    def codes(self) -> list[str]:
        """Return the code of each tender once."""
        return list(dict.fromkeys(each.tender_code for each in self.tenders))

    def that(self, reached: str) -> list[PlayedTender]:
        """Return the lots that reached so far."""
        return [each for each in self.tenders if reached in each.reached]

    def of_part(self, *parts: str) -> list[PlayedTender]:
        """Return the lots of these parts."""
        return [each for each in self.tenders if each.scene.part in parts]
