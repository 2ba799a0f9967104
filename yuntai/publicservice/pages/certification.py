"""Pages of the register: shares and systems, one certificate with its report, the operator's upload."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yuntai.conformance.page import facts_of, page, verdict
from yuntai.conformance.report import SignedReport
from yuntai.kernel.accounts.caller import required
from yuntai.kernel.accounts.middleware import caller_of
from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import Crumb
from yuntai.publicservice.certification.models import Certificate
from yuntai.publicservice.certification.queries import (
    certificate,
    certified_shares,
    history,
    is_valid,
    register,
)
from yuntai.publicservice.certification.services import MOST_BYTES, publish_report
from yuntai.publicservice.certification.shares import TARGET_PERCENT
from yuntai.publicservice.pages import certificate_tables as tables
from yuntai.publicservice.permissions import POLICY, Permission
from yuntai.trust import clock

CRUMB = ("检测认证", "certification")


class ReportForm(forms.Form):
    """What is uploaded."""

    report = forms.FileField(
        label="检测报告",
        help_text="检测机构签名的 JSON 文件，不超过 2 MB。证书编号、等级、有效期取自报告，不能另填。",
        error_messages={
            "required": "没有选择文件。请选择检测机构签名的 JSON 报告。",
            "empty": "文件是空的。",
        },
    )


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the certified share and the register."""
    now = clock.now()
    entries, past = register(now=now), history()
    caller = caller_of(request)
    context = {
        "shares": tables.bars(certified_shares(entries)),
        "target": TARGET_PERCENT,
        "register": tables.register_table(entries, now),
        "history": tables.history_table(past, now),
        "may_publish": caller is not None and bool(caller.roles & POLICY[Permission.PUBLISH_CERTIFICATE]),
        "now": now,
    }
    return render(request, "publicservice/certification.html", context)


@require_safe
def show_certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Show a certificate with its report."""
    found, now = certificate(number), clock.now()
    signed = _report(found)
    context = {
        "certificate": found,
        "valid": is_valid(found, now),
        "facts": tables.certificate_facts(found),
        "report_facts": facts_of(signed),
        "verdict": verdict(signed.report),
        "requirements": tables.requirement_table(signed.report),
        "details": tables.details(signed.report),
        "crumbs": (Crumb(CRUMB[0], reverse(CRUMB[1])), Crumb(found.number)),
    }
    return render(request, "publicservice/certificate.html", context)


@require_safe
def report_file(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Send the report as it was signed, or as a page to print."""
    found = certificate(number)
    if kind == "json":
        answer = HttpResponse(found.document, content_type="application/json")
    else:
        answer = HttpResponse(page(_report(found)), content_type="text/html; charset=utf-8")
    # Saved, never shown: what another body wrote must not run as a page of this system.
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.{kind}"'
    return answer


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Take in a report."""
    caller = required(caller_of(request))
    caller.acting_as(POLICY[Permission.PUBLISH_CERTIFICATE])
    form = ReportForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                content = form.cleaned_data["report"].read(MOST_BYTES + 1)
                done = publish_report(content=content, caller=caller, now=clock.now())
                return redirect("certificate", done.number)
            except DomainError as error:
                form.add_error("report", str(error))
                status = error.status
    crumbs = (Crumb(CRUMB[0], reverse(CRUMB[1])), Crumb("公布报告"))
    return render(
        request, "publicservice/publish_report.html", {"form": form, "crumbs": crumbs}, status=status
    )


def _report(of: Certificate) -> SignedReport:
    return SignedReport.model_validate_json(of.document)
