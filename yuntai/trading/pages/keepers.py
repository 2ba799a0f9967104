"""While a closed lot waits for key shares: whose are lacking, and who can do what about it."""

from django.conf import settings

from yuntai.trading.opening.queries import standing_releases
from yuntai.trading.tenders.models import Lot
from yuntai.trust.sealing import HOLDER_NAMES, HOLDERS, THRESHOLD

RECOVERY = "R"


def shares_short(lot: Lot) -> str:
    """Return how many holders' shares are lacking and whose they could be, "" when enough have arrived."""
    arrived = standing_releases(lot)
    short = THRESHOLD - len(arrived)
    if short <= 0:
        return ""
    open_to = "、".join(f"{letter}（{HOLDER_NAMES[letter]}）" for letter in HOLDERS if letter not in arrived)
    return f"还差 {short} 方，未到的有 {open_to}"


def what_helps(lot: Lot) -> str:
    """Return what to do when holders do not answer, "" when the recovery holder has already released."""
    if not shares_short(lot) or RECOVERY in standing_releases(lot):
        return ""
    named = dict(lot.holder_keys.values_list("letter", "holder_name"))
    recovery = f"保管方 {RECOVERY}（{named.get(RECOVERY, HOLDER_NAMES[RECOVERY])}）"
    advice = f"别的保管方几分钟后仍未到的，请运营机构联系{recovery}，由其人员释放这个标段的份额。"
    if settings.SANDBOX:
        advice += f"演示城市里在终端执行：.venv/bin/yuntai city release {lot.code}"
    return advice
