"""Acts of following: begin, end, and note that the news was read.  Safe to repeat."""

from datetime import datetime

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.accounts.models import Account
from yuntai.kernel.audit.services import record, version_of, write_entry
from yuntai.kernel.errors import DomainError
from yuntai.publicservice.following.models import Follow
from yuntai.publicservice.permissions import POLICY, Permission
from yuntai.publicservice.portal.queries import tender_view

MOST_FOLLOWED = 500


class FollowsTooMany(DomainError):
    """The account follows as many tenders as it may."""

    code = "follows-too-many"


def follow_tender(*, code: str, account: Account, caller: Caller, now: datetime) -> None:
    """Follow a tender; following it again changes nothing.

    :raises TenderNotPublic: the portal shows no such tender.
    :raises FollowsTooMany: the account follows 500 tenders.
    """
    caller = caller.acting_as(POLICY[Permission.FOLLOW_TENDER])
    tender = tender_view(code, now=now).tender
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)  # two clicks take turns
        mine = Follow.objects.filter(account=account)
        if mine.filter(tender=tender).exists():
            return
        if mine.count() >= MOST_FOLLOWED:
            raise FollowsTooMany(f"每个账户最多关注 {MOST_FOLLOWED} 个项目。请先取消不再需要的，再关注。")
        follow = Follow.objects.create(account=account, tender=tender, followed_at=now, seen_at=now)
        record(caller=caller, act="follow-tender", subject=follow, before="", now=now)


def unfollow_tender(*, code: str, account: Account, caller: Caller, now: datetime) -> None:
    """Follow a tender no longer; where it is not followed, nothing changes."""
    caller = caller.acting_as(POLICY[Permission.FOLLOW_TENDER])
    with transaction.atomic():
        follow = Follow.objects.select_for_update().filter(account=account, tender__code=code).first()
        if follow is None:
            return
        before = version_of(follow)
        follow.delete()
        record(
            caller=caller,
            act="unfollow-tender",
            subject=account,
            before=before,
            now=now,
            detail={"tender": code},
        )


def note_news_read(*, account: Account, shown_at: datetime, caller: Caller, now: datetime) -> None:
    """Note that the caller has read the news of every followed tender.

    shown_at: when the page was made; what came later stays new.
    """
    caller = caller.acting_as(POLICY[Permission.FOLLOW_TENDER])
    with transaction.atomic():
        unread = Follow.objects.filter(account=account, seen_at__lt=shown_at)
        if unread.update(seen_at=min(shown_at, now)):
            write_entry(
                caller=caller,
                act="read-news",
                object_type=Follow._meta.label_lower,
                object_id=str(account.pk),
                now=now,
            )
