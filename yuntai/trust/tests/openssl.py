"""The OpenSSL command line: another implementation to hold ours against."""

import shutil
import subprocess


def openssl(*arguments: str, given: bytes = b"") -> bytes:
    """Run `openssl` and return its standard output; it belongs to every Debian 12."""
    program = shutil.which("openssl")
    assert program, (
        "没有找到 openssl 命令，国密互验测试不能进行；请安装软件包 openssl（apt-get install openssl）。"
    )
    run = subprocess.run([program, *arguments], input=given, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()
    return run.stdout
