"""The import contracts of pyproject.toml hold, and a forbidden import breaks them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLANTED = {
    "a system imports another": ("supervision/planted.py", "import yuntai.trading.settings"),
    "supervision reads the procedures": ("supervision/planted.py", "import yuntai.procedures"),
    "the kernel knows the trade": ("kernel/planted.py", "import yuntai.evaluation.rules"),
    "pure code needs Django": ("standard/planted.py", "import django.db"),
    "an earlier step knows a later one": ("trading/bids/planted.py", "import yuntai.trading.opening.models"),
    "the city imports a system": ("city/planted.py", "import yuntai.publicservice.settings"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def copy_of_the_house(to: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", to)
    shutil.copytree(ROOT / "yuntai", to / "yuntai", ignore=shutil.ignore_patterns("__pycache__", "tests"))
    return to


def test_the_contracts_hold() -> None:
    outcome = lint(ROOT)

    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_import_breaks_a_contract(fault: str, tmp_path: Path) -> None:
    file, line = PLANTED[fault]
    house = copy_of_the_house(tmp_path)
    (house / "yuntai" / file).write_text(line + "\n", encoding="utf-8")

    outcome = lint(house)

    assert outcome.returncode != 0
    assert "BROKEN" in outcome.stdout
