"""The initiator's side up to the notice: project, tender, documents, notice."""

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


def draft(cast: Cast, scene: Scene, *, now: datetime) -> PlayedTender:
    """Register the project, draft the tender with one lot and add its documents."""
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
            "lots": [
                {
                    "title": past.title,
                    # The sources give the ceiling and no estimate; the play takes one for the other.
                    "estimated_yuan": to_text(scene.ceiling),
                    "ceiling_price_yuan": to_text(scene.ceiling),
                }
            ],
            "demonstration": True,
            "origin": scene.origin,
        },
    )
    session.put(f"/api/v1/tenders/{tender['code']}/documents/{DOCUMENT}", document_text(scene).encode())
    return PlayedTender(scene, tender["code"], tender["lots"][0], due_at)


def _appoint(cast: Cast, project_code: str) -> None:
    """Let the initiator appoint the agency that registered the project for it."""
    agency_code = cast.one("agency").organization.code
    initiator = cast.at_trading(cast.one("initiator"))
    initiator.post(f"/api/v1/projects/{project_code}/agency", {"agency_code": agency_code})


def publish(cast: Cast, tender: PlayedTender) -> PublishedLot:
    """Publish the notice as soon as all four holders have made their keys; return the lot as published."""
    session = cast.at_trading(drafter(cast, tender.scene))

    def try_once() -> bool:
        try:
            session.post(f"/api/v1/tenders/{tender.tender_code}/notice", {"text": notice_text(tender)})
        except Refused as refusal:
            if refusal.kind == "holder-keys-missing":
                return False
            raise
        return True

    wait_for(f"{tender.lot_code} 的四把开标公钥", try_once)
    return published_lot(cast.visitor(cast.trading), tender.lot_code)


def drafter(cast: Cast, scene: Scene) -> Person:
    """Return who acts for the buying side of a scene."""
    return cast.one("agency" if scene.by_agency else "initiator")


def deadline(now: datetime, days: int) -> datetime:
    """Return 09:30 in Shanghai, `days` days after the date of `now`."""
    return first_instant(date_of(now) + timedelta(days=days)) + OPENING_TIME


def notice_text(tender: PlayedTender) -> str:
    """Return the text of the notice."""
    scene = tender.scene
    return "\n".join(
        [
            f"{scene.past.title}已具备招标条件，现进行公开招标。",
            f"建设地点：{scene.past.place}。",
            f"最高投标限价：{to_text(scene.ceiling)} 元（{in_capitals(scene.ceiling)}）。",
            f"投标截止时间：{tender.bids_due_at:%Y-%m-%d %H:%M}（北京时间）。",
            "逾期或未加密的投标文件不予接收。",
            "投标文件在投标人的设备上加密，截止后由开标密钥保管方四取三开启。",
            f"本公告为演示：{scene.origin}",
        ]
    )


def document_text(scene: Scene) -> str:
    """Return the tender documents: short, since the play is about the way and not the words."""
    return "\n".join(
        [
            f"{scene.past.title} 招标文件（演示）",
            f"一、招标范围：{scene.past.title}的施工。建设地点：{scene.past.place}。",
            f"二、最高投标限价：{to_text(scene.ceiling)} 元。高于限价的投标予以否决。",
            "三、评标办法：评标基准价 A×K，参数见招标项目页。",
            "四、补救方案：非投标人原因未能解密的，视为撤回，由责任方承担直接损失。",
            f"五、来源：{scene.origin}",
            "",
        ]
    )
