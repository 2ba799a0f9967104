"""The checks of a city find what is planted into its databases, and hold again when it is put right."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.city.conftest import SmallCity
from tests.planting import behind_its_back
from yuntai.city.demo.checks import Check
from yuntai.city.demo.databases import database
from yuntai.city.demo.findings import Findings
from yuntai.city.demo.guard import unguarded_tables
from yuntai.city.demo.inspect_bids import bid_checks
from yuntai.city.demo.inspect_systems import system_checks

pytestmark = pytest.mark.city


@contextmanager
def planted(played: SmallCity, code: str, table: str, change: str, undo: str) -> Iterator[None]:
    """Change rows behind the system's back, as only the owner of the tables can, and put them right again."""
    behind_its_back(played.city, code, table, change)
    try:
        yield
    finally:
        behind_its_back(played.city, code, table, undo)


def broken(played: SmallCity) -> list[str]:
    """Return the names of the checks that do not hold now."""
    findings = played.findings
    fresh = Findings.read(played.cast, findings.played, audit=findings.audit)
    checks: list[Check] = [*bid_checks(fresh), *system_checks(fresh)]
    return [check.name for check in checks if not check.holds]


def first_digit_moved(table: str, column: str) -> tuple[str, str]:
    """Return how to change the first hex digit of a column in one row, and how to change it back."""
    digits, moved = "0123456789abcdef", "123456789abcdef0"

    def statement(old: str, new: str) -> str:
        return (
            f"UPDATE {table} SET {column} = translate(left({column}, 1), '{old}', '{new}')"  # noqa: S608
            f" || substr({column}, 2) WHERE id = (SELECT min(id) FROM {table} WHERE {column} <> '')"
        )

    return statement(digits, moved), statement(moved, digits)


@pytest.mark.parametrize(
    ("table", "column", "name"),
    [
        ("opening_openedbid", "key", "用开标记录的密钥离线重开，报价与公布的一致"),
        ("bids_envelope", "header_sha256", "出具过回执的投标文件都在库中，各一份"),
        ("opening_bidsetclose", "root", "封标集合恰为截止时有效的投标文件，可以重算"),
    ],
)
def test_finds_a_changed_digit(played: SmallCity, table: str, column: str, name: str) -> None:
    with planted(played, played.cast.trading, table, *first_digit_moved(table, column)):
        assert broken(played) == [name]
    assert broken(played) == []


def test_finds_a_changed_score(played: SmallCity) -> None:
    change = "UPDATE evaluating_score SET points = points {} 0.01 WHERE rank = 2"

    with planted(played, played.cast.trading, "evaluating_score", change.format("+"), change.format("-")):
        assert broken(played) == ["由公布的报价和评标办法重算，得分名次一致"]


def test_finds_a_message_that_was_renumbered(played: SmallCity) -> None:
    table = "inbox_inboxmessage"
    change = (
        "UPDATE inbox_inboxmessage SET seq = seq {} 1000 WHERE seq = 2 {} AND iss = 'trading-construction'"
    )

    with planted(played, played.cast.platform, table, change.format("+", ""), change.format("-", "+ 1000")):
        assert broken(played)[0] == "各系统的报文一条不少、一条不重、按序送达"
    assert broken(played) == []


def test_finds_a_table_without_its_guard(played: SmallCity) -> None:
    code = played.cast.trading
    with database(played.city, code) as connection:
        assert list(unguarded_tables(connection)) == []

    with database(played.city, code, as_owner=True) as owner:
        owner.execute("ALTER TABLE tenders_lot DISABLE TRIGGER audit_required")
    try:
        with database(played.city, code) as connection:
            assert list(unguarded_tables(connection)) == ["tenders_lot"]
    finally:
        with database(played.city, code, as_owner=True) as owner:
            owner.execute("ALTER TABLE tenders_lot ENABLE TRIGGER audit_required")
