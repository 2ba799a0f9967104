"""From the opening to the contract: evaluation, candidates, award, and both signatures."""

from datetime import datetime

from yuntai.bidtool import Session, published_lot
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.played import PlayedTender
from yuntai.city.demo.tendering import drafter
from yuntai.city.demo.waiting import wait_for
from yuntai.city.sandbox.people import Person
from yuntai.trust.base64url import base64url

OPENED = "opened"


class Concluding:
    """The acts after the deadline, for one tender at a time."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._visitor = cast.visitor(cast.trading)

    def wait_until_opened(self, tender: PlayedTender) -> datetime:
        """Return when the lot was opened, once it is."""

        def opened() -> datetime | None:
            return published_lot(self._visitor, tender.lot_code).milestones.get(OPENED)

        return wait_for(f"{tender.lot_code} 开标", opened)

    def wait_until_ended(self, tender: PlayedTender) -> str:
        """Return the final status of the lot, once it has one."""
        return wait_for(
            f"{tender.lot_code} 结束", lambda: published_lot(self._visitor, tender.lot_code).final_status
        )

    def evaluate(self, tender: PlayedTender) -> None:
        """Let the expert confirm the computed scoring."""
        expert = self._cast.at_trading(self._cast.one("expert"))
        expert.post(_lot(tender, "evaluation"), {"opinion": "经核对，同意按评标办法计算的结果（演示）。"})

    def publish_candidates(self, tender: PlayedTender, *, closes_at: datetime) -> None:
        """Publish the candidates until `closes_at`."""
        session = self._cast.at_trading(drafter(self._cast, tender.scene))
        session.post(_lot(tender, "candidates"), {"closes_at": closes_at.isoformat()})

    def award(self, tender: PlayedTender) -> None:
        """Let the initiator decide the award."""
        self._initiator().post(_lot(tender, "award"), {})

    def contract(self, tender: PlayedTender, supplier: Person) -> None:
        """Draw up the contract and sign it, the initiator first."""
        drawn_up = self._initiator().post(_lot(tender, "contract"), {})
        for person in (self._cast.one("initiator"), supplier):
            key = self._cast.key(person)
            self._cast.at_trading(person).post(
                _lot(tender, "contract/signatures"),
                {
                    "certificate": base64url(key.certificate),
                    "signature": base64url(key.sign(drawn_up["to_sign"].encode())),
                },
            )

    def _initiator(self) -> Session:
        return self._cast.at_trading(self._cast.one("initiator"))


def _lot(tender: PlayedTender, act: str) -> str:
    return f"/api/v1/lots/{tender.lot_code}/{act}"
