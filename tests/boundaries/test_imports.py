"""The import contracts of pyproject.toml hold, and a forbidden import breaks them."""

import ast
import re
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
IMPORTERS = frozenset(
    {
        *("import_module", "import_string", "__import__", "locate", "run_module", "run_path"),
        *("exec", "eval", "get_model", "get_app_config", "spec_from_file_location"),
    }
)


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


def test_nothing_is_imported_past_the_contracts() -> None:
    """An import that only happens when the program runs is seen by no contract: who may, stands here."""
    dynamic = {
        str(file.relative_to(ROOT / "yuntai"))
        for file in (ROOT / "yuntai").rglob("*.py")
        if "tests" not in file.parts and imports_while_running(file.read_text(encoding="utf-8"))
    }

    assert dynamic == {
        "__main__.py",  # the command line starts one room
        "kernel/accounts/login.py",  # the others read dotted paths that a system's own settings name
        "kernel/inbox/acceptance.py",
        "kernel/inbox/apply.py",
        "kernel/inbox/pressure.py",
        "kernel/inbox/services.py",
        "kernel/management/commands/work.py",
        "kernel/peers.py",
    }


@pytest.mark.parametrize(
    "line",
    [
        'import_module("yuntai.trading")',
        'importlib.import_module("yuntai.trading")',
        '__import__("yuntai.trading")',
        'import_string("yuntai.trading.urls.x")',
        'pydoc.locate("yuntai.trading")',
        'runpy.run_module("yuntai.trading")',
        'exec("import yuntai.trading")',
        'apps.get_model("tenders", "Tender")',
    ],
)
def test_an_import_while_running_is_seen(line: str) -> None:
    assert imports_while_running(f"def act():\n    {line}\n")


@pytest.mark.parametrize("system", ["trading", "supervision", "publicservice"])
def test_a_system_s_settings_name_no_other_system(system: str) -> None:
    others = {"trading", "supervision", "publicservice"} - {system}
    named = set(re.findall(r"yuntai\.(\w+)", (ROOT / "yuntai" / system / "settings.py").read_text("utf-8")))

    assert not named & others


def imports_while_running(source: str) -> bool:
    """Tell whether `source` calls anything that imports by name."""
    called = {
        ast.unparse(node.func).rsplit(".", 1)[-1]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
    }
    return bool(called & IMPORTERS)
