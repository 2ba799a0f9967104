"""The initiator's side up to the notice: project, tender, documents, notice."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from yuntai.bidtool import PublishedLot, Refused, published_lot
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.played import PlayedTender
from yuntai.city.demo.scenes import Scene
from yuntai.city.demo.waiting import wait_for
from yuntai.city.sandbox.people import Person
from yuntai.law.days import date_of, first_instant
from yuntai.standard.money import in_capitals, to_text

PROCEDURE = "construction.open-tender"
OPENING_TIME = timedelta(hours=9, minutes=30)
DOCUMENT = "招标文件（演示）.txt"


def draft(cast: Cast, scene: Scene, *, now: datetime) -> list[PlayedTender]:
    """Register the project, draft the tender and add its documents; return its lots."""
    session = cast.at_trading(drafter(cast, scene))
    past = scene.past
    project = session.post(
        "/api/v1/projects",
        {
            "name": past.title,
            "region_code": past.region_code,
            "place": past.place,
            "initiator_code": cast.one("initiator").organization.code if scene.by_agency else "",
        },
    )
    if scene.by_agency:
        _appoint(cast, project["code"])
    due_at = deadline(now, scene.days)
    tender = session.post(
        "/api/v1/tenders",
        {
            "project_code": project["code"],
            "title": past.title,
            "procedure_code": PROCEDURE,
            "must_tender": scene.must_tender,
            "suite": scene.suite,
            "bids_due_at": due_at.isoformat(),
            "contact": f"{drafter(cast, scene).name} 0518-00000000（演示）",
            "lots": [_lot(scene, number) for number in range(1, scene.lots + 1)],
            "demonstration": True,
            "origin": scene.origin,
        },
    )
    session.put(f"/api/v1/tenders/{tender['code']}/documents/{DOCUMENT}", document_text(scene).encode())
    return [
        PlayedTender(scene, tender["code"], lot_code, due_at, number)
        for number, lot_code in enumerate(tender["lots"], start=1)
    ]


def _lot(scene: Scene, number: int) -> dict[str, str]:
    ceiling = to_text(scene.ceiling_of(number))
    # The sources give the ceiling and no estimate; the play takes one for the other.
    return {
        "title": scene.lot_title(number),
        "estimated_yuan": ceiling,
        "ceiling_price_yuan": ceiling,
    }


def _appoint(cast: Cast, project_code: str) -> None:
    """Let the initiator appoint the agency that registered the project for it."""
    agency_code = cast.one("agency").organization.code
    initiator = cast.at_trading(cast.one("initiator"))
    initiator.post(f"/api/v1/projects/{project_code}/agency", {"agency_code": agency_code})


def publish(cast: Cast, lots: Sequence[PlayedTender]) -> list[PublishedLot]:
    """Publish the notice of a tender with these lots as soon as all holders have made their keys.

    Returns the lots as published.
    """
    tender = lots[0]
    session = cast.at_trading(drafter(cast, tender.scene))

    def try_once() -> bool:
        try:
            session.post(
                f"/api/v1/tenders/{tender.tender_code}/notice",
                {"text": notice_text(tender.scene, tender.bids_due_at)},
            )
        except Refused as refusal:
            if refusal.kind == "holder-keys-missing":
                return False
            raise
        return True

    wait_for(f"{tender.lot_code} 的四把开标公钥", try_once)
    return [published_lot(cast.visitor(cast.trading), lot.lot_code) for lot in lots]


def drafter(cast: Cast, scene: Scene) -> Person:
    """Return who acts for the buying side of a scene."""
    return cast.one("agency" if scene.by_agency else "initiator")


def deadline(now: datetime, days: int) -> datetime:
    """Return 09:30 in Shanghai, `days` days after the date of `now`."""
    return first_instant(date_of(now) + timedelta(days=days)) + OPENING_TIME


def notice_text(scene: Scene, bids_due_at: datetime) -> str:
    """Return the text of the notice."""
    return "\n".join(
        [
            f"{scene.past.title}已具备招标条件，现进行公开招标。",
            f"建设地点：{scene.past.place}。",
            *(_ceiling_line(scene, number) for number in range(1, scene.lots + 1)),
            f"投标截止时间：{bids_due_at:%Y-%m-%d %H:%M}（北京时间）。",
            "逾期或未加密的投标文件不予接收。",
            "投标文件在投标人的设备上加密，截止后由开标密钥保管方四取三开启。",
            f"本公告为演示：{scene.origin}",
        ]
    )


def _ceiling_line(scene: Scene, number: int) -> str:
    ceiling = scene.ceiling_of(number)
    of_lot = "" if scene.lots == 1 else f"（{scene.lot_title(number)}）"
    return f"最高投标限价{of_lot}：{to_text(ceiling)} 元（{in_capitals(ceiling)}）。"


def document_text(scene: Scene) -> str:
    """Return the tender documents: short, since the play is about the way and not the words."""
    return "\n".join(
        [
            f"{scene.past.title} 招标文件（演示）",
            f"一、招标范围：{scene.past.title}的施工。建设地点：{scene.past.place}。",
            "二、最高投标限价：见招标公告，按标段。高于限价的投标予以否决。",
            "三、评标办法：评标基准价 A×K，参数见招标项目页。",
            "四、补救方案：非投标人原因未能解密的，视为撤回，由责任方承担直接损失。",
            f"五、来源：{scene.origin}",
            "",
        ]
    )
