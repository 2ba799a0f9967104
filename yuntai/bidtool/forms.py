"""The bid form as a file a person fills in: a draft of it, and what is wrong with one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from yuntai.bidtool.key_bundle import KeyBundle
from yuntai.bidtool.lots import PublishedLot
from yuntai.bidtool.refusals import BadForm
from yuntai.standard.bidfile import BidForm
from yuntai.standard.fields import instant_text
from yuntai.standard.messages.problems import problems_of
from yuntai.standard.money import NotMoney, to_text, yuan


@dataclass(frozen=True)
class Offer:
    """What a bidder offers, as typed; "" and 0 where it is still to be filled in."""

    price_yuan: str = ""
    duration_days: int = 0
    project_lead: str = ""
    quality: str = ""
    note: str = ""


def draft_form(lot: PublishedLot, bundle: KeyBundle, offer: Offer, *, now: datetime) -> dict[str, Any]:
    """Return a form for `lot` by the organization of `bundle`, ready to be completed and kept as JSON."""
    return {
        "tender_code": lot.tender_code,
        "lot_code": lot.code,
        "bidder_code": bundle.organization_code,
        "bidder_name": bundle.organization_name,
        "price_yuan": _money_text(offer.price_yuan),
        "duration_days": offer.duration_days,
        "project_lead": offer.project_lead,
        "quality": offer.quality,
        "note": offer.note,
        "made_at": instant_text(now),
    }


def read_form(path: Path) -> BidForm:
    """Read a completed form.

    :raises BadForm: it can't be read, or an entry is missing or wrong; the sentence names each.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadForm(f"读不到投标函 {path}。请先用 yuntai bid prepare 生成。") from error
    except ValueError as error:
        raise BadForm(f"{path} 不是有效的 JSON：{error}。请改正后重试。") from error
    try:
        return BidForm.model_validate(_tidy(document))
    except ValidationError as error:
        problems = "；".join(str(problem) for problem in problems_of(error))
        raise BadForm(f"投标函填写有误：{problems}。请在 {path} 中改正后重试。") from error


def check_form(form: BidForm, lot: PublishedLot, bundle: KeyBundle) -> None:
    """Check that `form` is for `lot` and by the signer's own organization.

    :raises BadForm: it is not.
    """
    if (form.tender_code, form.lot_code) != (lot.tender_code, lot.code):
        raise BadForm(f"投标函是为 {form.lot_code} 填写的，不是 {lot.code}。请重新生成投标函。")
    if form.bidder_code != bundle.organization_code:
        raise BadForm(
            f"投标函的投标人是 {form.bidder_code}，签名证书属于 {bundle.organization_code}，"
            "两者须为同一单位。请换用本单位的证书。"
        )


def risks(form: BidForm, lot: PublishedLot) -> Iterator[str]:
    """Yield what will make the bid fail though it can be handed in, one Chinese sentence each."""
    ceiling = lot.ceiling_price_yuan
    if ceiling is not None and form.price_yuan > ceiling:
        yield f"报价 {to_text(form.price_yuan)} 元高于最高投标限价 {to_text(ceiling)} 元，开标后将被否决。"


def _tidy(document: object) -> object:
    """Give an amount typed by hand its two decimals; everything else stays as it is."""
    if isinstance(document, dict) and isinstance(document.get("price_yuan"), str):
        return document | {"price_yuan": _money_text(document["price_yuan"])}
    return document


def _money_text(typed: str) -> str:
    try:
        return to_text(yuan(typed))
    except NotMoney:
        return typed  # the check of the whole form says what is wrong with it
