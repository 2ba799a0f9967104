"""`yuntai holder`: runs a holder, releases one lot by hand, or shows the holder's public key."""

import argparse
import os
import re
import signal
import ssl
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import httpx

from yuntai.holder.agent import Agent
from yuntai.holder.home import Home, HomeError
from yuntai.holder.rounds import keep_working
from yuntai.holder.trading import TIMEOUT_SECONDS, Trading, TradingUnreachable
from yuntai.holder.wire import beijing
from yuntai.trust import clock, libcrypto
from yuntai.trust.envelopes import HOLDERS

USAGE = """
  yuntai holder --letter P --home 目录 --trading 地址 --trading-key 公钥 [--keys-only] [--interval 0.5]
  yuntai holder release 标段编号 --home 目录 --trading 地址 [--trading-key 公钥]
  yuntai holder key --home 目录 [--letter P]
"""
DESCRIPTION = (
    "开标密钥保管方：为每个标段生成密钥，到开标时间才释放份额。"
    "release 由人释放一个标段的份额，key 显示本方的签名公钥。"
    "演示城市里请用 yuntai city release 标段编号：城市的时钟可能已拨快，保管方须按同一时钟执行。"
)


def main(argv: Sequence[str]) -> int:
    """Run the command; 0 when done, 1 when a release was refused, 2 when called or set up wrongly."""
    options = _parse(argv)
    try:
        return int(options.run(options))
    except HomeError as error:
        say(str(error))
        return 2
    except libcrypto.Sm2Missing as error:
        say(str(error))
        return 2
    except clock.ClockMayNotShift:
        say(
            f"设置了演示时钟 {clock.FILE_VARIABLE}，但本机不是演示环境。请去掉该环境变量；"
            f"确是演示环境的，另设 {clock.SANDBOX_VARIABLE}=1。"
        )
        return 2
    except clock.BadClockFile:
        say(f"演示时钟文件 {os.environ.get(clock.FILE_VARIABLE)} 的内容不对。请恢复该文件，或删除它后重试。")
        return 2


def say(line: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _run(options: argparse.Namespace) -> int:
    home = Home.prepare(options.home, letter=options.letter, trading_key=options.trading_key)
    if home.trading_key is None and not options.keys_only:
        say("请用 --trading-key 给出交易系统的公钥：没有它就不能核对封标的密封包。")
        return 2
    libcrypto.require_sm2()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with _client(options.trading) as client:
        agent = Agent(home=home, trading=Trading(client, home), releases=not options.keys_only, log=_logged)
        _logged(f"保管方 {home.letter} 开始工作，签名公钥 {home.public_key().hex()}")
        keep_working(agent, interval=options.interval, stop=stop, log=_logged, now=clock.now)
    _logged(f"保管方 {home.letter} 已停止。")
    return 0


def _release(options: argparse.Namespace) -> int:
    home = Home.open(options.home)
    home = Home.prepare(options.home, letter=home.letter, trading_key=options.trading_key)
    with _client(options.trading) as client:
        agent = Agent(home=home, trading=Trading(client, home), releases=True, log=_logged)
        try:
            return 0 if agent.release_lot(options.lot, clock.now()) else 1
        except TradingUnreachable as error:
            _logged(f"交易系统：{error}")
            return 1


def _show_key(options: argparse.Namespace) -> int:
    home = Home.prepare(options.home, letter=options.letter) if options.letter else Home.open(options.home)
    sys.stdout.write(home.public_key().hex() + "\n")
    return 0


def _logged(line: str) -> None:
    say(f"{beijing(clock.now())} {line}")


def _client(address: str) -> httpx.Client:
    # Not through a proxy the environment happens to name: shares are for the trading system alone.
    return httpx.Client(
        base_url=address, timeout=TIMEOUT_SECONDS, trust_env=False, verify=ssl.create_default_context()
    )


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    acts = {"release": _release, "key": _show_key}
    act = argv[0] if argv and argv[0] in acts else ""
    parser = argparse.ArgumentParser(
        prog=f"yuntai holder {act}".strip(), usage=USAGE, description=DESCRIPTION
    )
    parser.set_defaults(run=acts.get(act, _run))
    parser.add_argument("--home", type=Path, required=True, metavar="目录", help="保管方的目录")
    if act == "release":
        parser.add_argument("lot", metavar="标段编号", help="要释放份额的标段")
    else:
        parser.add_argument("--letter", choices=HOLDERS, required=not act, help="保管方代号")
    if act != "key":
        parser.add_argument("--trading", required=True, metavar="地址", help="交易系统的地址")
        parser.add_argument(
            "--trading-key", type=_public_key, metavar="公钥", help="交易系统的 Ed25519 公钥，64 位十六进制数"
        )
    if not act:
        parser.add_argument("--keys-only", action="store_true", help="只生成密钥，不自动释放份额")
        parser.add_argument("--interval", type=float, default=0.5, metavar="秒", help="每轮间隔的秒数")
    return parser.parse_args(list(argv[1:] if act else argv))


def _public_key(text: str) -> bytes:
    # Hex, not base64url: one base64url key in 64 begins with "-" and would be taken for an option.
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise argparse.ArgumentTypeError("应为 64 位小写十六进制数")
    return bytes.fromhex(text)
