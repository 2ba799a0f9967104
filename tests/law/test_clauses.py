"""Every clause the code cites stands in yuntai/law/clauses.toml, and every clause there is cited."""

from pathlib import Path

import pytest

from tests.law.citations import citations
from yuntai.law.clauses import CLAUSES

ROOT = Path(__file__).parents[2]
REGISTER = ROOT / "yuntai" / "law" / "clauses.toml"
KINDS = (".py", ".html", ".toml", ".ts")


def sources() -> list[Path]:
    folders = (ROOT / "yuntai", ROOT / "frontend" / "src")
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in KINDS]
    return [path for path in found if "tests" not in path.parts and path != REGISTER]


def cited() -> set[str]:
    return {
        key
        for path in sources()
        for key in citations(path.read_text(encoding="utf-8"), is_python=path.suffix == ".py")
    }


def test_every_cited_clause_is_registered() -> None:
    assert cited() - set(CLAUSES) == set()


def test_every_registered_clause_is_cited() -> None:
    assert set(CLAUSES) - cited() == set()


@pytest.mark.parametrize(
    "planted",
    [
        '    clause = "tendering/999"',
        'Rule(clause="invented-law/1")',
        '{% field clause="tendering/999" %}',
        'sentence = "《招标投标法》第九百九十九条"',
        'source = "电子招标投标办法第九十九条；本标准"',
    ],
)
def test_an_unregistered_citation_is_found(planted: str) -> None:
    assert set(citations(planted)) - set(CLAUSES) != set()


@pytest.mark.parametrize(
    "planted",
    [
        'entry = {"clause": "invented-law/7"}',
        'CLAUSE = "invented-law/9"',
        'KEY = "tendering" "/999"',
        'key = f"tendering/{number}"',
        '"""Who did what (Decree 20 art. 99)."""',
        '"""Nobody else (招标投标法实施条例 art. 99)."""',
    ],
)
def test_an_unregistered_citation_in_python_is_found(planted: str) -> None:
    assert set(citations(planted, is_python=True)) - set(CLAUSES) != set()
