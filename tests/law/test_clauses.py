"""Every clause the code cites stands in yuntai/law/clauses.toml, and every clause there is cited."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from yuntai.law.clauses import CLAUSES

ROOT = Path(__file__).parents[2]
LAWS = {key.split("/")[0] for key in CLAUSES}
# What stands beside the word "clause" is a citation whatever it says; elsewhere a known law's name makes one.
NAMED = re.compile(r"""\bclause\s*=\s*["']([^"'{}]*)["']""")
KEY = re.compile(r"""["']([a-z0-9-]+/[0-9][0-9.]*)["']""")


def citations(text: str) -> Iterator[str]:
    """Yield the clause keys that a source or a template cites."""
    yield from (key for key in NAMED.findall(text) if key)
    yield from (key for key in KEY.findall(text) if key.split("/")[0] in LAWS)


def sources() -> list[Path]:
    files = [*(ROOT / "yuntai").rglob("*.py"), *(ROOT / "yuntai").rglob("*.html")]
    return [path for path in files if "tests" not in path.parts]


def cited() -> set[str]:
    return {key for path in sources() for key in citations(path.read_text(encoding="utf-8"))}


def test_every_cited_clause_is_registered() -> None:
    assert cited() - set(CLAUSES) == set()


def test_every_registered_clause_is_cited() -> None:
    assert set(CLAUSES) - cited() == set()


@pytest.mark.parametrize(
    "planted",
    ['    clause = "tendering/999"', 'Rule(clause="invented-law/1")', '{% field clause="tendering/999" %}'],
)
def test_an_unregistered_citation_is_found(planted: str) -> None:
    assert set(citations(planted)) - set(CLAUSES) != set()
