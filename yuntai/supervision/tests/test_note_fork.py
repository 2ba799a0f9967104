"""A fork alarm is kept when the accused system's own signatures prove it, and then stands on the board."""

from uuid import uuid4

import pytest
from django.test import Client

from yuntai.kernel.audit.models import AuditEntry
from yuntai.standard.envelope import NO_PREVIOUS, Position, SignedMessage, payload_for, sign
from yuntai.standard.messages import StreamForked
from yuntai.supervision.intake.models import ForkAlarm
from yuntai.supervision.tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def signed(title: str, key: bytes = make.KEYS[make.TRADING]) -> SignedMessage:
    message = make.tender_registered(title=title)
    position = Position(make.TRADING, make.PLATFORM, "records", 1, NO_PREVIOUS)
    payload = payload_for(
        position, body=message.body(), subject=message.subject, msg_id=uuid4(), now=make.NOW
    )
    return sign(payload, key)


def alarm(kept: SignedMessage, contradicting: SignedMessage, system: str = make.TRADING) -> StreamForked:
    return StreamForked(
        occurred_at=make.NOW, system_code=system, kept=kept, contradicting=contradicting, seen_at=make.NOW
    )


def test_keeps_it_once_and_shows_it_on_the_board(browser: Client) -> None:
    assert "分叉告警" not in browser.get("/").content.decode()
    told = alarm(signed("甲"), signed("乙"))

    make.tell(told, origin=make.PLATFORM)
    make.tell(told, origin=make.PLATFORM)

    kept = ForkAlarm.objects.get()
    assert str(kept) == "trading-construction/records/1"
    page = browser.get("/").content.decode()
    assert "报文分叉告警" in page
    assert (
        "trading-construction 的报文流 records 第 1 号出现两份相互矛盾的已签名报文，"
        "公共服务平台于 2026-03-02 10:00 发现并拒收后一份。"
    ) in page


@pytest.mark.parametrize("whose", ["the platform's", "the same twice"])
def test_notes_what_the_accused_did_not_sign_in_the_trail_only(browser: Client, whose: str) -> None:
    first = signed("甲")
    other = first if whose == "the same twice" else signed("乙", make.KEYS[make.PLATFORM])

    make.tell(alarm(first, other), origin=make.PLATFORM)

    assert not ForkAlarm.objects.exists()
    assert AuditEntry.objects.filter(act="refuse-fork-alarm").count() == 1
    assert "分叉告警" not in browser.get("/").content.decode()
