"""Why a bid is refused."""

from yuntai.kernel.errors import DomainError, NotFound


class BidTooLate(DomainError):
    """The deadline has passed (招标投标法 art. 28)."""

    code = "bid-too-late"
    clause = "tendering/28"


class WithdrawalTooLate(DomainError):
    """After the deadline a bid can only be revoked (实施条例 art. 35)."""

    code = "withdrawal-too-late"
    clause = "tendering-rules/35"


class NotTakingBids(DomainError):
    """The documents are not out yet."""

    code = "not-taking-bids"


class BidAlreadyReceived(DomainError):
    """This bidder has a bid here that is not withdrawn."""

    code = "bid-already-received"
    clause = "tendering/29"


class EnvelopeUsed(DomainError):
    """An envelope of that number was handed in before; it can't be handed in again."""

    code = "envelope-already-used"


class NotSealed(DomainError):
    """What came is not a sealed bid (Decree 20 art. 26: an unencrypted file is refused with a prompt)."""

    code = "bid-not-sealed"
    status = 422
    clause = "etendering/26"


class WrongDocuments(DomainError):
    """The bid was sealed for another lot or another version of the tender documents."""

    code = "bid-for-other-documents"
    status = 422


class NotTheOwner(DomainError):
    """The owner key's signature is missing or wrong."""

    code = "owner-signature-wrong"
    status = 422


class BidIncomplete(DomainError):
    """The sealed body has not arrived in full."""

    code = "bid-incomplete"
    status = 422
    clause = "etendering/27"


class BidNotFound(NotFound):
    """This bidder has no such bid."""

    code = "bid-not-found"


class OwnTender(DomainError):
    """Initiator, agency and operator may not bid in their own tender."""

    code = "own-tender"
    status = 403
