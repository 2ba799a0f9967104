"""One received message, word for word as its author signed it: the record behind every figure."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yuntai.kernel.peers import UnknownPeer, peer
from yuntai.kernel.templatetags.components import Crumb, Fact, Verification
from yuntai.kernel.templatetags.values import beijing_seconds
from yuntai.standard.envelope import payload_digest, verify
from yuntai.supervision.intake import queries
from yuntai.supervision.intake.queries import ReceivedMessage
from yuntai.supervision.pages import words
from yuntai.supervision.pages.reader import supervisor
from yuntai.trust import clock


@require_GET
def message_page(request: HttpRequest, key: int) -> HttpResponse:
    """Show a message and check its author's signature anew."""
    supervisor(request)
    message = queries.message(key)
    payload = message.payload
    name = words.message_name(payload.type)
    context = {
        "name": name,
        "facts": (
            Fact("签发系统", words.system_title(payload.iss), note=payload.iss),
            Fact("流水号", f"第 {payload.seq} 号"),
            Fact("对象", payload.obj, kind="code"),
            Fact("类型", payload.type, kind="code"),
            Fact("签发时间", beijing_seconds(payload.iat)),
            Fact("收到时间", beijing_seconds(message.received_at)),
            Fact("报文标识", payload.msg_id, kind="code"),
            Fact("报文摘要", payload_digest(payload), kind="code"),
            Fact("上一条的摘要", payload.prev, kind="code"),
            Fact("签名", message.signed.signature, kind="code"),
        ),
        "verification": _verified(message),
        "problem": message.refusal or message.fault,
        "body": json.dumps(payload.body, ensure_ascii=False, indent=2),
        "crumbs": (Crumb("监督台", reverse("board")), Crumb("项目", reverse("tenders")), Crumb(name)),
    }
    return render(request, "supervision/message.html", context)


def _verified(message: ReceivedMessage) -> Verification:
    payload = message.payload
    checked = f"{payload.iss} 第 {payload.seq} 号报文的 Ed25519 签名，密钥标识 {message.signed.key_id}"
    faults: tuple[str, ...] = ()
    try:
        if not verify(message.signed, peer(payload.iss).public_key):
            faults = (f"{payload.iss} 第 {payload.seq} 号报文与登记的密钥不符",)
    except UnknownPeer as error:
        faults = (str(error),)
    return Verification("签名验证", (checked,), clock.now(), faults)
