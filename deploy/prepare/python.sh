#!/bin/sh
# Makes .venv with exactly the packages of requirements.lock.  Each failure is one sentence with what to do.
set -u
log=build/setup.log

fail() { echo "$1" >&2; exit 1; }

for folder in "$PWD" "$PWD/build" "$PWD/.venv"; do
    [ ! -e "$folder" ] || [ -w "$folder" ] ||
        fail "无法写入 $folder，它属于用户 $(stat -c %U "$folder")。请以该用户运行，或在自己的目录中另行克隆一份。"
done
mkdir -p build || fail "无法写入当前目录。请检查剩余空间。"

"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    fail "需要 Python 3.11 或更新版本（当前命令：$PYTHON）。Debian 12 上请安装 python3；或用 make PYTHON=/路径/python3 指定。"

echo "[1/2] 建立 Python 环境 .venv"
"$PYTHON" -m venv .venv >"$log" 2>&1 ||
    fail "无法建立 .venv：请先安装 venv（Debian 12：apt-get install python3-venv python3-pip），详情见 $log。"

echo "[2/2] 按 requirements.lock 安装依赖（首次约一分钟）"
if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock >>"$log" 2>&1; then
    grep -q "No space left" "$log" && fail "磁盘已满，依赖未装完。请清理出至少 2 GB 空间后重试，详情见 $log。"
    grep -qE "Temporary failure|NewConnectionError|ConnectTimeout|ProxyError|Network is unreachable|Name or service not known" "$log" &&
        fail "连不上 Python 软件包仓库。请检查网络或 pip 的镜像设置后重试，详情见 $log。"
    fail "依赖安装失败，详情见 $log。请按其中最后几行处理后重试。"
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . >>"$log" 2>&1 ||
    fail "本项目安装失败，详情见 $log。"
touch .venv/.installed
