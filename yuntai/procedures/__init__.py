"""The published procedures: every edition of each, listed by hand.  None is ever deleted."""

from datetime import date

from yuntai.procedures import construction
from yuntai.procedures.vocabulary import Procedure, ProcedureError

PROCEDURES: tuple[Procedure, ...] = (construction.OPEN_TENDER,)


def get(code: str, edition: str) -> Procedure:
    """Return the procedure a tender stored by code and edition.

    :raises ProcedureError: there is none.
    """
    for procedure in PROCEDURES:
        if (procedure.code, procedure.edition) == (code, edition):
            return procedure
    raise ProcedureError(f"没有代码为 {code}、版本为 {edition} 的交易流程，请核对后重试。")


def current(code: str, on: date) -> Procedure:
    """Return the edition that a tender registered on that day follows.

    :raises ProcedureError: none is in force on that day.
    """
    in_force = [
        procedure
        for procedure in PROCEDURES
        if procedure.code == code and date.fromisoformat(procedure.edition) <= on
    ]
    if not in_force:
        raise ProcedureError(f"{on.isoformat()} 没有生效的交易流程 {code}，请核对流程代码。")
    return max(in_force, key=lambda procedure: procedure.edition)


def industries() -> tuple[str, ...]:
    """Return the industries that have a procedure, each once."""
    return tuple(dict.fromkeys(procedure.industry for procedure in PROCEDURES))
