"""Why a report is not published."""

from yuntai.kernel.errors import DomainError, NotFound


class ReportUnreadable(DomainError):
    """What was uploaded is no report of the published form."""

    code = "report-unreadable"
    status = 422


class ReportNotGenuine(DomainError):
    """No known testing body signed it as it stands."""

    code = "report-not-genuine"
    status = 422


class ReportNotOfThatSystem(DomainError):
    """The system is not connected as a trading system, or the report names another key."""

    code = "report-of-unknown-system"
    status = 422


class ReportNotGood(DomainError):
    """Something failed, or nothing is certified."""

    code = "report-certifies-nothing"
    status = 422
    clause = "etendering/53"


class CertificateTaken(DomainError):
    """A certificate of that number is published."""

    code = "certificate-already-published"


class CertificateNotFound(NotFound):
    """There is no such certificate."""

    code = "certificate-not-found"
