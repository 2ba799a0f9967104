"""The contract: drawing it up, reading it, and each side's signature with its certificate."""

import base64
import binascii

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.errors import DomainError, Forbidden
from yuntai.kernel.templatetags.components import (
    Cell,
    Column,
    Crumb,
    DocumentToSign,
    Fact,
    IrreversibleAct,
    Refusal,
    Table,
)
from yuntai.kernel.templatetags.values import beijing, beijing_seconds, capitals, yuan
from yuntai.procedures.vocabulary import Milestone
from yuntai.trading.awards.models import Award
from yuntai.trading.awards.queries import award_of
from yuntai.trading.contracts.models import Contract, Side
from yuntai.trading.contracts.queries import contract_of
from yuntai.trading.contracts.services import PURPOSE, SignatureRefused, draw_up_contract, sign_contract
from yuntai.trading.pages import limits
from yuntai.trading.pages.reader import person
from yuntai.trading.pages.standing import name_of, standing_suspension
from yuntai.trading.tenders.models import Lot
from yuntai.trading.tenders.queries import is_own, published_lot
from yuntai.trust import clock

SIGNATURE_COLUMNS = (
    Column("side", "签署方"),
    Column("state", "签署"),
    Column("person", "签署人"),
    Column("at", "签署时间", "time"),
)


@require_GET
def contract(request: HttpRequest, code: str) -> HttpResponse:
    """Show the contract to its parties."""
    caller, lot = person(request), published_lot(code)
    _require_party(caller, lot)
    return _show(request, caller, lot)


@require_POST
def draw_up(request: HttpRequest, code: str) -> HttpResponse:
    """Draw the contract up."""
    caller, lot = person(request), published_lot(code)
    _require_party(caller, lot)
    try:
        draw_up_contract(lot_code=code, caller=caller, now=clock.now())
    except DomainError as error:
        return _show(request, caller, lot, Refusal("合同没有拟定", str(error), error.clause), error.status)
    return redirect("contract", code)


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the caller signs, on a page of its own; a POST brings the signature."""
    caller, lot = person(request), published_lot(code)
    _require_party(caller, lot)
    if request.method == "GET":
        return _show_signing(request, caller, lot)
    try:
        sign_contract(
            lot_code=code,
            certificate=_octets(request.POST.get("certificate", "")),
            signature=_octets(request.POST.get("signature", "")),
            caller=caller,
            now=clock.now(),
        )
    except DomainError as error:
        return _show(request, caller, lot, Refusal("合同没有签署", str(error), error.clause), error.status)
    return redirect("contract", code)


def _require_party(caller: Caller, lot: Lot) -> None:
    """Check that the caller may read the contract.

    :raises Forbidden: neither buying side nor supplier.
    """
    award = award_of(lot)
    is_supplier = award is not None and award.supplier_code == caller.organization_code
    if not is_supplier and not is_own(caller, lot.tender):
        raise Forbidden("合同正文只供招标人、代理机构和中标人查看。合同签订后，价款和正文摘要在项目页公开。")


def _show(
    request: HttpRequest, caller: Caller, lot: Lot, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    found, award, tender = contract_of(lot), award_of(lot), lot.tender
    halted = _halted(lot)
    side = _side_to_sign(caller, found)
    context = {
        "lot": lot,
        "tender": tender,
        "name": name_of(lot),
        "now": clock.now(),
        "refusal": refusal or (halted if found is None or side else None),
        "award": award,
        "contract": found,
        "facts": contract_facts(found) if found else award_facts(award) if award else (),
        "signatures": signature_table(found) if found else None,
        "due_at": limits.latest_at(tender, Milestone.CONTRACT_SIGNED, lot.schedule)
        if not lot.final_status
        else None,
        "may_draw_up": found is None and award is not None and halted is None and is_own(caller, tender),
        "may_sign": side is not None and halted is None,
        "crumbs": _crumbs(lot, Crumb("合同")),
    }
    return render(request, "trading/contract.html", context, status=status)


def _show_signing(request: HttpRequest, caller: Caller, lot: Lot) -> HttpResponse:
    found = contract_of(lot)
    if found is None or _side_to_sign(caller, found) is None or _halted(lot) is not None:
        return redirect("contract", lot.code)
    here = Crumb("合同", reverse("contract", args=[lot.code])), Crumb("签署合同")
    context = {
        "act": signing_act(found, lot),
        "contract": found,
        "name": name_of(lot),
        "crumbs": _crumbs(lot, *here),
    }
    return render(request, "trading/contract_signature.html", context)


def _crumbs(lot: Lot, *here: Crumb) -> tuple[Crumb, ...]:
    tender = lot.tender
    return (
        Crumb("工作台", reverse("desk")),
        Crumb(tender.title, reverse("tender", args=[tender.code])),
        *here,
    )


def contract_facts(found: Contract) -> tuple[Fact, ...]:
    """Return the terms on top: the price in figures and capitals, the duration, the hash that is signed."""
    return (
        Fact("签约合同价", yuan(found.price_yuan), note=capitals(found.price_yuan), kind="money"),
        Fact("工期", f"{found.duration_days} 日历天"),
        Fact("合同编号", found.code, kind="code"),
        Fact("正文 SHA-256", found.sha256, kind="code"),
    )


def award_facts(award: Award) -> tuple[Fact, ...]:
    """Return what the contract will be about."""
    return (
        Fact("中标人", award.supplier_name, note=award.supplier_code),
        Fact("中标价", yuan(award.price_yuan), note=capitals(award.price_yuan), kind="money"),
        Fact("定标时间", beijing(award.awarded_at)),
    )


def signature_table(found: Contract) -> Table:
    """Return who has signed, and who has not."""
    signed = {each.side: each for each in found.signatures.all()}
    names = {Side.INITIATOR: found.initiator_name, Side.SUPPLIER: found.supplier_name}
    rows = tuple(
        (
            Cell(str(side.label), note=names[side]),
            Cell("已签署", tone="done") if side in signed else Cell("未签署", tone="next"),
            Cell(signed[side].person_name if side in signed else ""),
            Cell(beijing_seconds(signed[side].signed_at) if side in signed else ""),
        )
        for side in Side
    )
    return Table("双方签署", SIGNATURE_COLUMNS, rows, note="双方都签署后合同成立。", id="signatures")


def signing_act(found: Contract, lot: Lot) -> IrreversibleAct:
    """Return the act of signing."""
    price = yuan(found.price_yuan)
    return IrreversibleAct(
        title="签署合同",
        what=f"以登录证书签署 {found.code}，合同价 {price}（{capitals(found.price_yuan)}）。",
        shown_to="对方当事人和行政监督部门；双方签署后，合同价和正文摘要向全社会公开",
        from_when="签署后不能撤回；双方都签署时合同成立",
        url=reverse("contract-signature", args=[lot.code]),
        action="签署合同",
        back_url=reverse("contract", args=[lot.code]),
        document=DocumentToSign(f"合同 {found.code} 正文", found.sha256, PURPOSE),
    )


def _side_to_sign(caller: Caller, found: Contract | None) -> Side | None:
    """Return the side that the caller signs for, None when it is no party, has signed or can't sign."""
    if found is None:
        return None
    sides = {found.initiator_code: Side.INITIATOR, found.supplier_code: Side.SUPPLIER}
    side = sides.get(caller.organization_code)
    signed = {each.side for each in found.signatures.all()}
    return side if side is not None and side not in signed else None


def _halted(lot: Lot) -> Refusal | None:
    suspension = standing_suspension(lot.tender)
    if suspension is None or lot.final_status:
        return None
    return Refusal("本项目已暂停", f"恢复后才能订立合同。原因：{suspension.reason}", "etendering/52")


def _octets(text: str) -> bytes:
    """Read what the device sends: base64 or base64url, with padding or without."""
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise SignatureRefused("签名或证书在传输中损坏。请刷新页面重新签署。") from error
