"""Following tenders over HTTP, and the followed ones on the desk.  Translation only."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from yuntai.kernel.accounts.caller import required
from yuntai.kernel.accounts.middleware import caller_of
from yuntai.kernel.accounts.models import Account
from yuntai.kernel.errors import NotLoggedIn
from yuntai.kernel.templatetags.components import Status
from yuntai.publicservice.following import services
from yuntai.publicservice.following.queries import followed_tenders, is_followed
from yuntai.publicservice.pages.addresses import page_number, pages_of
from yuntai.trust import clock


@dataclass(frozen=True)
class FollowButton:
    """What the tender's page offers.  login_url: "" for whoever is logged in."""

    code: str
    followed: bool
    login_url: str


@require_POST
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """Follow a tender."""
    caller = required(caller_of(request))
    services.follow_tender(code=code, account=account_of(request), caller=caller, now=clock.now())
    return redirect(reverse("tender", args=[code]))


@require_POST
def unfollow(request: HttpRequest, code: str) -> HttpResponse:
    """Follow a tender no longer."""
    caller = required(caller_of(request))
    services.unfollow_tender(code=code, account=account_of(request), caller=caller, now=clock.now())
    return redirect(reverse("desk") if request.POST.get("from") == "desk" else reverse("tender", args=[code]))


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Note that the news on the desk has been read."""
    caller, now = required(caller_of(request)), clock.now()
    shown_at = _instant(request.POST.get("shown_at", "")) or now
    services.note_news_read(account=account_of(request), shown_at=shown_at, caller=caller, now=now)
    return redirect("desk")


def follow_button(request: HttpRequest, code: str) -> FollowButton:
    """Return the button for the page of a tender."""
    account = request.user
    if isinstance(account, Account):
        return FollowButton(code, is_followed(account, code), "")
    return FollowButton(code, False, f"{reverse('login')}?next={reverse('tender', args=[code])}")


def followed_on_desk(request: HttpRequest, now: datetime) -> dict[str, object]:
    """Return what the desk shows of the followed tenders."""
    found = followed_tenders(account_of(request), page_number(request), now=now)
    return {
        "followed": [(row, Status(row.stage.name, row.stage.tone)) for row in found.rows],
        "followed_pages": pages_of(found, {}, "个项目"),
        "any_news": any(row.news for row in found.rows),
    }


def account_of(request: HttpRequest) -> Account:
    """Return the account of whoever is logged in.

    :raises NotLoggedIn: nobody is.
    """
    account = request.user
    if not isinstance(account, Account):
        raise NotLoggedIn("办理此事须先登录。")
    return account


def _instant(text: str) -> datetime | None:
    try:
        read = parse_datetime(text)
    except ValueError:
        return None
    return read if read and read.tzinfo else None
