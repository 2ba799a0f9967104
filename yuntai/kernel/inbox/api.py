"""The published doors of the exchange: POST /exchange/v1/messages and /exchange/v1/heartbeats."""

from django.http import HttpRequest
from ninja import Router, Status

from yuntai.kernel.accounts.middleware import address_of
from yuntai.kernel.errors import Problem
from yuntai.kernel.inbox import heartbeats, services
from yuntai.kernel.inbox.pressure import require_room
from yuntai.standard.heartbeat import Heartbeat, HeartbeatAnswer
from yuntai.standard.receipts import Batch, ReceiptBatch
from yuntai.trust import clock

router = Router(tags=["exchange"])
REFUSALS = dict.fromkeys((400, 409, 413, 422, 429), Problem)


@router.post(
    "/messages",
    response={200: ReceiptBatch, **REFUSALS},
    operation_id="sendMessages",
    summary="递交一批已签名的报文（至多 100 条、1 MiB），逐条答复签名回执",
)
def send_messages(request: HttpRequest, batch: Batch) -> Status[ReceiptBatch]:
    """Take in a batch; the sender is known by the messages' signatures alone."""
    require_room(len(request.body))
    answer = services.receive_batch(batch=batch, address=address_of(request), now=clock.now())
    return Status(200, answer)


@router.post(
    "/heartbeats",
    response={200: HeartbeatAnswer, 400: Problem, 422: Problem},
    operation_id="sendHeartbeat",
    summary="每 30 秒报告各流的末号，答复缺号、办理回执和可收条数",
)
def send_heartbeat(request: HttpRequest, heartbeat: Heartbeat) -> Status[HeartbeatAnswer]:
    """Answer a heartbeat."""
    return Status(200, heartbeats.answer_heartbeat(heartbeat=heartbeat, now=clock.now()))
