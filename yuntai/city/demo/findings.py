"""What the checks look at: the play, what the systems keep of it, and what the portal shows of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self, TypeVar

from yuntai.city.demo.archive import public_key_of
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.databases import database, rows
from yuntai.city.demo.evidence import Evidence, read_evidence
from yuntai.city.demo.played import Played, PlayedTender
from yuntai.city.demo.portal import Published, published
from yuntai.standard.messages import Message

Kind = TypeVar("Kind", bound=Message)


class NotThere(Exception):
    """What was played has left no trace where it must.  str(error): one Chinese sentence."""


@dataclass(frozen=True)
class Findings:
    """Read once, after the play.

    system_key: of the trading system.  audit: number of its last audit row before the play, and after it.
    portal: what the platform shows, by tender code.
    """

    cast: Cast
    played: Played
    system_key: bytes
    audit: tuple[int, int]
    evidence: Evidence
    portal: Mapping[str, Published]

    @classmethod
    def read(cls, cast: Cast, played: Played, *, audit: tuple[int, int]) -> Self:
        """Read everything.  audit: two answers of `last_audit_row`."""
        with database(cast.city, cast.trading) as connection:
            evidence = read_evidence(connection, [tender.lot_code for tender in played.tenders])
        portal = {code: published(cast, code) for code in played.codes()}
        key = public_key_of(cast.city.folder.peers_file, cast.trading)
        return cls(cast, played, key, audit, evidence, portal)

    def shown(self, tender: PlayedTender, kind: type[Kind]) -> Kind:
        """Return the one message of `kind` that the portal shows of a lot, or of its tender as a whole.

        :raises NotThere: there is none, or more than one.
        """
        shown = self.portal[tender.tender_code].all_of(kind)
        found = [each for each in shown if getattr(each, "lot_code", tender.lot_code) == tender.lot_code]
        if len(found) != 1:
            raise NotThere(
                f"公共服务平台应公布 {tender.lot_code} 的 1 条 {kind.__name__}，有 {len(found)} 条"
            )
        return found[0]


def last_audit_row(cast: Cast) -> int:
    """Return the number of the trading system's last audit row, 0 when there is none."""
    with database(cast.city, cast.trading) as connection:
        last: int = rows(connection, "SELECT coalesce(max(id), 0) FROM audit_auditentry")[0][0]
        return last
