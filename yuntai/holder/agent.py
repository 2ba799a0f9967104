"""One round of a holder's work: answer requests for keys, then requests for shares."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from yuntai.holder.home import Home, HomeError, LotKey
from yuntai.holder.release import Release, ReleaseRefused, decide_release
from yuntai.holder.trading import Trading, TradingRefused
from yuntai.holder.wire import KeyWanted, SharesWanted, instant
from yuntai.trust.suites import INTERNATIONAL

Log = Callable[[str], None]
# The same shares again can only help a trading system that lost them.
SAME_AGAIN_AFTER = timedelta(minutes=10)


class KeyRefused(Exception):
    """The holder gives no key for a lot; `str(error)` is the reason for its log."""

    code = "key-refused"


class Agent:
    """A holder at work.

    releases: False for the offline recovery holder, which answers requests for keys only.
    log: takes one line of plain English for each event; never a key or a share.
    """

    def __init__(self, *, home: Home, trading: Trading, releases: bool, log: Log) -> None:
        self._home = home
        self._trading = trading
        self._releases = releases
        self._log = log
        self._already_said: set[str] = set()
        self._handed_in: dict[str, tuple[Release, datetime]] = {}

    def round(self, now: datetime) -> None:
        """Do what the trading system wants and this holder may.

        :raises TradingUnreachable: the trading system gave no usable answer; nothing is lost, ask again.
        """
        work = self._trading.work(now)
        for key_wanted in work.keys_wanted:
            self._answer_key(key_wanted, now)
        if self._releases:
            for shares_wanted in work.shares_wanted:
                self._release(shares_wanted, now)

    def release_lot(self, lot: str, now: datetime) -> bool:
        """Release one lot, as the offline recovery holder does on order; False when it was not done.

        :raises TradingUnreachable: as `round`.
        """
        for wanted in self._trading.work(now).shares_wanted:
            if wanted.lot == lot:
                return self._release(wanted, now)
        self._log(f"lot {lot}: the trading system wants no shares of it now")
        return False

    def _answer_key(self, wanted: KeyWanted, now: datetime) -> None:
        try:
            key = self._key_for(wanted, now)
            self._trading.give_key(key)
        except (KeyRefused, HomeError, TradingRefused) as error:
            self._say_once(f"lot {wanted.lot}: gave no key: {error}")
            return
        self._log(f"lot {key.lot}: public key handed in, opens at {instant(key.opens_at)}")

    def _key_for(self, wanted: KeyWanted, now: datetime) -> LotKey:
        """Make or find the lot's key, keep it on disk, and take over an opening that moved later."""
        key = self._home.lot_key(wanted.lot)
        _check(wanted, key, now)
        if key is None:
            private, public = INTERNATIONAL.new_holder_key()
            key = LotKey(wanted.lot, wanted.tender, private, public, wanted.opens_at)
        elif key.opens_at != wanted.opens_at:
            self._log(f"lot {wanted.lot}: opening moved to {instant(wanted.opens_at)}")
            key = replace(key, opens_at=wanted.opens_at)
        else:
            return key
        # On disk before it is published: a bid sealed to a key that a crash lost could never be opened.
        self._home.keep(key)
        return key

    def _release(self, wanted: SharesWanted, now: datetime) -> bool:
        if self._home.trading_key is None:
            self._say_once(
                f"lot {wanted.lot}: kept its shares: no --trading-key was given to check the close"
            )
            return False
        try:
            key = self._home.lot_key(wanted.lot)
            release = decide_release(
                wanted, letter=self._home.letter, key=key, trading_key=self._home.trading_key, now=now
            )
            if key is not None and not key.released_root:
                # Written before sending: after a crash, no second set may be released either.
                self._home.keep(replace(key, released_root=release.root))
            if self._was_handed_in(wanted.lot, release, now):
                self._say_once(f"lot {wanted.lot}: asked again: some shares did not fit; it has no others")
                return False
            self._trading.give_shares(wanted.lot, release)
            self._handed_in[wanted.lot] = (release, now)
        except (ReleaseRefused, HomeError, TradingRefused) as error:
            self._say_once(f"lot {wanted.lot}: kept its shares: {error}")
            return False
        unreadable = sum(share is None for share in release.shares.values())
        self._log(f"lot {wanted.lot}: released {len(release.shares)} shares, {unreadable} of them unreadable")
        return True

    def _was_handed_in(self, lot: str, release: Release, now: datetime) -> bool:
        """Was just this handed in a moment ago?  The trading system asks again while shares do not fit."""
        handed_in, at = self._handed_in.get(lot, (None, now))
        return handed_in == release and now - at < SAME_AGAIN_AFTER

    def _say_once(self, line: str) -> None:
        """Log a refusal once, not at every round the trading system repeats its request."""
        if line not in self._already_said:
            self._already_said.add(line)
            self._log(line)


def _check(wanted: KeyWanted, key: LotKey | None, now: datetime) -> None:
    """Refuse what would let a lot be opened earlier than this holder was told.

    :raises KeyRefused: the opening is past, moves earlier, or belongs to another tender or a released set.
    """
    opening = instant(wanted.opens_at)
    if key is None:
        if wanted.opens_at <= now:
            raise KeyRefused(f"its opening at {opening} is already past")
        return
    if key.tender != wanted.tender:
        raise KeyRefused(f"the lot belongs to tender {key.tender}, not {wanted.tender}")
    if wanted.opens_at < key.opens_at:
        raise KeyRefused(f"its opening may only move later than {instant(key.opens_at)}, not to {opening}")
    if key.released_root and wanted.opens_at != key.opens_at:
        raise KeyRefused("its shares were already released")
