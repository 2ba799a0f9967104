"""What comes next on a lot for one reader: the reader's own act, or whom it waits for.

A guide for pages only: whether an act is allowed, the services decide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from yuntai.kernel.accounts.caller import Caller
from yuntai.procedures.vocabulary import Milestone
from yuntai.trading.contracts.models import Contract, Side
from yuntai.trading.pages.keepers import shares_short
from yuntai.trading.pages.standing import Standing, standing_of, standing_suspension
from yuntai.trading.tenders.models import Lot


@dataclass(frozen=True)
class Step:
    """action: the verb when it is the reader's turn, "" when somebody else must act: `whom`, and what.

    due_at: until when, None when no limit is known.
    """

    url: str
    action: str = ""
    detail: str = ""
    whom: str = ""
    due_at: datetime | None = None
    cannot_be_undone: bool = False


@dataclass(frozen=True)
class Reading:
    """A lot as one reader sees it.  lot: with progress (contracts.queries.with_progress)."""

    lot: Lot
    caller: Caller
    standing: Standing

    def page(self, name: str) -> str:
        """Return the address of the lot's page `name`."""
        return reverse(name, args=[self.lot.code])

    def wait(self, whom: str, page: str = "") -> Step:
        """Return the step of waiting for `whom`, until the stage is due."""
        url = self.page(page) if page else reverse("tender", args=[self.lot.tender.code])
        return Step(url, whom=whom, due_at=self.standing.due_at)

    def contract(self) -> Contract | None:
        """Return the lot's contract, None before it is drawn up."""
        return getattr(self.lot, "contract", None)

    def has_signed(self, side: Side) -> bool:
        """Return whether that side has signed the contract."""
        contract = self.contract()
        return contract is not None and any(each.side == side for each in contract.signatures.all())


def buying_step(lot: Lot, caller: Caller, now: datetime) -> Step | None:
    """Return what comes next for the initiator or its agency; None when the lot has ended."""
    return _step(_BUYING, lot, caller, now)


def bidding_step(lot: Lot, caller: Caller, now: datetime) -> Step | None:
    """Return what comes next for an organization that has bid; None when nothing does."""
    return _step(_BIDDING, lot, caller, now)


def evaluating_step(lot: Lot, caller: Caller, now: datetime) -> Step | None:
    """Return what comes next for an expert; None when there is nothing to evaluate."""
    standing = standing_of(lot, now)
    if standing.stage is None or standing.stage.closes is not Milestone.EVALUATED:
        return None
    return _step(_EVALUATING, lot, caller, now)


def operating_step(lot: Lot, caller: Caller, now: datetime) -> Step | None:
    """Return what the operator waits for: it has no act in a trade."""
    return _step(_OPERATING, lot, caller, now)


Choice = Callable[[Reading], Step | None]


def _step(choices: dict[Milestone, Choice], lot: Lot, caller: Caller, now: datetime) -> Step | None:
    standing = standing_of(lot, now)
    if standing.stage is None:
        return None
    reading = Reading(lot, caller, standing)
    suspension = standing_suspension(lot.tender)
    if suspension is not None:
        by = suspension.directed_by or "行政监督部门"
        return Step(reading.wait("").url, whom=f"{by} 准予恢复")
    choice = choices.get(standing.stage.closes)
    return choice(reading) if choice else None


def _publish_candidates(reading: Reading) -> Step:
    return Step(
        reading.page("candidates"),
        "公示中标候选人",
        "已收到评标报告",
        due_at=reading.standing.due_at,
        cannot_be_undone=True,
    )


def _award(reading: Reading) -> Step:
    if "initiator" not in reading.caller.roles:
        return reading.wait("招标人定标")
    return Step(reading.page("award"), "定标", "公示期已满", cannot_be_undone=True)


def _contract_of_buyer(reading: Reading) -> Step:
    due_at = reading.standing.due_at
    if reading.contract() is None:
        return Step(reading.page("contract"), "拟定合同", "已定标", due_at=due_at)
    if reading.has_signed(Side.INITIATOR):
        return reading.wait("中标人签署合同", "contract")
    if reading.caller.organization_code != reading.lot.tender.project.initiator_code:
        return reading.wait("招标人签署合同", "contract")
    return Step(reading.page("contract"), "签署合同", "合同已拟定", due_at=due_at, cannot_be_undone=True)


def _contract_of_bidder(reading: Reading) -> Step | None:
    contract = reading.contract()
    if contract is None:
        return reading.wait("招标人拟定合同")
    if contract.supplier_code != reading.caller.organization_code:
        return None
    if reading.has_signed(Side.SUPPLIER):
        return reading.wait("招标人签署合同", "contract")
    return Step(
        reading.page("contract"),
        "签署合同",
        "本单位中标",
        due_at=reading.standing.due_at,
        cannot_be_undone=True,
    )


def _shares(reading: Reading) -> Step:
    short = shares_short(reading.lot)
    return reading.wait("密钥保管方释放份额" + (f"：{short}；办法见开标大厅" if short else ""), "opening")


_BUYING: dict[Milestone, Choice] = {
    Milestone.BIDS_DUE: lambda reading: reading.wait("投标截止", "opening"),
    Milestone.OPENED: lambda reading: reading.wait("密钥保管方释放份额后开标", "opening"),
    Milestone.EVALUATED: lambda reading: reading.wait("评标专家提交评标报告"),
    Milestone.STANDSTILL_OPEN: _publish_candidates,
    Milestone.STANDSTILL_CLOSED: lambda reading: reading.wait("公示期满"),
    Milestone.AWARDED: _award,
    Milestone.CONTRACT_SIGNED: _contract_of_buyer,
}
_BIDDING: dict[Milestone, Choice] = {
    Milestone.BIDS_DUE: lambda reading: reading.wait("投标截止（此前可撤回）", "bid"),
    Milestone.OPENED: lambda reading: reading.wait("密钥保管方释放份额后开标", "opening"),
    Milestone.EVALUATED: lambda reading: reading.wait("评标专家提交评标报告"),
    Milestone.STANDSTILL_OPEN: lambda reading: reading.wait("招标人公示中标候选人"),
    Milestone.STANDSTILL_CLOSED: lambda reading: reading.wait("公示期满"),
    Milestone.AWARDED: lambda reading: reading.wait("招标人定标"),
    Milestone.CONTRACT_SIGNED: _contract_of_bidder,
}
_EVALUATING: dict[Milestone, Choice] = {
    Milestone.EVALUATED: lambda reading: Step(reading.page("evaluation"), "评审", "已开标，等待评标报告"),
}
_OPERATING: dict[Milestone, Choice] = {
    Milestone.OPENED: _shares,
}
