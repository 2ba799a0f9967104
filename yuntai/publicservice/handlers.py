"""Which message is applied by which function; a type that is not here is stored and forwarded only."""

from collections.abc import Callable

from yuntai.publicservice.portal.facts import TOLD
from yuntai.publicservice.portal.services import show
from yuntai.standard.messages import Message

HANDLERS: dict[type[Message], Callable[..., None]] = dict.fromkeys(TOLD, show)
