"""Checks of a tender that run here and now, and what anyone can check without us."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yuntai.kernel.peers import own_key
from yuntai.kernel.templatetags.components import Crumb, Verification
from yuntai.standard.canonical import canonical, digest
from yuntai.trading.contracts.models import Side
from yuntai.trading.contracts.queries import contract_of, with_progress
from yuntai.trading.contracts.services import to_sign
from yuntai.trading.evaluating.queries import evaluation_of, ranking
from yuntai.trading.evaluating.services import compute
from yuntai.trading.opening.queries import close_of, closed_headers, opened_bids, opening_of
from yuntai.trading.pages.reader import reader
from yuntai.trading.pages.standing import name_of
from yuntai.trading.tenders.models import Lot, Tender
from yuntai.trading.tenders.queries import visible_tender
from yuntai.trust import certificates, clock, merkle, signing
from yuntai.trust.base64url import from_base64url
from yuntai.trust.sealing import Header


@dataclass
class Outcome:
    """What one check found.  passed, faults: one sentence each."""

    title: str
    passed: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def note(self, *, holds: bool, passed: str, fault: str) -> None:
        """Note one comparison."""
        if holds:
            self.passed.append(passed)
        else:
            self.faults.append(fault)


@require_GET
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Run every check that the tender's stage allows, and show what came out."""
    now = clock.now()
    tender = visible_tender(reader(request), code)
    context = {
        "tender": tender,
        "checks": verifications(tender, now),
        "crumbs": (
            Crumb("招标项目", reverse("home")),
            Crumb(tender.title, reverse("tender", args=[code])),
            Crumb("核验"),
        ),
    }
    return render(request, "trading/check.html", context)


def verifications(of: Tender, now: datetime) -> tuple[Verification, ...]:
    """Return the outcome of every check of the tender."""
    lots = with_progress(of.lots.order_by("code"))
    outcomes = [documents_check(of), *(outcome for lot in lots for outcome in _lot_checks(lot))]
    return tuple(
        Verification(outcome.title, tuple(outcome.passed), now, tuple(outcome.faults))
        for outcome in outcomes
        if outcome is not None
    )


def documents_check(of: Tender) -> Outcome | None:
    """Compare the list of documents with the digest that bids are sealed to; None for a draft."""
    if of.documents_open_at is None:
        return None
    documents = list(of.documents.order_by("name"))
    listed = digest([{"name": each.name, "sha256": each.sha256} for each in documents])
    outcome = Outcome("招标文件清单未被改动")
    outcome.note(
        holds=listed == of.documents_sha256,
        passed=f"{len(documents)} 份招标文件的清单摘要与公告发布时一致",
        fault=f"{of.code} 的文件清单摘要为 {listed}，公告发布时为 {of.documents_sha256}",
    )
    return outcome


def closed_set_check(lot: Lot) -> Outcome | None:
    """Compute the Merkle root over the closed set again; None before the opening."""
    close = close_of(lot)
    if close is None or opening_of(lot) is None:
        return None
    headers = [Header.from_json(header) for header in closed_headers(lot)]
    root = merkle.root(merkle.bid_set_leaves(headers)).hex()
    outcome = Outcome(f"{name_of(lot)}：开标的正是截止时封存的投标文件")
    outcome.note(
        holds=root == close.root,
        passed=f"由 {close.count} 份密封包重算的默克尔树根与封标时一致",
        fault=f"{lot.code} 重算的默克尔树根为 {root}，封标时为 {close.root}",
    )
    signature = from_base64url(close.signature)
    outcome.note(
        holds=signing.is_valid(signing.public_key(own_key()), canonical(close.statement), signature),
        passed="封标声明上的本系统签名有效",
        fault=f"{lot.code} 封标声明上的签名无效",
    )
    return outcome


def evaluation_check(lot: Lot) -> Outcome | None:
    """Compute the scores again from the opening record; None before they are public with the candidates."""
    evaluation = evaluation_of(lot)
    if evaluation is None or getattr(lot, "standstill", None) is None:
        return None
    stored = [(each.bidder_code, each.price_yuan, each.points, each.rank) for each in ranking(evaluation)]
    lines = compute(lot, opened_bids(lot)).lines
    outcome = Outcome(f"{name_of(lot)}：得分和排名可由开标记录重算")
    outcome.note(
        holds=stored == [(line.bidder, line.price, line.score, line.rank) for line in lines],
        passed=f"按评标办法重算 {len(lines)} 家的得分和排名，与评标报告一致",
        fault=f"{lot.code} 的评标报告与按评标办法重算的结果不一致",
    )
    return outcome


def contract_check(lot: Lot) -> Outcome | None:
    """Check the hash of the contract's text and both signatures; None before both have signed."""
    contract = contract_of(lot)
    if contract is None or contract.signatures.count() < len(Side):
        return None
    outcome = Outcome(f"{name_of(lot)}：合同正文和签名")
    outcome.note(
        holds=hashlib.sha256(contract.text.encode()).hexdigest() == contract.sha256,
        passed="合同正文的 SHA-256 与公布的一致",
        fault=f"{contract.code} 正文的 SHA-256 与公布的 {contract.sha256} 不一致",
    )
    for each in contract.signatures.all():
        signature = from_base64url(each.signature)
        certificate = base64.b64decode(each.certificate)
        outcome.note(
            holds=certificates.is_signed_by(certificate, to_sign(contract), signature),
            passed=f"{each.get_side_display()}的证书签名有效",
            fault=f"{contract.code} 上{each.get_side_display()}的签名无效",
        )
    return outcome


LOT_CHECKS: tuple[Callable[[Lot], Outcome | None], ...] = (closed_set_check, evaluation_check, contract_check)


def _lot_checks(lot: Lot) -> Iterator[Outcome | None]:
    yield from (run(lot) for run in LOT_CHECKS)
