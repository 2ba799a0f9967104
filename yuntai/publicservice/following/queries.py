"""Reads of what an account follows, with what is new."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from yuntai.kernel.accounts.models import Account
from yuntai.publicservice.following.models import Follow
from yuntai.publicservice.paging import Page, page_of
from yuntai.publicservice.portal.models import PublicEvent, PublicTender
from yuntai.publicservice.portal.stages import BY_CODE, Stage, stage_at
from yuntai.publicservice.portal.words import EVENTS


@dataclass(frozen=True)
class News:
    """Something that happened to a followed tender."""

    name: str
    occurred_at: datetime


@dataclass(frozen=True)
class FollowedTender:
    """A tender that an account follows.  news: what came since the account last looked, oldest first."""

    tender: PublicTender
    stage: Stage
    news: tuple[News, ...]


def followed_tenders(account: Account, page: int, *, now: datetime) -> Page[FollowedTender]:
    """Return a page of the followed tenders, the one that changed last first."""
    changed = Follow.objects.filter(account=account).annotate(changed_at=Max("tender__events__received_at"))
    return page_of(changed.order_by("-changed_at", "-id"), page, lambda row: _followed(row, now))


def is_followed(account: Account, code: str) -> bool:
    """Return whether the account follows the tender `code`."""
    return Follow.objects.filter(account=account, tender__code=code).exists()


def _followed(follow: Follow, now: datetime) -> FollowedTender:
    tender = PublicTender.objects.annotate(stage=stage_at(now)).get(pk=follow.tender_id)
    events = PublicEvent.objects.filter(tender=tender, received_at__gt=follow.seen_at)
    news = events.order_by("received_at", "id").values_list("type", "occurred_at")
    return FollowedTender(
        tender, BY_CODE[tender.stage], tuple(News(EVENTS.get(kind, kind), at) for kind, at in news)
    )
