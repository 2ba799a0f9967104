"""Handing in sealed bids: first the ciphertext, then the small submit that decides the deadline."""

from django.http import HttpRequest
from ninja import Router, Status

from yuntai.kernel.body_limits import require_size
from yuntai.kernel.documents import store
from yuntai.kernel.errors import Problem
from yuntai.kernel.openapi import binary_body
from yuntai.trading.api.auth import SessionAuth, caller_of
from yuntai.trading.api.schemas import DocumentOut, Done, ReceiptOut, SubmitIn, WithdrawIn
from yuntai.trading.api.tenders import REFUSED
from yuntai.trading.api.uploads import pieces_of
from yuntai.trading.bids import services
from yuntai.trading.permissions import Permission, permitted
from yuntai.trust import clock

MOST_BODY_BYTES = 64 * 1024 * 1024

router = Router(tags=["bids"], auth=SessionAuth())


@router.put(
    "/bodies/{sha256}",
    response={201: DocumentOut, 413: Problem, **REFUSED},
    operation_id="uploadSealedBody",
    summary="上传加密投标文件（请求体为密文）",
    openapi_extra=binary_body("密文，至多 64 MiB"),
)
def upload_body(request: HttpRequest, sha256: str) -> Status[DocumentOut]:
    """Store a ciphertext under its SHA-256; it becomes a bid only by the submit."""
    permitted(caller_of(request), Permission.BID_SUBMIT)
    require_size(request, MOST_BODY_BYTES)
    size = store.put(pieces_of(request), announced_sha256=sha256)
    return Status(201, DocumentOut(name=sha256, sha256=sha256, size=size))


@router.post(
    "/lots/{code}/bids",
    response={201: ReceiptOut, **REFUSED},
    operation_id="submitBid",
    summary="递交加密投标文件",
)
def submit_bid(request: HttpRequest, code: str, payload: SubmitIn) -> Status[ReceiptOut]:
    """Submit a sealed bid and answer with the signed receipt."""
    # The whole request has arrived by now: this instant decides.
    now = clock.now()
    envelope = services.submit_bid(
        lot_code=code,
        header=payload.header,
        signature=payload.signature,
        caller=caller_of(request),
        now=now,
    )
    return Status(201, ReceiptOut(**envelope.receipt))


@router.post(
    "/lots/{code}/withdrawals",
    response={201: Done, **REFUSED},
    operation_id="withdrawBid",
    summary="撤回投标文件",
)
def withdraw_bid(request: HttpRequest, code: str, payload: WithdrawIn) -> Status[Done]:
    """Withdraw a bid before the deadline."""
    now = clock.now()
    services.withdraw_bid(
        lot_code=code,
        envelope_id=payload.envelope_id,
        signature=payload.signature,
        caller=caller_of(request),
        now=now,
    )
    return Status(201, Done(at=now))
