"""Moving a draft's deadline, and discarding the draft: an act that cannot be undone, on a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import Crumb, IrreversibleAct, Refusal
from yuntai.kernel.templatetags.values import beijing
from yuntai.trading.pages.draft import own_tender, show, text_key
from yuntai.trading.pages.drafting_forms import DeadlineForm
from yuntai.trading.pages.reader import person
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders.drafts import discard_draft, move_draft_deadline
from yuntai.trading.tenders.models import Tender
from yuntai.trust import clock


@require_POST
def move_deadline(request: HttpRequest, code: str) -> HttpResponse:
    """Move the draft's deadline, in the notice's kept words too."""
    caller, now = person(request), clock.now()
    found = own_tender(caller, code)
    form = DeadlineForm(request.POST, draft=found, now=now)
    if not form.is_valid():
        problem = Refusal("截止时间没有推迟", str(form.errors["bids_due_at"][0]))
        return show(request, found, problem, 422, deadline=form)
    due_at = form.cleaned_data["bids_due_at"]
    try:
        move_draft_deadline(tender_code=code, bids_due_at=due_at, caller=caller, now=now)
    except DomainError as error:
        problem = Refusal("截止时间没有推迟", str(error), error.clause)
        return show(request, found, problem, error.status, deadline=form)
    kept = request.session.get(text_key(code))
    if kept:
        request.session[text_key(code)] = kept.replace(beijing(found.bids_due_at), beijing(due_at))
    return redirect("draft", code)


@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, code: str) -> HttpResponse:
    """Show what discarding does; a POST discards and leads back to the desk."""
    caller = permitted(person(request), Permission.TENDER_DISCARD)
    found = own_tender(caller, code)
    if request.method == "GET":
        return redirect("tender", code) if found.documents_open_at is not None else _confirm(request, found)
    try:
        discard_draft(tender_code=code, caller=caller, now=clock.now())
    except DomainError as error:
        return show(request, found, Refusal("草稿没有撤销", str(error), error.clause), error.status)
    request.session.pop(text_key(code), None)
    return redirect("desk")


def _confirm(request: HttpRequest, found: Tender) -> HttpResponse:
    act = IrreversibleAct(
        title=f"撤销草稿：{found.title}",
        what=(
            f"删除 {found.code} 的草稿，连同 {found.lots.count()} 个标段、"
            f"{found.documents.count()} 份招标文件和保管方已提供的开标密钥。"
            "投资项目保留，可以重新立项；原编号不再使用。"
        ),
        shown_to="没有人：草稿没有公开，撤销也不公开；操作留痕保存在本系统",
        from_when="按下后立即生效，不能恢复",
        url=reverse("draft-discard", args=[found.code]),
        action="撤销草稿",
        back_url=reverse("draft", args=[found.code]),
    )
    crumbs = (
        Crumb("工作台", reverse("desk")),
        Crumb(found.title, reverse("draft", args=[found.code])),
        Crumb("撤销草稿"),
    )
    return render(request, "trading/act.html", {"act": act, "crumbs": crumbs})
