"""The published door of the exchange: POST /exchange/v1/messages."""

from django.http import HttpRequest
from ninja import Router, Status

from yuntai.kernel.accounts.middleware import address_of
from yuntai.kernel.errors import Problem
from yuntai.kernel.inbox import services
from yuntai.standard.receipts import Batch, ReceiptBatch
from yuntai.trust import clock

router = Router(tags=["exchange"])


@router.post(
    "/messages",
    response={200: ReceiptBatch, 413: Problem, 422: Problem},
    operation_id="sendMessages",
    summary="递交一批已签名的报文（至多 100 条、1 MiB），逐条答复签名回执",
)
def send_messages(request: HttpRequest, batch: Batch) -> Status[ReceiptBatch]:
    """Take in a batch; the sender is known by the messages' signatures alone."""
    answer = services.receive_batch(batch=batch, address=address_of(request), now=clock.now())
    return Status(200, answer)
