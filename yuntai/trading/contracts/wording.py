"""The words of the contract, from the facts of tender, award and winning bid."""

from yuntai.standard.money import in_capitals, to_text
from yuntai.trading.awards.models import Award
from yuntai.trading.opening.models import OpenedBid
from yuntai.trading.tenders.models import Lot


def contract_text(*, lot: Lot, award: Award, bid: OpenedBid) -> str:
    """Return the contract as plain text; price, duration and quality are those of the winning bid.

    Source: 招标投标法实施条例 art. 57, the contract departs from neither documents nor bid.
    """
    project = lot.tender.project
    return "\n".join(
        [
            f"合同编号：{lot.code}-HT",
            f"发包人：{project.initiator_name}（{project.initiator_code}）",
            f"承包人：{award.supplier_name}（{award.supplier_code}）",
            f"工程名称：{lot.title}",
            f"工程地点：{project.place}",
            f"招标项目编号：{lot.tender.code}    标段编号：{lot.code}",
            "",
            f"一、签约合同价：{in_capitals(award.price_yuan)}（{to_text(award.price_yuan)} 元）。",
            f"二、工期：{bid.duration_days} 日历天。",
            f"三、质量标准：{bid.form['quality']}。",
            f"四、项目负责人：{bid.form['project_lead']}。",
            "五、合同文件包括：本合同、中标通知书、中标人的投标文件、招标文件及其澄清与修改。",
            f"    招标文件摘要（SHA-256）：{lot.tender.documents_sha256}。",
            "六、双方不得再行订立背离合同实质性内容的其他协议。",
            "",
            "本合同以数据电文形式订立，自双方以数字证书签署之日起成立。",
        ]
    )
