"""The words of the contract, from the facts of tender, award and winning bid."""

from datetime import datetime

from yuntai.law.clauses import clause
from yuntai.law.days import date_of
from yuntai.standard.money import in_capitals
from yuntai.trading.awards.models import Award
from yuntai.trading.opening.models import OpenedBid
from yuntai.trading.tenders.models import Lot, Tender

BY_LAW = ("tendering/46", "tendering-rules/57")


def contract_text(*, lot: Lot, award: Award, bid: OpenedBid) -> str:
    """Return the contract as plain text; price, duration and quality are those of the winning bid.

    Source: 招标投标法实施条例 art. 57, the contract departs from neither documents nor bid.
    """
    tender = lot.tender
    project = tender.project
    return "\n".join(
        [
            f"合同编号：{lot.code}-HT",
            f"项目名称：{project.name}（投资项目编号 {project.code}{_investment(project.investment_code)}）",
            f"招标项目：{tender.title}（招标项目编号 {tender.code}）",
            f"标段：{lot.title}（标段编号 {lot.code}）",
            f"工程地点：{project.place}",
            f"发包人（招标人）：{project.initiator_name}（统一社会信用代码 {project.initiator_code}）",
            f"承包人（中标人）：{award.supplier_name}（统一社会信用代码 {award.supplier_code}）",
            "",
            _grounds(tender, award),
            "",
            f"一、签约合同价：{in_capitals(award.price_yuan)}（小写：{award.price_yuan:,.2f} 元）。",
            f"二、工期：{bid.duration_days} 日历天。",
            f"三、质量标准：{bid.form['quality']}。",
            f"四、项目负责人：{bid.form['project_lead']}。",
            "五、合同文件包括：本合同、中标通知书、中标人的投标文件、招标文件及其澄清与修改。",
            f"    招标文件清单摘要（SHA-256）：{tender.documents_sha256}。",
            f"    投标文件密封头摘要（SHA-256）：{bid.envelope.header_sha256}。",
            "六、双方不得再行订立背离合同实质性内容的其他协议。",
            "",
            "本合同以数据电文形式订立，自双方以数字证书签署之日起成立。",
        ]
    )


def _grounds(tender: Tender, award: Award) -> str:
    noticed = f" {_day(tender.documents_open_at)}发布的招标公告" if tender.documents_open_at else "招标公告"
    laws = "、".join(clause(key).citation for key in BY_LAW)
    return (
        f"发包人依{noticed}公开招标，于 {_day(award.awarded_at)}定标并向承包人发出中标通知书"
        f"（中标结果公告同日发布）。双方依据{laws}，按照招标文件和承包人的投标文件订立本合同。"
    )


def _day(at: datetime) -> str:
    day = date_of(at)
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _investment(code: str) -> str:
    return f"，投资项目统一代码 {code}" if code else ""
