"""One round of a holder's work: answer requests for keys, then requests for shares."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from yuntai.holder.home import Home, HomeError, LotKey
from yuntai.holder.release import Release, ReleaseRefused, decide_release
from yuntai.holder.trading import Trading, TradingRefused
from yuntai.holder.wire import KeyWanted, SharesWanted, beijing
from yuntai.trust.suites import SUITES

Log = Callable[[str], None]
# The same shares again can only help a trading system that lost them.
SAME_AGAIN_AFTER = timedelta(minutes=10)


class KeyRefused(Exception):
    """The holder gives no key for a lot; `str(error)` is the reason for its log."""

    code = "key-refused"


class Agent:
    """A holder at work.

    releases: False for the offline recovery holder, which answers requests for keys only.
    log: takes one Chinese line for each event; never a key or a share.
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
        self._log(
            f"标段 {lot}：交易系统现在不要这个标段的份额：还没有封标，或已经开标、已经收到本方的份额。"
            "请核对标段编号和截止时间。"
        )
        return False

    def _answer_key(self, wanted: KeyWanted, now: datetime) -> None:
        try:
            key = self._key_for(wanted, now)
            self._trading.give_key(key)
        except (KeyRefused, HomeError, TradingRefused) as error:
            self._say_once(f"标段 {wanted.lot}：没有提供公钥：{error}")
            return
        self._log(f"标段 {key.lot}：已提交公钥，{beijing(key.opens_at)} 起可以释放份额。")

    def _key_for(self, wanted: KeyWanted, now: datetime) -> LotKey:
        """Make or find the lot's key, keep it on disk, and take over an opening that moved later."""
        key = self._home.lot_key(wanted.lot)
        _check(wanted, key, now)
        if key is None:
            private, public = SUITES[wanted.suite].new_holder_key()
            key = LotKey(wanted.lot, wanted.tender, private, public, wanted.opens_at)
        elif key.opens_at != wanted.opens_at:
            self._log(f"标段 {wanted.lot}：开标时间推迟到 {beijing(wanted.opens_at)}。")
            key = replace(key, opens_at=wanted.opens_at)
        else:
            return key
        # On disk before it is published: a bid sealed to a key that a crash lost could never be opened.
        self._home.keep(key)
        return key

    def _release(self, wanted: SharesWanted, now: datetime) -> bool:
        if self._home.trading_key is None:
            self._say_once(
                f"标段 {wanted.lot}：没有释放份额：没有交易系统的公钥，不能核对封标签名。"
                "请用 --trading-key 给出公钥后再执行。"
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
                self._say_once(
                    f"标段 {wanted.lot}：交易系统再次要求份额：有的份额没有通过核对；本方没有别的份额。"
                )
                return False
            self._trading.give_shares(wanted.lot, release)
            self._handed_in[wanted.lot] = (release, now)
        except (ReleaseRefused, HomeError, TradingRefused) as error:
            self._say_once(f"标段 {wanted.lot}：没有释放份额：{error}")
            return False
        unreadable = sum(share is None for share in release.shares.values())
        self._log(f"标段 {wanted.lot}：已释放 {len(release.shares)} 份密钥份额，其中 {unreadable} 份解不开。")
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

    :raises KeyRefused: the opening is past, moves earlier, or belongs to another tender or a released set; or
        the suite is unknown.
    """
    opening = beijing(wanted.opens_at)
    if wanted.suite not in SUITES:
        raise KeyRefused(f"本程序不认识密封算法 {wanted.suite}。请升级保管方程序后重试。")
    if key is None:
        if wanted.opens_at <= now:
            raise KeyRefused(f"开标时间 {opening} 已过。过了开标时间的标段不再生成密钥。")
        return
    if key.tender != wanted.tender:
        raise KeyRefused(
            f"按本方记录，该标段属于招标项目 {key.tender}，不是 {wanted.tender}。请向交易系统运营机构查问。"
        )
    if wanted.opens_at < key.opens_at:
        raise KeyRefused(f"按本方记录，开标时间是 {beijing(key.opens_at)}，只能推迟，不能提前到 {opening}。")
    if key.released_root and wanted.opens_at != key.opens_at:
        raise KeyRefused("该标段的份额已经释放，开标时间不能再改。")
