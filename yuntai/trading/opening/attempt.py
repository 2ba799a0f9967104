"""What opening a lot would give with the releases at hand, and whether that decides it.  Changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from yuntai.trading.bids.queries import sealed_acts, standing_envelopes
from yuntai.trading.opening.closed_set import why_changed
from yuntai.trading.opening.models import BidSetClose, Outcome, ShareRelease, StaysSealed
from yuntai.trading.opening.queries import closed_headers
from yuntai.trading.opening.unsealing import Material, RevealedAct, UnsealedBid, unseal_acts, unseal_bids
from yuntai.trading.tenders.models import Lot
from yuntai.trading.tenders.queries import holder_keys
from yuntai.trust.sealing import HOLDERS

NOTHING_OPENS = (
    "没有一份投标文件能够打开，且原因不都在投标人。此属异常情况，不作流标处理，投标文件仍处于密封状态；"
    "请运营机构查明。保管方重新释放份额或密文恢复后，系统自动再次开标。"
)


@dataclass(frozen=True)
class Attempt:
    """What came out with the releases at hand; nothing of it is stored yet.

    letters: of the holders that released.  changed: how the stored set differs from the one closed, "" when
    it does not; when it does, nothing was tried.
    """

    bids: list[UnsealedBid]
    acts: list[RevealedAct]
    letters: str
    changed: str = ""

    @property
    def doubtful(self) -> str:
        """Letters with a share that did not fit, in the holders' order."""
        named = {letter for bid in self.bids for letter in bid.holder_faults}
        return "".join(letter for letter in HOLDERS if letter in named)

    def stays_sealed(self) -> tuple[StaysSealed, str] | None:
        """Return why the lot must stay sealed, with the sentence for everyone; None when all is decided.

        A bid that fails through its own bidder, or whose ciphertext is gone, waits for no share.  When three
        releases do not open every other bid, the fourth decides.  With all four, a bid that lacks shares is
        decided (not the bidder's fault) as long as others open: they are not held back (Decree 20 art. 31).
        """
        if self.changed:
            return StaysSealed.SET_CHANGED, self.changed
        missing = [letter for letter in HOLDERS if letter not in self.letters]
        lacking = any(bid.lacks_shares for bid in self.bids) or any(act.lacks_shares for act in self.acts)
        if missing and lacking:
            named = f"保管方 {'、'.join(self.doubtful)} 的份额未通过核对，" if self.doubtful else ""
            return StaysSealed.SHARES_LACKING, (
                f"{named}现有份额不足以打开全部密封包，全部投标文件仍处于密封状态。"
                f"等待保管方 {'、'.join(missing)} 释放份额后开标；份额有误的保管方也可以重新释放。"
            )
        outcomes = {bid.outcome for bid in self.bids}
        if Outcome.OPENED not in outcomes and Outcome.PLATFORM_FAULT in outcomes:
            return StaysSealed.NOTHING_OPENS, NOTHING_OPENS
        return None


def try_to_open(its_lot: Lot, close: BidSetClose, releases: Mapping[str, ShareRelease]) -> Attempt:
    """Return what comes out of the closed set; nothing is opened when the stored set is not the one closed.

    releases: the standing ones, by letter.
    """
    letters, envelopes = "".join(sorted(releases)), standing_envelopes(its_lot)
    changed = why_changed(close, closed_headers(its_lot), bids=len(envelopes))
    if changed:
        return Attempt([], [], letters, changed)
    shares = {letter: release.statement["shares"] for letter, release in releases.items()}
    material = Material(its_lot, shares, holder_keys(its_lot))
    return Attempt(unseal_bids(material, envelopes), unseal_acts(material, sealed_acts(its_lot)), letters)
