"""Acts on the person's own device: login, signing, handing in and withdrawing a bid, what cannot be undone.

Each page that shows one loads its script in the block `scripts`: login.js, sign.js or bid.js.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django import template
from django.template import Context

from yuntai.kernel.templatetags.fields import Field

register = template.Library()


@dataclass(frozen=True)
class DocumentToSign:
    """What the caller's certificate key signs.  purpose: short code of the act, part of the signed bytes."""

    title: str
    sha256: str
    purpose: str


@dataclass(frozen=True)
class IrreversibleAct:
    """A page of its own for an act that cannot be undone.

    what: one sentence, what happens.  shown_to: who will see it.  from_when: from when it holds.
    action: the verb on the button.  hidden: further fields, name and value.
    document: what is signed, None when nothing is.
    """

    title: str
    what: str
    shown_to: str
    from_when: str
    url: str
    action: str
    back_url: str
    hidden: tuple[tuple[str, str], ...] = ()
    document: DocumentToSign | None = None


@dataclass(frozen=True)
class BidPage:
    """What the browser needs to seal and hand in a bid.

    tender, lot: codes.  documents_sha256: of the documents with all addenda.  part: of the envelope.
    holders: letter to the holder's `public_key` for this lot, its signed `statement` and `signature` that say
    so, and the `signing_key` under which it is known; the device checks them before it seals.
    bids_due_at: ISO 8601; no holder may release anything before.
    body_url: where the ciphertext is PUT; "{sha256}" stands for its hash.
    submit_url: where the header is POSTed.
    ceiling_yuan: with two decimals, "" when none was set.  maximum_bytes: of all files together.
    """

    tender: str
    lot: str
    documents_sha256: str
    holders: Mapping[str, Mapping[str, object]]
    bids_due_at: str
    body_url: str
    submit_url: str
    ceiling_yuan: str = ""
    part: str = "price"
    maximum_bytes: int = 60 * 1024 * 1024
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def context_json(self) -> str:
        place = {"tender": self.tender, "lot": self.lot, "part": self.part}
        return json.dumps(place | {"documents_sha256": self.documents_sha256})

    @property
    def holders_json(self) -> str:
        return json.dumps({letter: dict(holder) for letter, holder in self.holders.items()})

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the bid form, named as in the bid file."""
        megabytes = self.maximum_bytes // 1024 // 1024
        shown = (
            Field("price_yuan", "投标报价", kind="money", hint="开标时公布。按元填写，最多两位小数。"),
            Field("duration_days", "工期", kind="number", unit="日历天"),
            Field("project_lead", "项目负责人", maximum_length=200),
            Field("quality", "质量承诺", hint="例如：合格。", maximum_length=200),
            Field("note", "备注", kind="textarea", required=False),
            Field(
                "files",
                "附件",
                kind="file",
                multiple=True,
                required=False,
                hint=f"合计不超过 {megabytes} MB。",
            ),
        )
        return tuple(_with_value(one, self.values.get(one.name, "")) for one in shown)


def _with_value(shown: Field, value: str) -> Field:
    return replace(shown, value=value) if value else shown


@register.inclusion_tag("ui/certificate_login.html")
def certificate_login(
    challenge_url: str, answer_url: str, sandbox_url: str = "", system_code: str = ""
) -> dict[str, object]:
    """Show the login by certificate file; in a sandbox also its people of the system `system_code`."""
    return {
        "challenge_url": challenge_url,
        "answer_url": answer_url,
        "sandbox_url": sandbox_url,
        "system_code": system_code,
    }


@register.inclusion_tag("ui/bid_form.html")
def bid_form(page: BidPage) -> dict[str, object]:
    return {"page": page}


@register.inclusion_tag("ui/bid_withdrawal.html")
def bid_withdrawal(withdraw_url: str, header_sha256: str, next_url: str) -> dict[str, object]:
    """Offer to withdraw the bid of that header; next_url: where to go once it is withdrawn."""
    return {"withdraw_url": withdraw_url, "header_sha256": header_sha256, "next_url": next_url}


@register.inclusion_tag("ui/irreversible_act.html", takes_context=True)
def irreversible_act(context: Context, act: IrreversibleAct) -> dict[str, object]:
    return {"act": act, "csrf_token": context.get("csrf_token", "")}
