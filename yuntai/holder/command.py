"""`yuntai holder`: runs a holder, releases one lot by hand, or shows the holder's public key."""

import argparse
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
from yuntai.holder.wire import instant
from yuntai.trust import clock
from yuntai.trust.envelopes import HOLDERS

HELP = """\
yuntai holder --letter P --home DIR --trading URL [--trading-key KEY] [--keys-only] [--interval 0.5]
yuntai holder release LOT --home DIR --trading URL [--trading-key KEY]
yuntai holder key --home DIR [--letter P]
"""


def main(argv: Sequence[str]) -> int:
    """Run the command; 0 when done, 1 when a release was refused, 2 when called or set up wrongly."""
    options = _parse(argv)
    try:
        return int(options.run(options))
    except HomeError as error:
        say(str(error))
        return 2
    except (clock.ClockMayNotShift, clock.BadClockFile) as error:
        say(str(error))
        return 2


def say(line: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _run(options: argparse.Namespace) -> int:
    home = Home.prepare(options.home, letter=options.letter, trading_key=options.trading_key)
    if home.trading_key is None and not options.keys_only:
        say("give --trading-key: without the trading system's public key no bid set can be checked")
        return 2
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with _client(options.trading) as client:
        agent = Agent(home=home, trading=Trading(client, home), releases=not options.keys_only, log=_logged)
        _logged(f"holder {home.letter} at work, public key {home.public_key().hex()}")
        keep_working(agent, interval=options.interval, stop=stop, log=_logged, now=clock.now)
    _logged(f"holder {home.letter} stopped")
    return 0


def _release(options: argparse.Namespace) -> int:
    home = Home.open(options.home)
    home = Home.prepare(options.home, letter=home.letter, trading_key=options.trading_key)
    with _client(options.trading) as client:
        agent = Agent(home=home, trading=Trading(client, home), releases=True, log=_logged)
        try:
            return 0 if agent.release_lot(options.lot, clock.now()) else 1
        except TradingUnreachable as error:
            _logged(f"trading system: {error}")
            return 1


def _show_key(options: argparse.Namespace) -> int:
    home = Home.prepare(options.home, letter=options.letter) if options.letter else Home.open(options.home)
    sys.stdout.write(home.public_key().hex() + "\n")
    return 0


def _logged(line: str) -> None:
    say(f"{instant(clock.now())} {line}")


def _client(address: str) -> httpx.Client:
    # Not through a proxy the environment happens to name: shares are for the trading system alone.
    return httpx.Client(
        base_url=address, timeout=TIMEOUT_SECONDS, trust_env=False, verify=ssl.create_default_context()
    )


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    acts = {"release": _release, "key": _show_key}
    act = argv[0] if argv and argv[0] in acts else ""
    parser = argparse.ArgumentParser(prog=f"yuntai holder {act}".strip(), usage=HELP)
    parser.set_defaults(run=acts.get(act, _run))
    parser.add_argument("--home", type=Path, required=True, metavar="DIR", help="the holder's directory")
    if act == "release":
        parser.add_argument("lot", help="the lot whose shares are released")
    else:
        parser.add_argument("--letter", choices=HOLDERS, required=not act, help="which holder this is")
    if act != "key":
        parser.add_argument("--trading", required=True, metavar="URL", help="address of the trading system")
        parser.add_argument(
            "--trading-key", type=_public_key, metavar="KEY", help="its Ed25519 public key, 64 hex digits"
        )
    if not act:
        parser.add_argument("--keys-only", action="store_true", help="make keys, never release by itself")
        parser.add_argument("--interval", type=float, default=0.5, metavar="S", help="seconds between rounds")
    return parser.parse_args(list(argv[1:] if act else argv))


def _public_key(text: str) -> bytes:
    # Hex, not base64url: one base64url key in 64 begins with "-" and would be taken for an option.
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise argparse.ArgumentTypeError("expected 64 lower-case hex digits")
    return bytes.fromhex(text)
