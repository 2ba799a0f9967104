"""The acts of the play, each over HTTP and by the person whose act it is; `story` puts them in order."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from yuntai.bidtool import PublishedLot, Refused
from yuntai.city.demo import supervising, tendering
from yuntai.city.demo.bidding import Bidding, Offer
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.clock import CityClock
from yuntai.city.demo.concluding import Concluding
from yuntai.city.demo.played import CLOSED, CONTRACTED, EVALUATED, FAILED, OPENED, Played, PlayedTender
from yuntai.city.demo.portal import wait_until_published
from yuntai.city.demo.registering import register
from yuntai.city.demo.scenes import Scene
from yuntai.city.demo.teller import Teller
from yuntai.city.demo.waiting import Stuck
from yuntai.city.sandbox.people import Person
from yuntai.law.days import SHANGHAI, date_of, first_instant
from yuntai.standard.messages import AwardPublished, CandidatesPublished, TenderSuspended

MINUTE = timedelta(minutes=1)
STANDSTILL_DAYS = 4


class Play:
    """One play in a running city.  played: what was done, for the checks at the end."""

    def __init__(self, cast: Cast, teller: Teller) -> None:
        self.cast = cast
        self.clock = CityClock(cast.city)
        self.played = Played()
        self.teller = teller
        self.bidding = Bidding(cast, self.clock.now)
        self._concluding = Concluding(cast)

    def note(self, what: str, at: datetime | None = None) -> None:
        """Keep an instant for the account, and tell it."""
        instant = at or self.clock.now()
        self.played.instants.append((instant, what))
        self.teller.say(f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}  {what}")

    def register(self, people: Sequence[Person]) -> None:
        """Register the organizations of `people`."""
        with self.teller.counting("登记市场主体", len(people)) as done:
            for _ in register(self.cast, people):
                done()

    def put_out(self, scenes: Sequence[Scene]) -> list[tuple[PlayedTender, PublishedLot]]:
        """Draft a tender for each scene, publish each notice once its keys are there, and return the lots."""
        drafts = [tendering.draft(self.cast, scene, now=self.clock.now()) for scene in scenes]
        put_out: list[tuple[PlayedTender, PublishedLot]] = []
        for lots in drafts:
            self.played.tenders += lots
            put_out += zip(lots, tendering.publish(self.cast, lots), strict=True)
            self.note(f"发布公告：{lots[0].scene.past.title}（{lots[0].tender_code}）")
        return put_out

    def hand_in(self, tender: PlayedTender, lot: PublishedLot, offers: Sequence[Offer]) -> None:
        """Let the bidders hand in."""
        with self.teller.counting(f"密封并递交：{tender.title}", len(offers)) as done:
            self.bidding.hand_in_all(tender, lot, offers, done)

    def suspend_on_warning(self, tender: PlayedTender, lot: PublishedLot, refused: Offer) -> None:
        """Wait for supervision's warning, let the supervisor direct, and see that trading obeys.

        refused: a bid that is tried afterwards.

        :raises Stuck: it was taken all the same.
        """
        warning_id = supervising.warning_about(self.cast, tender)
        self.note(f"监管系统预警：{tender.title}投标期限不足")
        supervising.suspend(self.cast, warning_id)
        wait_until_published(self.cast, tender.tender_code, TenderSuspended)
        self._require_refused(lot, refused)
        self.note(f"交易系统按监督指令暂停：{tender.title}")

    def pass_deadline(self, tenders: Sequence[PlayedTender], ended: Sequence[PlayedTender] = ()) -> None:
        """Move the clock past the deadlines and wait until the lots are opened.

        ended: those that must come to their end unopened, with too few bids.
        """
        self.clock.go_to(max(tender.bids_due_at for tender in (*tenders, *ended)) + MINUTE)
        for tender in tenders:
            opened_at = self._concluding.wait_until_opened(tender)
            tender.reached |= {CLOSED, OPENED}
            self.note(f"开标：{tender.title}，{len(tender.bids)} 份", opened_at)
        for tender in ended:
            status = self._concluding.wait_until_ended(tender)
            if status != "unsuccessful":
                raise Stuck(
                    f"{tender.lot_code} 只有 {len(tender.bids)} 家投标，应为流标，结果却是 {status}。"
                )
            tender.reached |= {CLOSED, FAILED}
            self.note(f"流标：{tender.title}，{len(tender.bids)} 家投标，不足 3 家")

    def evaluate(self, tender: PlayedTender) -> CandidatesPublished:
        """Evaluate, publish the candidates, and return them as the platform shows them."""
        self._concluding.evaluate(tender)
        now = self.clock.now()
        closes_at = first_instant(date_of(now) + timedelta(days=STANDSTILL_DAYS))
        self._concluding.publish_candidates(tender, closes_at=closes_at)
        tender.reached.add(EVALUATED)
        self.note(f"公示中标候选人：{tender.title}")
        return wait_until_published(self.cast, tender.tender_code, CandidatesPublished)

    def conclude(self, tenders: Sequence[PlayedTender]) -> None:
        """Move the clock past the standstills, award, and have both sides sign."""
        ends = [
            wait_until_published(self.cast, tender.tender_code, CandidatesPublished).standstill_closes_at
            for tender in tenders
        ]
        self.clock.go_to(max(ends) + MINUTE)
        for tender in tenders:
            self._concluding.award(tender)
            award = wait_until_published(self.cast, tender.tender_code, AwardPublished)
            self.note(f"定标：{tender.title}，中标人 {award.supplier_name}")
            self._concluding.contract(tender, self._of_organization(award.supplier_code))
            tender.reached.add(CONTRACTED)
            self.note(f"签订合同：{tender.title}")

    def _require_refused(self, lot: PublishedLot, offer: Offer) -> None:
        try:
            self.bidding.hand_in(lot, offer)
        except Refused as refusal:
            if refusal.kind == "tender-suspended":
                return
            raise
        raise Stuck(f"{lot.tender_code} 已暂停，却仍接收了投标文件。")

    def _of_organization(self, code: str) -> Person:
        return next(person for person in self.cast.city.people() if person.organization.code == code)
