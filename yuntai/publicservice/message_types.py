"""The type name of a message, which its class alone decides."""

from yuntai.standard.messages import Message


def type_of(message: Message) -> str:
    """Return the released name: "trading.tender.registered.v1"."""
    return str(type(message).model_fields["type"].default)
