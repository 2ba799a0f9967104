"""What was played: kept by the players as they go, held against the systems' records in the end."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from yuntai.bidtool import SealedBid
from yuntai.city.demo.scenes import Scene
from yuntai.city.sandbox.people import Person

CLOSED, OPENED, EVALUATED, CONTRACTED = "closed", "opened", "evaluated", "contracted"


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
    """One tender as it was played.

    bids: standing when the bidding ended.  withdrawn: acknowledged, then taken back.
    reached: how far it was brought, of CLOSED, OPENED, EVALUATED, CONTRACTED.
    """

    scene: Scene
    tender_code: str
    lot_code: str
    bids_due_at: datetime
    bids: list[HandedIn] = field(default_factory=list)
    withdrawn: list[HandedIn] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)

    @property
    def acknowledged(self) -> list[HandedIn]:
        return [*self.bids, *self.withdrawn]


@dataclass
class Played:
    """The whole play.  instants: what happened when, by the city's clock."""

    tenders: list[PlayedTender] = field(default_factory=list)
    instants: list[tuple[datetime, str]] = field(default_factory=list)

    def that(self, reached: str) -> list[PlayedTender]:
        """Return the tenders that reached so far."""
        return [each for each in self.tenders if reached in each.reached]

    def of_part(self, *parts: str) -> list[PlayedTender]:
        """Return the tenders of these parts."""
        return [each for each in self.tenders if each.scene.part in parts]
