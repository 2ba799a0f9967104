"""Chinese names of the code words in messages.  A word no list has is shown as it came, never guessed."""

from yuntai.standard import code_lists

# A live tender goes by its industry (交易类别), one of the past by its kind of works; a word may name both.
KINDS = dict(code_lists.KINDS) | {
    "construction": "工程建设",
    "transport": "交通工程",
    "water": "水利工程",
    "procurement": "政府采购",
    "land": "国土资源",
    "state_assets": "国有产权",
    "medical": "医用耗材",
}
# The part of a procedure's code after the industry, and methods of the past.
METHODS = dict(code_lists.METHODS) | {"open-tender": "公开招标", "invited-tender": "邀请招标"}
EVENTS = {
    "trading.tender.history-recorded.v1": "历史项目收录",
    "trading.tender.registered.v1": "项目登记",
    "trading.tender.notice-published.v1": "发布招标公告",
    "trading.tender.opening-recorded.v1": "开标",
    "trading.tender.candidates-published.v1": "公示中标候选人",
    "trading.tender.award-published.v1": "公布中标结果",
    "trading.contract.signed.v1": "签订合同",
    "trading.tender.suspended.v1": "暂停",
    "trading.tender.resumed.v1": "恢复",
    "trading.tender.lot-ended.v1": "标段结束",
    "trading.tender.ended.v1": "项目结束",
}
OUTCOMES = {
    "opened": "已解密",
    "bidder-fault": "投标人原因未解密",
    "platform-fault": "其他原因未解密",
}
FINAL = {"complete": "已完成", "unsuccessful": "流标", "cancelled": "终止"}
HOLDERS = {"T": "招标人", "P": "交易系统运营机构", "C": "公共服务平台", "R": "备用保管方"}
PARAMETERS = {
    "k": "系数 K",
    "deduction_above": "高于基准价每 1% 扣分",
    "deduction_below": "低于基准价每 1% 扣分",
    "full_score": "满分",
    "trim_from": "去掉最高价和最低价的最少有效报价数",
}
RULES = {"mean-baseline": "评标基准价法"}


def kind(word: str) -> str:
    """Return the name of an industry or kind of work."""
    return KINDS.get(word, word)


def method(word: str) -> str:
    """Return the name of a procedure's method: construction.open-tender → 公开招标."""
    return METHODS.get(word.rpartition(".")[2], word)
