"""Setting up in a clone that belongs to somebody else says whose it is, in one sentence."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "prepare" / "python.sh"
NOBODY = 65534


@pytest.fixture
def clone() -> Iterator[Path]:
    """Return a folder that others may read and enter, which those of pytest are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    shutil.copy(SCRIPT, folder / "python.sh")
    yield folder
    for each in (folder, folder / "build"):
        each.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("closed", ["", "/build"])
def test_a_clone_of_somebody_else_is_named(clone: Path, closed: str) -> None:
    (clone / "build").mkdir()
    for folder in (clone, clone / "build"):
        folder.chmod(0o777)
    Path(f"{clone}{closed}").chmod(0o555)
    # Root may write everywhere, so it takes another user to see it.
    user = NOBODY if os.geteuid() == 0 else None

    ended = subprocess.run(
        ["sh", "python.sh"],
        cwd=clone,
        env={"PATH": os.environ["PATH"], "PYTHON": "python3"},
        user=user,
        capture_output=True,
        text=True,
        check=False,
    )

    owner = clone.owner()
    assert ended.returncode == 1
    assert ended.stderr == (
        f"无法写入 {clone}{closed}，它属于用户 {owner}。请以该用户运行，或在自己的目录中另行克隆一份。\n"
    )
    assert ended.stdout == ""
