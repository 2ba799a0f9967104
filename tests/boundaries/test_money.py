"""No float comes near a price: neither a literal, nor a conversion, nor a column."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MONEY_CODE = ("law", "standard", "evaluation", "procedures", "trading", "publicservice", "supervision")

# They measure delays in seconds and shares of messages; no price passes through them.
MEASURES = (
    "publicservice/connect_api.py",
    "publicservice/pages/quality_table.py",
    "publicservice/pages/system_words.py",
    "publicservice/pages/systems.py",
    "publicservice/quality/",
    "publicservice/systems/queries.py",
    "publicservice/systems/traffic.py",
    "publicservice/systems/trying.py",
)


def floats(source: str) -> Iterator[int]:
    """Yield the lines with a float; seconds of a wait, named …_SECONDS, are no money."""
    tree = ast.parse(source)
    waits = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and str(getattr(node.targets[0], "id", "")).endswith("_SECONDS")
        for part in ast.walk(node.value)
    }
    for node in ast.walk(tree):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float) and id(node) not in waits
        named = isinstance(node, ast.Name) and node.id == "float"
        column = isinstance(node, ast.Attribute) and node.attr == "FloatField"
        if isinstance(node, ast.expr) and (literal or named or column):
            yield node.lineno


def test_money_code_has_no_float() -> None:
    files = [path for part in MONEY_CODE for path in (ROOT / "yuntai" / part).rglob("*.py")]
    files = [path for path in files if not path.relative_to(ROOT / "yuntai").as_posix().startswith(MEASURES)]
    checked = [path for path in files if "tests" not in path.parts]

    found = {
        str(path): lines for path in checked if (lines := list(floats(path.read_text(encoding="utf-8"))))
    }

    assert checked
    assert found == {}


@pytest.mark.parametrize("planted", ["price = 0.1", "price = float(text)", "price = models.FloatField()"])
def test_a_planted_float_is_found(planted: str) -> None:
    assert list(floats(planted)) == [1]


def test_seconds_are_no_money() -> None:
    assert list(floats("TIMEOUT_SECONDS = 20.0")) == []
