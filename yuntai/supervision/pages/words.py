"""Chinese words for the codes that messages and records carry."""

from collections.abc import Mapping

from yuntai.kernel.templatetags.components import Status
from yuntai.standard.messages import (
    AwardPublished,
    CandidatesPublished,
    ContractSigned,
    Message,
    OpeningRecorded,
    TenderEnded,
    TenderNoticePublished,
    TenderRegistered,
    TenderResumed,
    TenderSuspended,
)
from yuntai.supervision.intake.stages import Stage
from yuntai.supervision.monitoring.queries import DirectiveState, WarningState
from yuntai.supervision.rules import RULES, Level

INDUSTRIES = {
    "construction": "工程建设",
    "transport": "交通运输",
    "water": "水利",
    "procurement": "政府采购",
    "land": "土地和矿业权",
    "state_assets": "国有产权",
    "medical": "医用耗材和药品",
}
LEVELS = {Level.NOTICE: "提示", Level.WARNING: "预警", Level.SERIOUS: "严重"}
OUTCOMES = {
    "opened": "已解密",
    "bidder-fault": "投标人原因未解密，视为撤销",
    "platform-fault": "投标人之外的原因未解密，视为撤回",
}
WARNING_TONES = {WarningState.OPEN: "alarm", WarningState.DIRECTED: "done", WarningState.DISMISSED: "ended"}
DIRECTIVE_TONES = {DirectiveState.SENT: "alarm", DirectiveState.OBEYED: "done"}
TURNS_LABELS = {Stage.BIDDING: "投标截止", Stage.STANDSTILL: "公示截止", Stage.CONTRACT: "合同期满"}

_MESSAGES: Mapping[type[Message], str] = {
    TenderRegistered: "项目登记",
    TenderNoticePublished: "招标公告",
    OpeningRecorded: "开标记录",
    CandidatesPublished: "中标候选人公示",
    AwardPublished: "中标结果公告",
    ContractSigned: "合同订立",
    TenderSuspended: "暂停",
    TenderResumed: "恢复",
    TenderEnded: "项目结束",
}
MESSAGES = {str(message.model_fields["type"].default): name for message, name in _MESSAGES.items()}
RULE_NAMES = {rule.code: rule.name for rule in RULES}


def stage_status(stage: str) -> Status:
    """Return how a stage is shown."""
    known = Stage(stage)
    tone = {Stage.REGISTERED: "next", Stage.SIGNED: "done", Stage.ENDED: "ended"}.get(known, "open")
    return Status(str(known.label), tone)


def warning_status(state: str) -> Status:
    """Return how the state of a warning is shown."""
    known = WarningState(state)
    return Status(str(known.label), WARNING_TONES[known])


def directive_status(state: str) -> Status:
    """Return how the state of a directive is shown."""
    known = DirectiveState(state)
    return Status(str(known.label), DIRECTIVE_TONES[known])


def rule_name(code: str) -> str:
    """Return a rule's name; its code when the rule is no longer in force."""
    return RULE_NAMES.get(code, code)


def level_name(level: str) -> str:
    """Return how a warning's level is shown."""
    return LEVELS[Level(level)]


def message_name(type_name: str) -> str:
    """Return what a message tells of; its type when this system has no word for it."""
    return MESSAGES.get(type_name, type_name)
