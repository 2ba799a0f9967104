"""What a system does when the platform tells of a new version of the trust list."""

from datetime import datetime

from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.inbox.apply import Delivery
from yuntai.kernel.recognition.services import ListRefused, take_trust_list
from yuntai.standard.messages import TrustListPublished


def trust_list_published(message: TrustListPublished, delivery: Delivery, now: datetime) -> None:
    """Take the version over, or note why not: the platform carries the list, its officers vouch for it."""
    try:
        take_trust_list(signed=message.signed, caller=delivery.caller, now=now)
    except ListRefused as error:
        # Not a failure: an older version that comes again is passed over, and a forged one must do no harm.
        write_entry(
            caller=delivery.caller,
            act="refuse-trust-list",
            object_type="recognition.trustlistversion",
            object_id=f"trust list {message.seq}",
            now=now,
            detail={"message": delivery.message_id, "refusal": str(error)},
        )
