"""The whole play: real tenders from notice to contract, beside them what goes wrong and what stays open.

One timeline for all: notices on the first day, bids until the deadline three weeks later, candidates for some
days, contracts; last of all the tenders that stay open for whoever comes next.
"""

from collections.abc import Sequence

from yuntai.bidtool import PublishedLot
from yuntai.city.demo import prices, scenes
from yuntai.city.demo.archive import Archive
from yuntai.city.demo.bidding import Offer
from yuntai.city.demo.play import Play
from yuntai.city.demo.played import PlayedTender
from yuntai.city.demo.registering import traders
from yuntai.city.demo.scenes import PastTender, Scene
from yuntai.city.demo.secrecy import Secrecy
from yuntai.city.sandbox.people import Person

SPOILT_AT, DEAR_AT, REPLACED_AT = 7, 11, 23
MANY_AND_MORE = 30  # a tender so large has room for the planted bids


class Story:
    """The order of the acts."""

    def __init__(self, play: Play, past: Sequence[PastTender]) -> None:
        self._play = play
        self._past = past
        self._scenes = scenes.scenes(past)
        self.secrecy = Secrecy(play.cast)

    def tell(self) -> None:
        """Play everything."""
        self._prepare()
        put_out = self._play.put_out(
            self._of(*scenes.TO_CONTRACT, scenes.SHORT, scenes.TOO_FEW, scenes.STANDSTILL, scenes.TWO_LOTS)
        )
        self.secrecy.look_before()
        self._bid(put_out)
        self.secrecy.look_after(self._play.played)
        self._until_the_contracts()
        self._leave_open()

    def _prepare(self) -> None:
        play = self._play
        play.register(traders(play.cast.city.people()))
        play.note("市场主体登记完毕")
        archive = Archive(play.cast.city)
        waiting = archive.waiting(self._past)
        with play.teller.counting("历史项目入库", len(waiting)) as done:
            for sent in archive.send(waiting, now=play.clock.now()):
                for _ in range(sent):
                    done()
        play.note(f"历史项目 {len(self._past)} 个已在公共服务平台")

    def _bid(self, put_out: Sequence[tuple[PlayedTender, PublishedLot]]) -> None:
        play = self._play
        for tender, lot in put_out:
            offers = self._offers(tender)
            play.hand_in(tender, lot, offers)
            if tender.scene.part == scenes.SHORT:
                late = Offer(self._bidders(tender.scene)[-1], offers[0].price)
                play.suspend_on_warning(tender, lot, late)
            if tender.scene.part == scenes.MANY:
                again = offers[REPLACED_AT]
                better = prices.draw_prices(f"{tender.tender_code} again", tender.ceiling, 1)[0]
                play.bidding.replace(tender, lot, Offer(again.bidder, better))
                play.note(f"{again.bidder.organization.name} 撤回并重新递交：{tender.title}")

    def _until_the_contracts(self) -> None:
        play, played = self._play, self._play.played
        followed, failing = played.of_part(scenes.TWO_LOTS)
        to_contract = [*played.of_part(*scenes.TO_CONTRACT), followed]
        standing = played.of_part(scenes.STANDSTILL)
        play.pass_deadline([*to_contract, *standing], ended=[*played.of_part(scenes.TOO_FEW), failing])
        for tender in to_contract:
            play.evaluate(tender)
        play.conclude(to_contract)
        for tender in standing:
            play.evaluate(tender)

    def _leave_open(self) -> None:
        for tender, lot in self._play.put_out(self._of(scenes.OPEN)):
            self._play.hand_in(tender, lot, self._offers(tender))

    def _of(self, *parts: str) -> list[Scene]:
        return [scene for part in parts for scene in self._scenes[part]]

    def _bidders(self, scene: Scene) -> list[Person]:
        """Return who bids: in the smallest tender the main bidders, whom a visitor can log in as."""
        if scene.part == scenes.FEW:
            return [person for person in self._play.cast.city.people() if person.role == "bidder"]
        return self._play.cast.crowd()

    def _offers(self, tender: PlayedTender) -> list[Offer]:
        """Return what is handed in.  The seed names the lot, so that no two plays share a price."""
        scene = tender.scene
        bids = scene.bids if tender.number == 1 else scenes.BIDS_OF_FAILED_LOT
        drawn = prices.draw_prices(f"{scene.past.source_id} {tender.lot_code}", tender.ceiling, bids)
        offers = [Offer(*pair) for pair in zip(self._bidders(scene), drawn, strict=False)]
        if len(offers) >= MANY_AND_MORE:
            offers[SPOILT_AT] = Offer(offers[SPOILT_AT].bidder, drawn[SPOILT_AT], is_sealed_wrongly=True)
            offers[DEAR_AT] = Offer(offers[DEAR_AT].bidder, prices.above(tender.ceiling))
        return offers
