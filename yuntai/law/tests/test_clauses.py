"""The register of clauses: complete, well-formed, found by key."""

import re
import tomllib
from pathlib import Path

import pytest

from yuntai.law import clauses
from yuntai.law.clauses import CLAUSES, UnknownClause, clause

REGISTER = tomllib.loads((Path(clauses.__file__).parent / "clauses.toml").read_text(encoding="utf-8"))


def test_reads_a_clause() -> None:
    found = clause("tendering/24")

    assert found.citation == "《招标投标法》第二十四条"
    assert "二十日" in found.text
    assert "主席令第21号" in found.source


def test_refuses_an_unregistered_key() -> None:
    with pytest.raises(UnknownClause, match="tendering/999"):
        clause("tendering/999")


@pytest.mark.parametrize("key", sorted(CLAUSES))
def test_every_clause_is_complete(key: str) -> None:
    registered = CLAUSES[key]

    assert re.fullmatch(r"[a-z0-9-]+/[0-9][0-9.]*", key)
    assert registered.key == key
    assert registered.text.endswith("。")
    assert registered.title
    assert registered.article
    assert registered.source


def test_the_article_is_the_number_in_the_key() -> None:
    """第二十四条 belongs to …/24; the city's plan counts otherwise."""
    for key, registered in CLAUSES.items():
        law, number = key.split("/")
        if law != "lianyungang-plan":
            assert registered.article == f"第{in_chinese(int(number))}条"


def test_every_law_has_a_clause() -> None:
    assert set(REGISTER["laws"]) == {key.split("/")[0] for key in CLAUSES}


def test_the_register_cannot_be_changed_while_running() -> None:
    with pytest.raises(TypeError):
        CLAUSES["tendering/24"] = clause("tendering/28")  # type: ignore[index]


def in_chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return (
        ("" if tens < 1 else digits[tens] if tens > 1 else "")
        + ("十" if tens else "")
        + (digits[ones] if ones else "")
    )
