"""Correcting what a draft says: title, contact, and each lot's title and amounts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import Crumb, FormError, Refusal, errors_of
from yuntai.trading.pages.draft import lots_of, own_tender, text_key
from yuntai.trading.pages.drafting_forms import CorrectionForm, LotForms
from yuntai.trading.pages.notice_wording import notice_draft
from yuntai.trading.pages.reader import person
from yuntai.trading.tenders.corrections import correct_draft
from yuntai.trading.tenders.models import Tender
from yuntai.trust import clock

LOTS = "lots"


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Show what may be corrected as it stands, or correct it."""
    caller = person(request)
    found = own_tender(caller, code)
    if found.documents_open_at is not None:
        return redirect("tender", code)
    if request.method == "GET":
        form = CorrectionForm(initial={"title": found.title, "contact": found.contact})
        return _show(request, found, form, LotForms(initial=_typed_before(found), prefix=LOTS))
    form, lots = CorrectionForm(request.POST), _bound(request)
    if not all([form.is_valid(), lots.is_valid()]):
        return _show(request, found, form, lots, status=422)
    worded = notice_draft(found, lots_of(found))
    try:
        drafts = [lot.draft() for lot in lots]
        correct_draft(tender_code=code, **form.cleaned_data, lots=drafts, caller=caller, now=clock.now())
    except DomainError as error:
        refusal = Refusal("没有更正", str(error), error.clause)
        return _show(request, found, form, lots, refusal, error.status)
    if request.session.get(text_key(code)) == worded:
        # Not a word of the notice was changed by hand: it is written anew from what is right now.
        del request.session[text_key(code)]
    return redirect("draft", code)


def _bound(request: HttpRequest) -> Any:
    data = request.POST.copy()
    # Every lot counts here, one that was emptied too: it is to be filled in, not left out.
    data[f"{LOTS}-INITIAL_FORMS"] = data.get(f"{LOTS}-TOTAL_FORMS", "0")
    return LotForms(data, prefix=LOTS)


def _typed_before(found: Tender) -> list[dict[str, object]]:
    return [
        {
            "title": lot.title,
            "estimated_yuan": lot.estimated_yuan,
            "ceiling_price_yuan": lot.ceiling_price_yuan,
        }
        for lot in lots_of(found)
    ]


def _show(
    request: HttpRequest,
    found: Tender,
    form: CorrectionForm,
    lots: Any,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    errors = errors_of(form)
    for number, lot in enumerate(lots, start=1):
        errors += tuple(FormError(each.field, f"标段 {number} {each.text}") for each in errors_of(lot))
    context = {
        "tender": found,
        "form": form,
        "lots": lots,
        "errors": errors,
        "refusal": refusal,
        "crumbs": (
            Crumb("工作台", reverse("desk")),
            Crumb(found.title, reverse("draft", args=[found.code])),
            Crumb("更正立项内容"),
        ),
    }
    return render(request, "trading/correction.html", context, status=status)
