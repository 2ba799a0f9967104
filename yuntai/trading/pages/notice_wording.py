"""The tender notice that a draft starts with, from its facts; whoever publishes may change every word."""

from yuntai.kernel.templatetags.values import beijing, yuan
from yuntai.trading.pages.tender_facts import region_name
from yuntai.trading.tenders.models import Lot, Tender
from yuntai.trading.tenders.telling import page_of


def notice_draft(of: Tender, lots: list[Lot]) -> str:
    """Return a notice as plain text with what the public must be told (招标条件、内容、时间、方式、联系)."""
    project = of.project
    buyer = f"招标人：{project.initiator_name}（{project.initiator_code}）"
    agency = (
        f"招标代理机构：{of.agency_name}（{of.agency_code}）"
        if of.agency_name
        else "招标代理机构：无，自行招标"
    )
    return "\n".join(
        [
            f"一、招标条件：{project.name}（{project.code}）已具备招标条件，现对{of.title}进行{of.procedure.name}。",
            f"二、项目地点：{region_name(project.region_code)}，{project.place}。",
            "三、标段及金额：",
            *(f"  {number}. {_lot_line(lot)}" for number, lot in enumerate(lots, start=1)),
            f"四、招标文件：自本公告发布起至投标截止，免费下载，无须登录：{page_of(of)}",
            f"五、投标截止和开标时间：{beijing(of.bids_due_at)}（北京时间），在本系统公开开标。",
            "六、递交方式：投标文件在投标人的设备上密封后网上递交，截止前可以撤回；截止前任何人都不能打开。",
            f"七、评标办法：{of.evaluation.explanation()}",
            f"八、{buyer}。",
            f"九、{agency}。",
            f"十、联系方式：{of.contact}。",
        ]
    )


def _lot_line(lot: Lot) -> str:
    ceiling = lot.ceiling_price_yuan
    limit = f"最高投标限价 {yuan(ceiling)}" if ceiling is not None else "不设最高投标限价"
    return f"{lot.title}（{lot.code}）：合同估算价 {yuan(lot.estimated_yuan)}，{limit}。"
