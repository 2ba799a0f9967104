"""What holds for every rule: pure, its clauses registered, its code and version given once."""

import subprocess
import sys
from pathlib import Path

import pytest

from yuntai.law.clauses import CLAUSES
from yuntai.supervision import rules
from yuntai.supervision.rules import RULES, Rule

NO_RULE = {"__init__", "rule"}
FORBIDDEN = ("django", "yuntai.kernel", "yuntai.procedures", "yuntai.evaluation", "yuntai.trading")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_clause_is_registered(rule: Rule) -> None:
    assert set(rule.clauses) <= set(CLAUSES)


def test_every_rule_has_a_file_of_its_own() -> None:
    files = {path.stem for path in Path(rules.__file__).parent.glob("*.py")} - NO_RULE

    assert {rule.code.replace("-", "_") for rule in RULES} == files
    assert len(RULES) == len(files)


def test_the_rules_load_without_django_and_without_what_they_watch() -> None:
    program = (
        "import sys, yuntai.supervision.rules;"
        f"print([name for name in sys.modules if name.startswith({FORBIDDEN!r})])"
    )

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "[]"
