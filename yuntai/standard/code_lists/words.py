"""Short published lists of words used in messages, with the Chinese a user reads.

A receiver takes a word it does not know and shows it as it stands: lists grow.
"""

from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "housing": "房屋建筑",
        "municipal": "市政工程",
        "transport": "交通工程",
        "water": "水利工程",
        "landscape": "园林绿化",
        "agriculture": "农业工程",
        "land": "国土资源工程",
        "installation": "机电安装",
        "heritage": "文物保护",
        "energy": "能源工程",
        "other": "其他工程",
    }
)
"""Kinds of works, `TenderHistoryRecorded.kind`."""

METHODS: Mapping[str, str] = MappingProxyType({"open": "公开招标", "selective": "邀请招标"})
"""Methods of tendering (OCDS words), `TenderHistoryRecorded.method`."""

PARTICIPANT_ROLES: Mapping[str, str] = MappingProxyType(
    {"initiator": "项目发起方", "agency": "代理机构", "bidder": "投标方"}
)
"""What an organization may register as, `ParticipantFacts.roles`; an industry has its own words for them."""
