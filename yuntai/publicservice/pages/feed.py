"""An Atom feed of the tenders that an address asks for: a reader's subscription without an account."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_GET

from yuntai.kernel.templatetags.values import beijing
from yuntai.publicservice import places
from yuntai.publicservice.pages.addresses import absolute
from yuntai.publicservice.pages.lots import partly_failed
from yuntai.publicservice.portal import words
from yuntai.publicservice.portal.search import Search, TenderLine, find_tenders
from yuntai.trust import clock

ENTRIES = 30


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """Answer the newest tenders as Atom."""
    now = clock.now()
    search = Search.of(request.GET.dict())
    answer = Atom1Feed(
        title="公共资源交易信息",
        link=absolute(reverse("home")),
        feed_url=absolute(request.get_full_path()),
        description="公共服务平台公开的交易项目",
        language="zh-CN",
    )
    for line in find_tenders(search, page=1, now=now, per_page=ENTRIES).rows:
        address = absolute(reverse("tender", args=[line.code]))
        answer.add_item(
            title=f"{'（演示）' if line.demonstration else ''}{line.title}",
            link=address,
            unique_id=address,
            description=_summary(line),
            pubdate=line.published_at,
            updateddate=line.told_at,
        )
    return HttpResponse(answer.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _summary(line: TenderLine) -> str:
    parts = [words.kind(line.kind), places.name(line.region_code), line.stage.name]
    failed = partly_failed(line)
    if failed is not None:
        parts.append(failed.label)
    if line.due_at is not None:
        parts.append(f"{beijing(line.due_at)} 截止")
    return "，".join(parts)
