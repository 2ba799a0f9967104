"""The lawyers' pages: fresh, complete, and seen to be stale when they are."""

import subprocess
import sys
from pathlib import Path

import pytest

from yuntai.law.clauses import clause
from yuntai.procedures import PROCEDURES, pages
from yuntai.procedures.vocabulary import Procedure


def test_the_pages_in_docs_are_fresh() -> None:
    """When this fails: python -m yuntai.procedures.pages, and read the change as a lawyer would."""
    assert pages.stale(pages.FOLDER) == []


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda p: f"{p.code} {p.edition}")
def test_a_page_says_everything_a_declaration_does(procedure: Procedure) -> None:
    text = pages.page(procedure)

    for key in procedure.clauses:
        assert clause(key).citation in text
        assert clause(key).text in text
    for stage in procedure.stages:
        assert f"| {stage.name} |" in text
    for deadline in procedure.deadlines:
        assert f"自{deadline.after.label}至{deadline.before.label} |" in text
        assert str(deadline.span) in text
    for paper in procedure.papers:
        assert f"| {paper.name} |" in text
    assert procedure.evaluation.explanation() in text


def test_sees_a_changed_a_missing_and_a_superfluous_page(tmp_path: Path) -> None:
    pages.write(tmp_path)
    assert pages.stale(tmp_path) == []

    name = pages.file_name(PROCEDURES[0])
    (tmp_path / name).write_text("changed by hand", encoding="utf-8")
    (tmp_path / "README.md").unlink()
    (tmp_path / "old.md").write_text("of no procedure", encoding="utf-8")
    assert pages.stale(tmp_path) == sorted(["README.md", name, "old.md"])

    pages.write(tmp_path)
    assert pages.stale(tmp_path) == []


def test_checking_from_the_command_line_changes_nothing() -> None:
    before = {path.name: path.read_bytes() for path in pages.FOLDER.iterdir()}

    run = subprocess.run(
        [sys.executable, "-m", "yuntai.procedures.pages", "--check"],
        cwd=pages.FOLDER.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert {path.name: path.read_bytes() for path in pages.FOLDER.iterdir()} == before
