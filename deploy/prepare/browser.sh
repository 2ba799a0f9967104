#!/bin/sh
# Gives the browser tests Chromium and a Chinese font from Debian's packages, where this user may install them.
# Where not, it says nothing and exits 0: the browser tests themselves then fail with one sentence.
set -u
log=build/browser.log
mkdir -p build

has_font() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh family 2>/dev/null | head -n 1)" ]; }

command -v chromium >/dev/null 2>&1 && has_font && exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || exit 0

echo "安装 Chromium 和中文字体（Debian 软件包，首次约一分钟）"
{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium fontconfig fonts-wqy-microhei; } >"$log" 2>&1 ||
    echo "Chromium 或中文字体没有装上，浏览器测试将说明缺什么；详情见 $log。"
exit 0
