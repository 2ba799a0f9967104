"""The published door of reconciliation: POST /exchange/v1/reconciliation."""

from django.http import HttpRequest
from ninja import Router, Status

from yuntai.kernel.errors import Problem
from yuntai.kernel.reconciliation.answering import answer_question
from yuntai.standard.reconciliation import Answer, Question
from yuntai.trust import clock

router = Router(tags=["exchange"])


@router.post(
    "/reconciliation",
    response={200: Answer, 400: Problem, 422: Problem},
    operation_id="askReconciliation",
    summary="对账：询问某流各小时的条数和默克尔根，逐级缩小到报文，或索取报文原文",
)
def ask_reconciliation(request: HttpRequest, question: Question) -> Status[Answer]:
    """Answer a question; the asker is known by its signature alone."""
    return Status(200, answer_question(question=question, now=clock.now()))
