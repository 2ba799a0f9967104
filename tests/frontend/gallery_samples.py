"""Made-up values for every page component, in each of its states."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from yuntai.kernel.templatetags.components import (
    BidPage,
    Cell,
    Column,
    Crumb,
    DeskTask,
    DocumentToSign,
    Fact,
    Field,
    Filter,
    FormError,
    IrreversibleAct,
    NoticeRow,
    Option,
    Pages,
    Refusal,
    Status,
    Table,
    TimelineStep,
    Verification,
    Waiting,
    WarningNote,
    sorted_columns,
)
from yuntai.standard.canonical import canonical
from yuntai.trust import signing
from yuntai.trust.base64url import base64url
from yuntai.trust.sealing import HOLDERS

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in China
TITLE = "赣榆区班庄镇黄泥埠等三个村高标准农田建设项目（二标段）施工"
HASH = "9f2c1f0b7a4e5d6c8b9a0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a"

REGIONS = (Option("320706", "海州区"), Option("320707", "赣榆区"))
METHODS = (Option("mean", "平均值基准价法"), Option("low", "经评审的最低投标价法"))

NOTICES = (
    NoticeRow(
        "招标公告",
        TITLE,
        "#",
        "赣榆区",
        NOW + timedelta(days=20),
        "投标截止",
        status=Status("投标中", "open"),
    ),
    NoticeRow(
        "招标公告",
        "海州区郁洲路雨污分流改造工程",
        "#",
        "海州区",
        NOW + timedelta(minutes=40),
        "投标截止",
        demonstration=True,
    ),
    NoticeRow(
        "中标候选人公示",
        "连云港市第一人民医院高新区院区净化工程",
        "#",
        "连云区",
        NOW + timedelta(days=2, hours=5),
        "公示截止",
        status=Status("公示中", "next"),
    ),
    NoticeRow(
        "中标结果公告",
        "灌云县伊山镇卫生院改扩建",
        "#",
        "灌云县",
        published_at=NOW,
        status=Status("已完成", "done"),
    ),
    NoticeRow(
        "终止公告", "东海县石榴街道道路提升", "#", "东海县", published_at=NOW, status=Status("流标", "ended")
    ),
)
STEPS = (
    TimelineStep("招标文件", "done", NOW - timedelta(days=3), "发售不少于 5 日"),
    TimelineStep("投标", "now", NOW + timedelta(days=17), "自招标文件发出不少于 20 日", "tendering/24"),
    TimelineStep("开标评标", "next", None),
    TimelineStep("中标候选人公示", "next", None, "不少于 3 日"),
    TimelineStep("合同", "next", None, "中标通知书发出后 30 日内"),
)
KEY_FACTS = (
    Fact("招标内容", "高标准农田施工", "土地平整、灌溉与排水、田间道路"),
    Fact("最高投标限价", "12,800,000.00 元", kind="money"),
    Fact("投标截止", "2026-03-22 周日 09:00", "还剩 20 天"),
    Fact("招标人", "赣榆区农业农村局", "代理：连云港正信招标", url="#"),
)
FACTS = (
    Fact("统一交易标识码", "A01-320707001234567-20260302-000123-5", kind="code"),
    Fact("工期", "180 日历天"),
    Fact("评标办法", "平均值基准价法（第 1 版）"),
    Fact("招标文件 SHA-256", HASH, kind="code"),
)
TASKS = (
    DeskTask(TITLE, "#", "递交投标文件", "招标文件已下载，保证金已到账", NOW + timedelta(days=20)),
    DeskTask(
        "海州区郁洲路雨污分流改造工程",
        "#",
        "确认中标结果",
        "",
        NOW + timedelta(minutes=40),
        cannot_be_undone=True,
    ),
    DeskTask("补全单位信息", "#", "补全", "登录后首次使用"),
)
WAITING = (Waiting("灌云县伊山镇卫生院改扩建", "#", "评标委员会推荐候选人", NOW + timedelta(days=1)),)
FILTERS = (
    Filter("q", "标题或编号", "农田", placeholder="例如：农田、A01-3207"),
    Filter("region", "地区", "320707", "select", (Option("", "全部地区"), *REGIONS)),
    Filter("since", "发布不早于", "2026-02-01", "date"),
)
COLUMNS = sorted_columns(
    (
        Column("bidder", "投标人"),
        Column("price", "投标报价（元）", "number", sortable=True),
        Column("days", "工期（天）", "number", sortable=True),
        Column("score", "得分", "number", sortable=True),
        Column("opened", "开启时间", "time"),
        Column("outcome", "结果"),
        Column("hash", "密封头哈希", "code"),
    ),
    {"sort": "price", "q": "农田"},
)
BIDS = Table(
    "开标记录",
    COLUMNS,
    tuple(
        (
            Cell(f"江苏{name}建设工程有限公司", "#"),
            Cell(f"{12_000_000 + 137_250 * place:,}.00"),
            Cell(str(180 - place)),
            Cell(f"{98.37 - place:.2f}", note="偏差 -0.82%"),
            Cell("2026-03-22 周日 09:00"),
            Cell("已开启", tone="done") if place != 3 else Cell("未能开启", tone="alarm"),
            Cell(f"{HASH[:12]}…"),
        )
        for place, name in enumerate("天地玄黄宇宙洪荒日月盈昃")
    ),
    csv_url="#",
    note="来源：江苏演示交易系统，2026-03-22 周日 09:05 的开标记录。",
)
NO_BIDS = Table("开标记录", COLUMNS, (), nothing="尚未开标；开标时间为 2026-03-22 周日 09:00。", id="none")
FIELDS = (
    Field("title", "招标项目名称", TITLE, hint="与投资项目审批文件中的名称一致。", maximum_length=100),
    Field(
        "ceiling",
        "最高投标限价",
        "12800000.00",
        "money",
        "公布后，报价高于此数的投标被否决。",
        "tendering-rules/51",
        required=False,
    ),
    Field("days", "工期", "一百八", "number", error="工期只能填整数天，例如 180。", unit="日历天"),
    Field("due", "投标截止时间", "2026-03-22T09:00", "datetime-local", clause="tendering/24"),
    Field("region", "项目所在地", "320707", "select", options=REGIONS),
    Field("method", "评标办法", "mean", "radio", options=METHODS),
    Field("note", "其他说明", "", "textarea", required=False),
    Field(
        "papers", "附件", "", "file", "PDF，每份不超过 50 MB。", accept=".pdf", multiple=True, required=False
    ),
    Field("agree", "已核对工程量清单与最高投标限价一致", "", "checkbox"),
)
ERRORS = (
    FormError("days", "工期：只能填整数天，例如 180。"),
    FormError("", "投标截止时间须晚于招标文件停止发售时间。"),
)
ACT = IrreversibleAct(
    title="发布招标公告",
    what=f"发布《{TITLE}》招标公告，并开放招标文件下载。",
    shown_to="所有人：公共服务平台、本系统和行政监管系统同时公开",
    from_when="按下后立即生效，只能以澄清或修改公告更正",
    url="#",
    action="签名并发布",
    back_url="#",
    document=DocumentToSign("招标公告及招标文件（共 3 份）", HASH, "publish-notice"),
)
WARNING = WarningNote(
    "投标期限不足",
    "红色预警",
    "自招标文件发出至投标截止仅 12 日，少于 20 日。",
    "tendering/24",
    NOW,
    "short-bid-period 第 1 版",
    "#",
)
GOOD = Verification(
    "开标记录与投标集合一致",
    ("7 份密封头的 SHA-256 与封存时公布的根一致", "4 个保管方的份额承诺全部相符"),
    NOW,
)
FAULT = Verification(
    "开标记录与投标集合不一致", ("封存签名有效",), NOW, (f"信封 {HASH[:32]} 的密封头 SHA-256 与封存时不同",)
)
REFUSAL = Refusal(
    "投标文件没有递交",
    "已于 2026-03-22 周日 09:00 截止投标，逾期文件不予接收。查看其他正在招标的项目。",
    "tendering/28",
    "查看招标公告",
    "#",
)
WITHDRAWN = "5e" * 32
# The published example: its holders' private keys stand there too, so that tests can open a bid.
VECTORS = json.loads(
    (Path(__file__).parents[2] / "yuntai/trust/tests/vectors/sealing-v1.json").read_text(encoding="utf-8")
)
LOT = "E3207000001000001001001"
HOLDER = signing.new_private_key()


def signed_holder(letter: str) -> dict[str, object]:
    """Return what the bid page says of a holder: its key for the lot, in its signed statement."""
    public_key = VECTORS["holder_public_keys"][letter]
    statement = {"holder": letter, "lot": LOT, "opens_at": "2026-03-22T01:00:00Z", "public_key": public_key}
    return {
        "public_key": public_key,
        "statement": statement,
        "signature": base64url(signing.sign(HOLDER, canonical(statement))),
        "signing_key": base64url(signing.public_key(HOLDER)),
    }


BID_PAGE = BidPage(
    tender="E3207000001000001001",
    lot=LOT,
    documents_sha256=HASH,
    holders={letter: signed_holder(letter) for letter in HOLDERS},
    bids_due_at="2026-03-22T01:00:00+00:00",
    body_url="/bodies/{sha256}",
    submit_url="/bids",
    ceiling_yuan="12800000.00",
)


def values() -> dict[str, object]:
    """Return what the gallery page shows."""
    return {
        "now": NOW,
        "soon": NOW + timedelta(minutes=12, seconds=30),
        "notices": NOTICES,
        "steps": STEPS,
        "key_facts": KEY_FACTS,
        "facts": FACTS,
        "tasks": TASKS,
        "waiting": WAITING,
        "filters": FILTERS,
        "bids": BIDS,
        "no_bids": NO_BIDS,
        "fields": FIELDS,
        "errors": ERRORS,
        "act": ACT,
        "warning": WARNING,
        "good": GOOD,
        "fault": FAULT,
        "refusal": REFUSAL,
        "pages": Pages(4, 18, 356, {"q": "农田"}),
        "crumbs": (Crumb("首页", "/"), Crumb("招标公告", "#"), Crumb(TITLE)),
    }
