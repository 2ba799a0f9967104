"""Handing in a bid in the browser, its receipt, and withdrawing it.

The acts themselves go from the device to the interface (api/bids.py): only ciphertext ever comes here.
"""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.templatetags.components import BidPage, Crumb, Fact, Refusal
from yuntai.kernel.templatetags.values import beijing, beijing_seconds, yuan
from yuntai.standard.money import to_text
from yuntai.trading.bids.models import Envelope
from yuntai.trading.bids.queries import own_envelope
from yuntai.trading.bids.refusals import BidNotFound
from yuntai.trading.bids.services import PART
from yuntai.trading.key_holders import known_holders
from yuntai.trading.pages.reader import person
from yuntai.trading.pages.standing import name_of, standing_suspension
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders.models import FinalStatus, HolderKey, Lot
from yuntai.trading.tenders.queries import is_own, published_lot
from yuntai.trust import clock
from yuntai.trust.base64url import base64url


@require_GET
def bid(request: HttpRequest, code: str) -> HttpResponse:
    """Show the bid form of a lot, or the receipt of the bid handed in."""
    caller, now = permitted(person(request), Permission.BID_SUBMIT), clock.now()
    lot = published_lot(code)
    envelope = own_envelope(caller=caller, lot=lot)
    closed = why_closed(caller, lot, now)
    context = _frame(lot, now, "投标") | {
        "facts": lot_facts(lot),
        "closed": closed,
        "envelope": envelope,
        "receipt": receipt_facts(envelope) if envelope else (),
        "form": bid_page(lot) if envelope is None and closed is None else None,
        "may_withdraw": envelope is not None and closed is None,
        "withdrawn": "withdrawn" in request.GET,
    }
    return render(request, "trading/bid.html", context)


@require_GET
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """Send the signed receipt of the caller's standing bid, with its header, as a file to keep."""
    envelope = _standing(permitted(person(request), Permission.BID_SUBMIT), published_lot(code))
    answer = JsonResponse(
        {"receipt": envelope.receipt, "header": envelope.header},
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    answer["Content-Disposition"] = f'attachment; filename="receipt-{envelope.envelope_id}.json"'
    return answer


@require_GET
def withdrawal(request: HttpRequest, code: str) -> HttpResponse:
    """Show what withdrawing does; the device signs and sends it."""
    caller, now = permitted(person(request), Permission.BID_WITHDRAW), clock.now()
    lot = published_lot(code)
    envelope = own_envelope(caller=caller, lot=lot)
    closed = why_closed(caller, lot, now)
    if envelope is None or closed is not None:
        return redirect("bid", code)
    context = _frame(lot, now, "撤回投标文件") | {
        "envelope": envelope,
        "receipt": receipt_facts(envelope),
        "withdraw_url": f"/api/v1/lots/{lot.code}/withdrawals",
        "next_url": f"{reverse('bid', args=[lot.code])}?withdrawn=1",
    }
    return render(request, "trading/withdraw.html", context)


def bid_page(lot: Lot) -> BidPage:
    """Return what the device needs to seal a bid for `lot` and to hand it in."""
    ceiling = lot.ceiling_price_yuan
    return BidPage(
        tender=lot.tender.code,
        lot=lot.code,
        documents_sha256=lot.tender.documents_sha256,
        part=PART,
        holders={key.letter: _holder(key) for key in lot.holder_keys.all()},
        bids_due_at=lot.tender.bids_due_at.isoformat(),
        body_url="/api/v1/bodies/{sha256}",
        submit_url=f"/api/v1/lots/{lot.code}/bids",
        ceiling_yuan=to_text(ceiling) if ceiling is not None else "",
    )


def _holder(key: HolderKey) -> dict[str, object]:
    return {
        "public_key": base64url(bytes(key.public_key)),
        "statement": key.statement["statement"],
        "signature": key.statement["signature"],
        "signing_key": known_holders().get(key.letter, {}).get("public_key", ""),
    }


def why_closed(caller: Caller, lot: Lot, now: datetime) -> Refusal | None:
    """Return why no bid can be handed in or withdrawn now, None when it can."""
    tender = lot.tender
    if is_own(caller, tender) or caller.organization_code == settings.OPERATOR_CODE:
        return Refusal("不能在本项目投标", "招标人、代理机构和交易系统运营机构不得在本项目投标。")
    if lot.final_status:
        return Refusal(f"本标段已{FinalStatus(lot.final_status).label}", f"{lot.final_reason}。")
    suspension = standing_suspension(tender)
    if suspension is not None:
        detail = f"原因：{suspension.reason}。恢复后，截止时间顺延暂停的时长，届时再递交或撤回。"
        return Refusal("本项目已暂停", detail, "etendering/52")
    if now >= tender.bids_due_at:
        detail = f"已于 {beijing(tender.bids_due_at)} 截止，逾期文件不予接收，已递交的也不能再撤回。"
        return Refusal(
            "投标已截止", detail, "tendering/28", "进入开标大厅", reverse("opening", args=[lot.code])
        )
    return None


def lot_facts(lot: Lot) -> tuple[Fact, ...]:
    """Return what a bidder looks at before typing a price."""
    ceiling = lot.ceiling_price_yuan
    return (
        Fact("标段", lot.title, note=lot.code),
        Fact("最高投标限价", yuan(ceiling) if ceiling is not None else "没有设", kind="money"),
        Fact("合同估算价", yuan(lot.estimated_yuan), kind="money"),
        Fact("招标文件清单摘要", lot.tender.documents_sha256, kind="code"),
    )


def receipt_facts(envelope: Envelope) -> tuple[Fact, ...]:
    """Return what the receipt says."""
    return (
        Fact("递交时间", beijing_seconds(envelope.received_at)),
        Fact("密封包编号", envelope.envelope_id, kind="code"),
        Fact("密封头 SHA-256", envelope.header_sha256, kind="code"),
        Fact("密文 SHA-256", envelope.body_sha256, note=f"{envelope.body_length:,} 字节", kind="code"),
    )


def _frame(lot: Lot, now: datetime, here: str) -> dict[str, object]:
    tender = lot.tender
    return {
        "lot": lot,
        "tender": tender,
        "name": name_of(lot),
        "now": now,
        "crumbs": (
            Crumb("招标项目", reverse("home")),
            Crumb(tender.title, reverse("tender", args=[tender.code])),
            Crumb(here),
        ),
    }


def _standing(caller: Caller, lot: Lot) -> Envelope:
    envelope = own_envelope(caller=caller, lot=lot)
    if envelope is None:
        raise BidNotFound("本单位在该标段没有有效的投标文件，没有回执可下载。")
    return envelope
