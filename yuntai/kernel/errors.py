"""The one family of refusals: typed inside, a problem document (RFC 9457) or a page at the edge."""

from typing import ClassVar

from pydantic import BaseModel


class Problem(BaseModel):
    """Why a request was refused (RFC 9457).  clause: key of the rule of law behind it, "" if none."""

    type: str
    status: int
    detail: str
    clause: str


class DomainError(Exception):
    """An act was refused.  str(error) is one Chinese sentence: what, the limit, what to do next.

    code: stable, kebab-case.  status: the HTTP status.  clause: key in the clause register, "" if none.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    clause: ClassVar[str] = ""

    def problem(self) -> Problem:
        """Return the problem document that tells a program what str(self) tells a person."""
        return Problem(
            type=f"urn:problem:{self.code}", status=self.status, detail=str(self), clause=self.clause
        )


class Forbidden(DomainError):
    """The caller's roles do not allow the act."""

    code = "forbidden"
    status = 403


class NotLoggedIn(DomainError):
    """The act needs a caller and there is none."""

    code = "not-logged-in"
    status = 401


class NotFound(DomainError):
    """No such object, or none that this caller may know of."""

    code = "not-found"
    status = 404
