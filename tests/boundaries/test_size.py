"""Files and functions stay small: 400 lines and 40 lines at most (CONTRIBUTING.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
FOLDERS = ("yuntai", "tests", "benchmarks", "frontend/src", "examples")


def sources(*endings: str) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in endings and "migrations" not in path.parts:
                yield path


def long_functions(name: str, source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
            if length > LONGEST_FUNCTION:
                yield f"{name}: {node.name} has {length} lines"


def test_no_file_is_too_long() -> None:
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources(".py", ".ts", ".css")
    }

    assert lengths
    assert {str(path): length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    faults = [
        fault
        for path in sources(".py")
        for fault in long_functions(str(path), path.read_text(encoding="utf-8"))
    ]

    assert faults == []


@pytest.mark.parametrize(("lines", "found"), [(LONGEST_FUNCTION, 0), (LONGEST_FUNCTION + 1, 1)])
def test_a_function_of_41_lines_is_found(lines: int, found: int) -> None:
    source = "def planted():\n" + "    x = 1\n" * lines

    assert len(list(long_functions("planted.py", source))) == found
