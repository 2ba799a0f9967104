"""Why an act on a tender is refused."""

from yuntai.kernel.errors import DomainError, NotFound


class TenderNotFound(NotFound):
    """No tender or lot has that code."""

    code = "tender-not-found"


class InitiatorNotRegistered(DomainError):
    """The initiator is not a registered participant."""

    code = "initiator-not-registered"


class AgencyNotRegistered(DomainError):
    """The agency to appoint is not registered as one."""

    code = "agency-not-registered"


class AgencyNotAppointed(DomainError):
    """The agency acts beyond what its initiator entrusted to it (招标投标法 art. 15)."""

    code = "agency-not-appointed"
    clause = "tendering/15"


class NotYours(DomainError):
    """The tender belongs to another initiator and agency."""

    code = "not-your-tender"
    status = 403


class AlreadyPublished(DomainError):
    """The notice is out; what it fixed can't be redrafted."""

    code = "already-published"


class DocumentsMissing(DomainError):
    """There is no tender document to publish."""

    code = "documents-missing"


class KeysMissing(DomainError):
    """Not all four holders have made their key for every lot."""

    code = "holder-keys-missing"


class DeadlineTooSoon(DomainError):
    """The schedule breaks a least time of the procedure; `clause` is set to that deadline's."""

    code = "deadline-too-soon"

    def __init__(self, sentence: str, clause: str) -> None:
        super().__init__(sentence)
        self.clause = clause  # type: ignore[misc]  # each deadline brings its own clause


class DeadlinePassed(DomainError):
    """The instant lies in the past."""

    code = "deadline-passed"


class DeadlineTooFar(DomainError):
    """The instant lies farther ahead than any bid period reaches."""

    code = "deadline-too-far"


class DeadlineOnlyLater(DomainError):
    """A draft's deadline moves later only: a holder binds its key to no earlier one."""

    code = "deadline-only-later"


class ProcedureUnknown(DomainError):
    """No procedure of that code is in force."""

    code = "procedure-unknown"
    status = 422


class AmountNotPositive(DomainError):
    """A lot of nothing, or a ceiling that rejects every bid."""

    code = "amount-not-positive"
    status = 422


class AmountTooLarge(DomainError):
    """The lots' amounts add up to more than any record of the tender can hold."""

    code = "amount-too-large"
    status = 422


class LotsDiffer(DomainError):
    """A correction names more or fewer lots than the draft has."""

    code = "lots-differ"
    status = 422


class DocumentRefused(DomainError):
    """A file will not do as a tender document: its name, its size, or the size of all together."""

    code = "document-refused"
    status = 422


class DocumentNotListed(NotFound):
    """The draft has no document of that name."""

    code = "document-not-listed"


class UnknownHolder(DomainError):
    """No holder with that letter and key is set up here."""

    code = "unknown-holder"
    status = 403


class WrongKey(DomainError):
    """A holder's key statement does not fit the lot."""

    code = "wrong-holder-key"


class Suspended(DomainError):
    """The tender stands still by the authority's directive (Decree 20 art. 52)."""

    code = "tender-suspended"
    clause = "etendering/52"


class NotSuspended(DomainError):
    """There is nothing to resume."""

    code = "tender-not-suspended"


class Ended(DomainError):
    """The lot or tender has come to its end."""

    code = "tender-ended"
