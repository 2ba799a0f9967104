"""Publishing the tender notice: an act that cannot be undone, on a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import Crumb, IrreversibleAct, Refusal
from yuntai.kernel.templatetags.values import beijing
from yuntai.trading.pages.draft import conditions, lots_of, own_tender, plain_text, text_key
from yuntai.trading.pages.reader import person
from yuntai.trading.tenders.models import Tender
from yuntai.trading.tenders.services import publish_notice
from yuntai.trading.tenders.text_rules import LEAST_NOTICE, LONGEST_NOTICE, problem_of_text
from yuntai.trust import clock


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Show what publishing does with the words kept, or publish them."""
    caller = person(request)
    found = own_tender(caller, code)
    if request.method == "GET":
        text = request.session.get(text_key(code), "")
        return _show(request, found, text) if text else redirect("draft", code)
    text = plain_text(request.POST.get("text", ""))
    problem = problem_of_text("公告正文", text, LONGEST_NOTICE, least=LEAST_NOTICE)
    if problem:
        return _show(request, found, text, Refusal("公告没有发布", problem), 422)
    try:
        publish_notice(tender_code=code, text=text, caller=caller, now=clock.now())
    except DomainError as error:
        return _show(request, found, text, Refusal("公告没有发布", str(error), error.clause), error.status)
    request.session.pop(text_key(code), None)
    return redirect("tender", code)


def _show(
    request: HttpRequest, found: Tender, text: str, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    if found.documents_open_at is not None and refusal is None:
        return redirect("tender", found.code)
    lacking = [each for each in conditions(found, lots_of(found), clock.now()) if not each.holds]
    act = IrreversibleAct(
        title=f"发布招标公告：{found.title}",
        what=(
            f"发布下面的公告，开放 {found.documents.count()} 份招标文件的下载，"
            f"并开始接收投标文件，至 {beijing(found.bids_due_at)} 截止。"
        ),
        shown_to="所有人：本系统、公共服务平台和行政监管系统同时公开",
        from_when="按下后立即生效；招标文件和截止时间自此不能修改，只能以澄清或修改公告更正",
        url=reverse("publish", args=[found.code]),
        action="发布招标公告",
        back_url=reverse("draft", args=[found.code]),
        hidden=(("text", text),),
    )
    context = {
        "tender": found,
        "act": act,
        "text": text,
        "lacking": lacking,
        "refusal": refusal,
        "crumbs": (
            Crumb("工作台", reverse("desk")),
            Crumb(found.title, reverse("draft", args=[found.code])),
            Crumb("发布招标公告"),
        ),
    }
    return render(request, "trading/publish.html", context, status=status)
