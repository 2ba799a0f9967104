"""The words of the contract …"""

import pytest

from yuntai.trading.contracts.services import draw_up_contract
from yuntai.trading.opening.models import OpenedBid
from yuntai.trading.tests import people, world

pytestmark = pytest.mark.django_db(transaction=True)


def test_name_project_parties_price_duration_and_how_it_came_about() -> None:
    place = world.award_lot()
    lot, tender = place.lot, place.tender
    initiator, supplier = people.initiator().subject, people.bidder(0).subject
    bid = OpenedBid.objects.get(bidder_code=supplier.organization_code)

    contract = draw_up_contract(
        lot_code=lot.code, caller=people.initiator().caller, now=world.STANDSTILL_CLOSES
    )

    assert contract.text.split("\n") == [
        f"合同编号：{lot.code}-HT",
        f"项目名称：演示小学教学楼（投资项目编号 {tender.project.code}）",
        f"招标项目：演示小学教学楼施工（招标项目编号 {tender.code}）",
        f"标段：施工一标段（标段编号 {lot.code}）",
        "工程地点：连云港市海州区",
        f"发包人（招标人）：测试单位第001号（统一社会信用代码 {initiator.organization_code}）",
        f"承包人（中标人）：测试单位第100号（统一社会信用代码 {supplier.organization_code}）",
        "",
        (
            "发包人依 2026 年 3 月 2 日发布的招标公告公开招标，于 2026 年 3 月 26 日定标"
            "并向承包人发出中标通知书（中标结果公告同日发布）。双方依据《招标投标法》第四十六条、《招标投标法实施条例》第五十七条，"
            "按照招标文件和承包人的投标文件订立本合同。"
        ),
        "",
        "一、签约合同价：人民币捌佰捌拾万元整（小写：8,800,000.00 元）。",
        "二、工期：180 日历天。",
        "三、质量标准：合格。",
        "四、项目负责人：演示项目负责人。",
        "五、合同文件包括：本合同、中标通知书、中标人的投标文件、招标文件及其澄清与修改。",
        f"    招标文件清单摘要（SHA-256）：{tender.documents_sha256}。",
        f"    投标文件密封头摘要（SHA-256）：{bid.envelope.header_sha256}。",
        "六、双方不得再行订立背离合同实质性内容的其他协议。",
        "",
        "本合同以数据电文形式订立，自双方以数字证书签署之日起成立。",
    ]
