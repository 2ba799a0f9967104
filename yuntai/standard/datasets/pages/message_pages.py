"""Pages of the messages: one a type with its JSON Schema and an example, and the envelope they travel in."""

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

from yuntai.standard import envelope, receipts
from yuntai.standard.canonical import canonical
from yuntai.standard.datasets.pages.html import (
    bullets,
    code,
    example,
    heading,
    json_text,
    link,
    page,
    paragraph,
    table,
)
from yuntai.standard.messages import MESSAGE_TYPES, parse
from yuntai.standard.messages.schemas import schema
from yuntai.trust import signing

SENDER_KEY = bytes(range(32))
RECEIVER_KEY = bytes(range(32, 64))
"""Ed25519 private keys of the examples: published, so of no other use."""
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
EXAMPLE_TYPE = "trading.tender.suspended.v1"

HOW = (
    "签名：Ed25519，对 payload 的规范 JSON（RFC 8785）的 UTF-8 字节作出，base64url 不带等号",
    "key_id：公钥 32 字节的 SHA-256 的前 16 个十六进制字符",
    "编号：每个流自 1 起连续，不得有缺",
    "prev：上一条 payload 规范 JSON 的 SHA-256；首条为 64 个 0",
    "type、obj 须与 body 的 type 和对象一致；接收方按 msg_id 只办理一次",
    f"一批 1 至 {receipts.MOST_MESSAGES} 条，同一发送方、接收方和流，按编号从小到大",
    "回执逐条写明 received（已妥存）、rejected（不合标准，附原因）或 held（其前有缺号，暂存）；重发得原回执",
    "被拒收的报文编号照占，流继续；更正须另发新报文，不得以同一编号重发不同内容",
    "expected_seq：接收方等待的下一个编号，从该号起发送",
)


def example_of(type_name: str) -> dict[str, Any]:
    """Return the published example of a message type."""
    entry = files("yuntai.standard.messages") / "examples" / f"{type_name}.json"
    read: dict[str, Any] = json.loads(entry.read_text(encoding="utf-8"))
    return read


def index() -> str:
    """Return the page that lists the message types."""
    rows = [
        (link(f"{name}.html", name), _summary(name), ", ".join(schema(name)["required"][1:]))
        for name in sorted(MESSAGE_TYPES)
    ]
    return page(
        "报文",
        paragraph(
            "数据集的记录以 ",
            code("exchange.record.submitted.v1"),
            " 报送；其余报文说明数据集没有的事项。已发布的报文不再改变，须改变的另发 v2。",
        ),
        table(("类型", "说明（英文）", "必填项"), rows, caption="全部报文类型", searched=True),
        depth=1,
    )


def message_page(type_name: str) -> str:
    """Return the page of a message type."""
    return page(
        type_name,
        paragraph(link("index.html", "全部报文"), "　", link(f"{type_name}.schema.json", "JSON Schema")),
        example(MESSAGE_TYPES[type_name].__doc__ or "", "说明（英文，取自程序）"),
        heading("例"),
        example(example_of(type_name), "正文（body）；内容均为虚构"),
        heading("JSON Schema"),
        example(schema(type_name), "正文的 JSON Schema"),
        depth=1,
    )


def message_files(type_name: str) -> dict[str, str]:
    """Return the page, the schema and the example of a message type by path."""
    return {
        f"messages/{type_name}.html": message_page(type_name),
        f"messages/{type_name}.schema.json": json_text(schema(type_name)) + "\n",
        f"messages/{type_name}.example.json": json_text(example_of(type_name)) + "\n",
    }


def envelope_page() -> str:
    """Return how messages are signed, numbered and answered, with an example of real bytes."""
    signed = _signed()
    payload = signed.to_json()["payload"]
    return page(
        "信封与回执",
        bullets(HOW),
        heading("例：一条已签名的报文"),
        paragraph("私钥为字节 00 至 1f（只用于本例）。"),
        example(signing.public_key(SENDER_KEY).hex(), "发送方公钥（十六进制）"),
        example(canonical(payload).decode(), "签名所对的字节：payload 的规范 JSON"),
        example(signed.to_json(), "签名后的报文"),
        heading("例：回执"),
        paragraph("私钥为字节 20 至 3f（只用于本例）。"),
        example(_answer(signed), "对上述报文的回执"),
        heading("JSON Schema"),
        example(receipts.Batch.model_json_schema(mode="serialization"), "一批报文"),
        example(receipts.ReceiptBatch.model_json_schema(mode="serialization"), "回执"),
    )


def _signed() -> envelope.SignedMessage:
    message = parse(example_of(EXAMPLE_TYPE))
    payload = envelope.payload_for(
        envelope.Position("trading-construction", "publicservice", "main"),
        body=message.body(),
        subject=message.subject,
        msg_id=UUID("00000000-0000-4000-8000-000000000001"),
        now=NOW,
    )
    return envelope.sign(payload, SENDER_KEY)


def _answer(signed: envelope.SignedMessage) -> dict[str, Any]:
    payload = signed.payload
    receipt = receipts.Receipt(
        iss=payload.iss,
        stream=payload.stream,
        seq=payload.seq,
        digest=envelope.payload_digest(payload),
        state="received",
        received_at=NOW,
    )
    answer = receipts.sign(
        receiver="publicservice", receipts=[receipt], expected_seq=2, private_key=RECEIVER_KEY
    )
    return answer.model_dump(mode="json")


def _summary(type_name: str) -> str:
    return (MESSAGE_TYPES[type_name].__doc__ or "").partition("\n")[0]
