"""Why the tool does not go on.  str(error) is one Chinese sentence: what, the limit, what to do next."""


class BidToolError(Exception):
    """The tool stops here.  code: stable, kebab-case."""

    code = "bid-tool-error"


class BadKeyBundle(BidToolError):
    """The file is no key and certificate of a person."""

    code = "bad-key-bundle"


class BadForm(BidToolError):
    """The bid form can't be handed in as it is."""

    code = "bad-form"


class BadFolder(BidToolError):
    """The bid's folder lacks something, or holds what must not be overwritten."""

    code = "bad-folder"


class HolderKeyNotGenuine(BidToolError):
    """A published key was not made by its holder for this lot, or would open too early."""

    code = "holder-key-not-genuine"


class NotAsPublished(BidToolError):
    """The trading system told the tool another deadline, other documents or other keys than the public."""

    code = "not-as-published"


class NotConfirmed(BidToolError):
    """Nobody compared the deadline with the published notice."""

    code = "not-confirmed"


class ReceiptNotGenuine(BidToolError):
    """The receipt is not the system's word on this bid."""

    code = "receipt-not-genuine"


class Unreachable(BidToolError):
    """No answer came: whether the request took effect is not known."""

    code = "unreachable"


class UnexpectedAnswer(BidToolError):
    """The system answered something that is not of the published interface."""

    code = "unexpected-answer"


class Refused(BidToolError):
    """The system said no.  status: of HTTP.  kind: code of its problem document, "" if it sent none.

    clause: key of the rule of law behind it, "" if none.
    """

    code = "refused"

    def __init__(self, sentence: str, *, status: int, kind: str = "", clause: str = "") -> None:
        self.status = status
        self.kind = kind
        self.clause = clause
        super().__init__(sentence)
