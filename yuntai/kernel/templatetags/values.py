"""Filters that write money, Beijing time and time left the one way every page does.

Leaves out working days and legal limits: those belong to yuntai.law and the procedures.
"""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from math import ceil

from django import template

from yuntai.law.days import SHANGHAI
from yuntai.standard import money

register = template.Library()

WEEKDAYS = "一二三四五六日"
MINUTE, HOUR, DAY = 60, 3600, 86400
HOURS_SHOWN_BELOW_DAYS = 3


@register.filter
def yuan(value: Decimal | str | None) -> str:
    """Return "1,234,567.00 元"; "未定" when there is no amount, the text itself when it is no number."""
    if value is None or value == "":
        return "未定"
    try:
        return f"{Decimal(value):,.2f} 元"
    except InvalidOperation:
        return str(value)


@register.filter
def capitals(value: Decimal | str | None) -> str:
    """Return an amount in capital characters (人民币大写); "" when it is missing or no amount yet."""
    if value is None or value == "":
        return ""
    try:
        return money.in_capitals(money.yuan(str(value)))
    except ValueError:
        return ""


@register.filter
def beijing(value: datetime | None) -> str:
    """Return an instant as Beijing time with weekday, "2026-03-22 周日 09:00"; "未定" when there is none."""
    if value is None:
        return "未定"
    local = value.astimezone(SHANGHAI)
    return f"{beijing_day(local)} {local:%H:%M}"


@register.filter
def beijing_seconds(value: datetime | None) -> str:
    """Return an instant to the second, for records where seconds decide."""
    return "未定" if value is None else f"{beijing(value)}:{value.astimezone(SHANGHAI):%S}"


@register.filter
def clock_digits(value: datetime) -> str:
    """Return the time of day in Beijing, "09:00:00", for the large clock."""
    return f"{value.astimezone(SHANGHAI):%H:%M:%S}"


@register.filter
def beijing_day(value: date | None) -> str:
    """Return a day with its weekday, "2026-03-22 周日"; an instant counts by its day in Shanghai."""
    if value is None:
        return "未定"
    day = value.astimezone(SHANGHAI) if isinstance(value, datetime) else value
    return f"{day:%Y-%m-%d} 周{WEEKDAYS[day.weekday()]}"


@register.filter
def time_left(until: datetime | None, now: datetime) -> str:
    """Return what is left from `now` to `until`, coarser the longer it is; "已截止" from that instant on.

    frontend/src/page/time_left.ts counts on in the same words.
    """
    if until is None:
        return ""
    seconds = ceil((until - now).total_seconds())
    if seconds <= 0:
        return "已截止"
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    if days >= HOURS_SHOWN_BELOW_DAYS:
        return f"还剩 {days} 天"
    if days:
        return f"还剩 {days} 天 {hours} 小时"
    if hours:
        return f"还剩 {hours} 小时 {minutes} 分"
    return f"还剩 {minutes} 分 {seconds % MINUTE} 秒"


@register.filter
def iso(value: datetime | None) -> str:
    """Return an instant for the datetime attribute of <time>."""
    return "" if value is None else value.astimezone(SHANGHAI).isoformat()


@register.filter
def short_hash(value: str) -> str:
    """Return the first 12 digits of a hash, enough to compare by eye."""
    return f"{value[:12]}…" if len(value) > 12 else value
