"""What can be wrong with a sealed bid, and whose fault it is.  The legal consequence is not decided here."""

from collections.abc import Sequence


class SealError(Exception):
    """A sealed bid cannot be made, read or opened; `str(error)` is one Chinese sentence for a person."""

    code = "seal-error"


class MalformedHeader(SealError):
    """The header is not of the published form.  field: which part of it, "" for the whole."""

    code = "malformed-header"

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class ShareUnreadable(SealError):
    """A holder cannot unwrap its share: it was not made for this holder's key and this envelope."""

    code = "share-unreadable"


class NotEnoughShares(SealError):
    """Fewer than three good shares are there: the bid stays sealed, and nobody's fault is established.

    doubtful: holders whose share fits no commitment or who call theirs unreadable.
    """

    code = "not-enough-shares"

    def __init__(self, sentence: str, *, doubtful: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.doubtful = tuple(doubtful)


class BidderFault(SealError):
    """The bid was not sealed by the published rule, and the header its owner signed proves it."""

    code = "bidder-fault"


class PlatformFault(SealError):
    """The body is not the one the owner signed for: it was altered or lost after it was handed in."""

    code = "platform-fault"
