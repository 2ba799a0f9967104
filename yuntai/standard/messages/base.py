"""What every message is, and how a received body becomes one; `envelope` signs and numbers it."""

from typing import Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from yuntai.standard.canonical import NotCanonical, canonical
from yuntai.standard.fields import Instant
from yuntai.standard.messages.problems import Problem, problems_of

SystemKind = Literal["trading", "supervision", "publicservice", "connected"]
"""What a system is at the platform; "connected": it trades nothing here and tells of the past only."""


class UnknownMessageType(ValueError):
    """The body names no type of the standard, or none at all."""

    def __init__(self, type_name: object) -> None:
        super().__init__(f"接口标准没有“{str(type_name)[:80]}”这种报文，请按已公布的报文目录填写 type。")


class InvalidMessage(ValueError):
    """The body breaks the schema of its type.  problems: each field, the rule it breaks and its value."""

    def __init__(self, type_name: str, problems: tuple[Problem, ...]) -> None:
        self.type_name = type_name
        self.problems = problems
        super().__init__(f"报文 {type_name} 不符合接口标准：" + "；".join(map(str, problems)) + "。")


class Facts(BaseModel):
    """A part of a message."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Message(Facts):
    """Something that happened in a system, told to others.  Carries identifiers and facts, no secrets.

    A released type never changes; what must change comes as a .v2 beside it.

    type: "system.subject.happened.vN", set by each class.
    occurred_at: the instant it happened in the sending system.
    """

    SUBJECT_FIELD: ClassVar[str]
    """Name of the field with the code of the object the message is about."""

    SPEAKERS: ClassVar[frozenset[SystemKind]]
    """Kinds of system that may author the message; a receiver rejects it from any other."""

    occurred_at: Instant

    @property
    def subject(self) -> str:
        """The code of the object the message is about; one object's messages are handled in order."""
        return str(getattr(self, self.SUBJECT_FIELD))

    def body(self) -> dict[str, Any]:
        """Return the message as JSON types, ready for an envelope."""
        return self.model_dump(mode="json")


def type_of(message: Message) -> str:
    """Return the released name of a message's type, which its class alone decides."""
    return str(type(message).model_fields["type"].default)


M = TypeVar("M", bound=Message)

MESSAGE_TYPES: dict[str, type[Message]] = {}
"""Every released message type, filled by `released`."""


def released(message_type: type[M]) -> type[M]:
    """Enter a message class into `MESSAGE_TYPES` under the value of its `type` field.

    :raises ValueError: two classes claim one type, or a class does not say who may author it.
    """
    type_name = message_type.model_fields["type"].default
    if type_name in MESSAGE_TYPES:
        raise ValueError(f"two classes claim message type {type_name}")
    if not getattr(message_type, "SPEAKERS", None):
        raise ValueError(f"message type {type_name} names no SPEAKERS")
    MESSAGE_TYPES[type_name] = message_type
    return message_type


def parse(body: dict[str, Any]) -> Message:
    """Read the body of an envelope.  Strict: text is not a number, and each value has one written form.

    :raises UnknownMessageType: `body["type"]` is not in `MESSAGE_TYPES`.
    :raises InvalidMessage: a field is missing, superfluous or wrong.
    """
    type_name = body.get("type")
    if not isinstance(type_name, str) or type_name not in MESSAGE_TYPES:
        raise UnknownMessageType(type_name)
    try:
        return MESSAGE_TYPES[type_name].model_validate_json(canonical(body), strict=True)
    except NotCanonical as error:
        raise InvalidMessage(type_name, (Problem("", str(error), ""),)) from error
    except ValidationError as error:
        raise InvalidMessage(type_name, problems_of(error)) from error
