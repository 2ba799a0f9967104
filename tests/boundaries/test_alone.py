"""Each system starts with the other two unimportable, and with nothing of the city."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SYSTEMS = ("publicservice", "trading", "supervision")
TOOLS = ("city", "bidtool", "holder")
START = Path(__file__).parent / "start_alone.py"


def start(system: str, *, extra_app: str = "") -> subprocess.CompletedProcess[str]:
    missing = [f"yuntai.{other}" for other in (*SYSTEMS, *TOOLS) if other != system]
    command = [sys.executable, str(START), system, ",".join(missing), extra_app]
    environment = os.environ | {"YUNTAI_SANDBOX": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("system", SYSTEMS)
def test_starts_and_answers_alone(system: str) -> None:
    outcome = start(system)

    assert outcome.returncode == 0, outcome.stderr
    assert '{"alive": true}' in outcome.stdout


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("other", SYSTEMS)
def test_does_not_start_with_an_app_of_another_system(system: str, other: str) -> None:
    if system == other:
        return

    outcome = start(system, extra_app=f"yuntai.{other}")

    assert outcome.returncode != 0
    assert f"yuntai.{other} is not in this image" in outcome.stderr
