"""Do the kept answers prove that each message arrived and was acted on?  Read from the sender's database."""

from collections.abc import Iterator

import psycopg

from yuntai.city.demo.databases import Row, rows
from yuntai.standard import receipts
from yuntai.standard.heartbeat import HeartbeatAnswer
from yuntai.standard.receipts import ReceiptBatch
from yuntai.trust import signing

SENT = """
    SELECT message.seq, message.digest, message.receipt_id, message.handling_id
    FROM outbox_outboxmessage message WHERE destination = %s AND seq IS NOT NULL ORDER BY seq
"""
ANSWERS = "SELECT id, answer::text FROM outbox_keptanswer WHERE destination = %s"
Proven = dict[int, set[tuple[int, str]]]


def unproven(connection: psycopg.Connection[Row], receiver: str, key: bytes) -> Iterator[str]:
    """Yield a sentence for each message without a genuine receipt at the door or for the handling."""
    arrived: Proven = {}
    handled: Proven = {}
    for number, text in rows(connection, ANSWERS, [receiver]):
        if '"heartbeat"' in text:
            handled[number] = _handled(HeartbeatAnswer.model_validate_json(text), key)
        else:
            arrived[number] = _arrived(ReceiptBatch.model_validate_json(text), key)
    for seq, digest, receipt, handling in rows(connection, SENT, [receiver]):
        if (seq, digest) not in arrived.get(receipt, set()):
            yield f"{receiver} {seq}: no genuine receipt"
        if (seq, digest) not in handled.get(handling, set()):
            yield f"{receiver} {seq}: no genuine receipt for the handling"


def _arrived(answer: ReceiptBatch, key: bytes) -> set[tuple[int, str]]:
    if not receipts.verify(answer, key):
        return set()
    return {(each.seq, each.digest) for each in answer.receipts if each.state == "received"}


def _handled(answer: HeartbeatAnswer, key: bytes) -> set[tuple[int, str]]:
    is_genuine = answer.key_id == signing.key_id(key) and receipts.is_statement_signed(
        receipts.statement_of(answer), answer.signature, key
    )
    ok = {
        (each.seq, each.digest)
        for state in answer.streams
        for each in state.processed
        if each.outcome == "ok"
    }
    return ok if is_genuine else set()
