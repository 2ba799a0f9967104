"""Chinese words for the codes that messages and records carry."""

from collections.abc import Mapping
from datetime import timedelta

from yuntai.kernel.templatetags.components import Status
from yuntai.law.clauses import CLAUSES
from yuntai.standard.messages import (
    AwardPublished,
    CandidatesPublished,
    ContractSigned,
    LotEnded,
    Message,
    OpeningRecorded,
    TenderEnded,
    TenderNoticePublished,
    TenderRegistered,
    TenderResumed,
    TenderSuspended,
)
from yuntai.supervision.intake.models import FinalStatus
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
WARNING_TONES = {
    WarningState.OPEN: "alarm",
    WarningState.DIRECTED: "done",
    WarningState.LIFTED: "ended",
    WarningState.DISMISSED: "ended",
}
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
    LotEnded: "标段结束",
    TenderEnded: "项目结束",
}
MESSAGES = {str(message.model_fields["type"].default): name for message, name in _MESSAGES.items()}
RULE_NAMES = {rule.code: rule.name for rule in RULES}


def stage_status(stage: str) -> Status:
    """Return how a stage is shown."""
    known = Stage(stage)
    tone = {Stage.REGISTERED: "next", Stage.SIGNED: "done", Stage.ENDED: "ended"}.get(known, "open")
    return Status(str(known.label), tone)


def end_status(final_status: str) -> Status:
    """Return how the end of a tender or lot is shown."""
    known = FinalStatus(final_status)
    return Status(str(known.label), "done" if known is FinalStatus.COMPLETE else "ended")


def reason_of_end(reason: str, clause: str) -> str:
    """Return why a tender or lot ended, with the clause its trading system cites; its key when unlisted."""
    cited = CLAUSES[clause].citation if clause in CLAUSES else clause
    return f"{reason}（{cited}）" if cited else reason


def failed_lots_status(failed_lots: int) -> Status:
    """Return the mark of a tender of which some lots came to nothing."""
    return Status(f"{failed_lots} 个标段流标或终止", "ended")


def warning_status(state: str) -> Status:
    """Return how the state of a warning is shown."""
    known = WarningState(state)
    return Status(str(known.label), WARNING_TONES[known])


def directive_status(state: str) -> Status:
    """Return how the state of a directive is shown."""
    known = DirectiveState(state)
    return Status(str(known.label), DIRECTIVE_TONES[known])


def duration(length: timedelta) -> str:
    """Return a length of time in its largest whole unit: days, hours or minutes."""
    minutes = int(length.total_seconds()) // 60
    if minutes >= 24 * 60:
        return f"{minutes // (24 * 60)} 天"
    return f"{minutes // 60} 小时" if minutes >= 60 else f"{minutes} 分钟"


def rule_name(code: str) -> str:
    """Return a rule's name; its code when the rule is no longer in force."""
    return RULE_NAMES.get(code, code)


def level_name(level: str) -> str:
    """Return how a warning's level is shown."""
    return LEVELS[Level(level)]


def message_name(type_name: str) -> str:
    """Return what a message tells of; its type when this system has no word for it."""
    return MESSAGES.get(type_name, type_name)
