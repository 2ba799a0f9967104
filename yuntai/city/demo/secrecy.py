"""Do the trading system's database, files or logs tell anything of the bids before the opening?

Looked at twice, before the first bid and before the deadline: what the bidding wrote is between.
"""

from collections.abc import Iterable, Iterator, Mapping

from yuntai.city.demo.cast import Cast
from yuntai.city.demo.checks import Check, check
from yuntai.city.demo.databases import database, dump
from yuntai.city.demo.played import Played
from yuntai.standard.money import to_text

# Where a bidder's name may stand before the opening: who is registered and who logged in is no bid.
REGISTER_AND_LOGINS = {"accounts_account", "parties_participant", "inbox_inboxmessage"}
LOGIN_ACTS = (b"\tlog-in\t", b"\tlog-out\t", b"\tnote-participant\t")
AUDIT = "audit_auditentry"
FILES, LOGS = "文件库", "日志"

Dump = Mapping[str, set[bytes]]


class Secrecy:
    """Both looks, and what came out."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._before: Dump = {}
        self.rows_looked_at = 0
        self.faults: list[str] = []

    def look_before(self) -> None:
        """Look before the first bid."""
        self._before = self._dump()

    def look_after(self, played: Played) -> None:
        """Look again, and search what is new for prices, names and codes."""
        written = difference(self._dump(), self._before)
        self.rows_looked_at = sum(map(len, written.values()))
        bids = [bid for tender in played.tenders for bid in tender.acknowledged]
        self.faults = [
            *leaks(written, {to_text(bid.price) for bid in bids}),
            *leaks(
                without_logins(written),
                {bid.bidder.organization.code for bid in bids}
                | {bid.bidder.organization.name for bid in bids},
            ),
        ]

    def check(self) -> Check:
        """Return what was found."""
        return check(
            "开标前库、文件、日志中没有报价，看不出谁投了标", f"{self.rows_looked_at} 行新数据", self.faults
        )

    def _dump(self) -> Dump:
        city, code = self._cast.city, self._cast.trading
        with database(city, code, as_owner=True) as connection:  # the running role may not read every table
            kept = dump(connection)
        kept[FILES] = {
            path.read_bytes() for path in (city.folder.home / "files" / code).rglob("*") if path.is_file()
        }
        logs = [city.folder.log(f"{code}-{process}") for process in ("web", "worker")]
        kept[LOGS] = {line for log in logs if log.exists() for line in log.read_bytes().splitlines()}
        return kept


def difference(after: Dump, before: Dump) -> dict[str, set[bytes]]:
    """Return the rows of each table that `before` does not have."""
    return {table: lines - before.get(table, set()) for table, lines in after.items()}


def without_logins(written: Dump) -> dict[str, set[bytes]]:
    """Return `written` without the places where a bidder may be named for other reasons than a bid."""
    kept = {table: lines for table, lines in written.items() if table not in REGISTER_AND_LOGINS}
    kept[AUDIT] = {line for line in kept.get(AUDIT, set()) if not any(act in line for act in LOGIN_ACTS)}
    return kept


def leaks(written: Dump, secrets: Iterable[str]) -> Iterator[str]:
    """Yield one Chinese sentence for each table in which one of `secrets` stands, plain or as hex."""
    forms = [form for secret in secrets for form in (secret.encode(), secret.encode().hex().encode())]
    for table, lines in sorted(written.items()):
        text = b"\n".join(lines)
        found = [form for form in forms if form in text]
        if found:
            yield f"开标前 {table} 中出现了投标信息：{found[0].decode()} 等 {len(found)} 项"
