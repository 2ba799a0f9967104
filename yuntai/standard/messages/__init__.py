"""The messages systems exchange, one module per speaker.

A released message never changes: tests/snapshots holds the schema of each, frozen.
"""

from yuntai.standard.messages.base import (
    MESSAGE_TYPES,
    Facts,
    InvalidMessage,
    Message,
    UnknownMessageType,
    parse,
    type_of,
)
from yuntai.standard.messages.problems import Problem
from yuntai.standard.messages.publicservice import (
    MessageForwarded,
    ParticipantChanged,
    ParticipantFacts,
    ParticipantRegistered,
    ParticipantVerified,
    StreamForked,
    TrustListPublished,
)
from yuntai.standard.messages.records import AttachmentFacts, RecordCorrected, RecordSubmitted
from yuntai.standard.messages.supervision import ResumptionDirected, SuspensionDirected, WarningRaised
from yuntai.standard.messages.systems import (
    IssuedCodeFacts,
    ResponsibleFacts,
    SystemKeyFacts,
    SystemListed,
    TrialOffered,
    UnifiedCodeRequested,
    UnifiedCodesIssued,
)
from yuntai.standard.messages.trading import (
    AwardPublished,
    CandidateFacts,
    CandidatesPublished,
    ContractSigned,
    HolderFacts,
    LotEnded,
    LotFacts,
    OpenedBidFacts,
    OpeningRecorded,
    TenderEnded,
    TenderHistoryRecorded,
    TenderNoticePublished,
    TenderRegistered,
    TenderResumed,
    TenderSuspended,
)

__all__ = [
    "MESSAGE_TYPES",
    "AttachmentFacts",
    "AwardPublished",
    "CandidateFacts",
    "CandidatesPublished",
    "ContractSigned",
    "Facts",
    "HolderFacts",
    "InvalidMessage",
    "IssuedCodeFacts",
    "LotEnded",
    "LotFacts",
    "Message",
    "MessageForwarded",
    "OpenedBidFacts",
    "OpeningRecorded",
    "ParticipantChanged",
    "ParticipantFacts",
    "ParticipantRegistered",
    "ParticipantVerified",
    "Problem",
    "RecordCorrected",
    "RecordSubmitted",
    "ResponsibleFacts",
    "ResumptionDirected",
    "StreamForked",
    "SuspensionDirected",
    "SystemKeyFacts",
    "SystemListed",
    "TenderEnded",
    "TenderHistoryRecorded",
    "TenderNoticePublished",
    "TenderRegistered",
    "TenderResumed",
    "TenderSuspended",
    "TrialOffered",
    "TrustListPublished",
    "UnifiedCodeRequested",
    "UnifiedCodesIssued",
    "UnknownMessageType",
    "WarningRaised",
    "parse",
    "type_of",
]
