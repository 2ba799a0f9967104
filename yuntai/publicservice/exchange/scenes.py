"""Where a message belongs: the industry of its sender, and the place of the tender that it is about.

Most messages do not say the place; it is remembered from the registration of the tender.
"""

from collections.abc import Mapping, Sequence

from yuntai.kernel.inbox.acceptance import Examined
from yuntai.kernel.peers import Peer
from yuntai.publicservice.exchange.routing import Scene
from yuntai.publicservice.systems.areas import Areas, watches
from yuntai.publicservice.systems.models import SupervisedArea, TenderPlace
from yuntai.standard.messages import (
    Message,
    RecordCorrected,
    RecordSubmitted,
    ResumptionDirected,
    SuspensionDirected,
    TenderRegistered,
)


class Scenes:
    """The scenes of one batch; it remembers the places that the batch itself tells of.

    Use it in the storing transaction.
    """

    def __init__(self, taken: Sequence[Examined]) -> None:
        self._areas = all_areas()
        told = {_tender_of(each.message): each.sender.code for each in taken if each.message is not None}
        self._places = _known_places(told)
        new = {
            (each.sender.code, each.message.tender_code): each.message.region_code
            for each in taken
            if isinstance(each.message, TenderRegistered)
        }
        TenderPlace.objects.bulk_create(
            (
                TenderPlace(author=author, tender_code=code, region_code=region)
                for (author, code), region in new.items()
            ),
            update_conflicts=True,
            unique_fields=["author", "tender_code"],
            update_fields=["region_code"],
        )
        self._places |= new

    def of(self, examined: Examined) -> Scene:
        """Return the scene of one message of the batch."""
        sender, message = examined.sender, examined.message
        place = self._places.get((sender.code, _tender_of(message))) if message is not None else ""
        return Scene(sender.industry, place or _said(message) or sender.region, self._areas)


def scene_of(system: Peer) -> Scene:
    """Return the scene of what concerns a system itself."""
    return Scene(system.industry, system.region, all_areas())


def all_areas() -> Areas:
    """Return the routing table: the areas of each supervision system that has rows in it."""
    table: dict[str, list[tuple[str, str]]] = {}
    for code, industry, region in SupervisedArea.objects.values_list(
        "system__code", "industry", "region_code"
    ):
        table.setdefault(code, []).append((industry, region))
    return table


def why_outside(message: Message, author: Peer) -> str:
    """Return why an authority must not direct a tender, one Chinese sentence; "" when it may."""
    if not isinstance(message, SuspensionDirected | ResumptionDirected):
        return ""
    tender = TenderPlace.objects.filter(author=message.target_system, tender_code=message.tender_code).first()
    if tender is None or watches(author, all_areas(), author.industry, tender.region_code):
        return ""
    return (
        f"{message.tender_code} 所在地区 {tender.region_code} 不在 {author.code} 的监督范围内，指令不予转送。"
        "请由有管辖权的监督部门作出。"
    )


def _tender_of(message: Message | None) -> str:
    return str(getattr(message, "tender_code", ""))


def _said(message: Message | None) -> str:
    if isinstance(message, RecordSubmitted | RecordCorrected):
        return message.fields.get("REGION_CODE", "")
    return str(getattr(message, "region_code", ""))


def _known_places(told: Mapping[str, str]) -> dict[tuple[str, str], str]:
    known = TenderPlace.objects.filter(tender_code__in=[code for code in told if code])
    return {(row.author, row.tender_code): row.region_code for row in known}
