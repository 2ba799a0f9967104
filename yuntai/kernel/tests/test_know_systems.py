"""What the platform tells of connected systems, and how far it is believed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from yuntai.kernel import peers
from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.connected.models import KnownSystem
from yuntai.kernel.connected.services import system_listed
from yuntai.kernel.inbox.acceptance import NotAuthentic
from yuntai.kernel.inbox.apply import Delivery
from yuntai.kernel.tests.exchange import (
    AUTHORITY,
    HUB,
    NOW,
    US,
    HubStream,
    SystemStream,
    outcome,
    receive,
    registered,
)
from yuntai.kernel.tests.operators import NONCE, Operator, write_roots
from yuntai.standard.messages import SystemListed, TenderSuspended
from yuntai.trust import clock, signing
from yuntai.trust.base64url import base64url

pytestmark = pytest.mark.django_db(transaction=True)
DELIVERY = Delivery(HUB, "m-1", NOW)


@pytest.fixture(autouse=True)
def _recognised(settings: Settings, tmp_path: Path) -> None:
    settings.TRUST_ROOTS_FILE = str(write_roots(tmp_path))


@pytest.fixture
def operator() -> Operator:
    return Operator()


def tell(message: SystemListed) -> str:
    """Tell it to this system; return why it was left aside, "" when it was believed."""
    system_listed(message, DELIVERY, NOW)
    last = AuditEntry.objects.order_by("-id")[0]
    return str(last.detail.get("reason", "")) if last.act == "leave-system-aside" else ""


@pytest.mark.parametrize("first_batch", [1, 2, 3])
def test_a_system_s_messages_may_follow_at_once_upon_its_connection(
    settings: Settings, operator: Operator, first_batch: int
) -> None:
    settings.INBOX_ON_STORED = "yuntai.kernel.connected.services.note_listed"
    hub, theirs = HubStream(US), SystemStream("trading-harbour", HUB)
    told = TenderSuspended(occurred_at=NOW, tender_code="T-1", reason="暂停", suspended_at=NOW)
    origins = [theirs.next(told, key=operator.system_key) for _ in range(2)]
    messages = [hub.next(operator.listed()), *map(hub.forward, origins)]

    first = receive(*messages[:first_batch])
    second = receive(*messages[first.expected_seq - 1 :])

    assert [receipt.state for receipt in (*first.receipts, *second.receipts)] == ["received"] * 3


def forwarded(operator: Operator, key: bytes) -> tuple[str, str]:
    """Forward a message of the system that `key` signed; return state and reason of the receipt."""
    theirs = SystemStream("trading-harbour", HUB)
    origin = theirs.next(
        TenderSuspended(occurred_at=NOW, tender_code="T-1", reason="暂停", suspended_at=NOW), key=key
    )
    return outcome(HubStream(US).forward(origin))


def test_a_system_the_operator_signed_for_becomes_a_peer(operator: Operator) -> None:
    assert tell(operator.listed()) == ""

    peer = peers.peer("trading-harbour")
    assert (peer.kind, peer.industry, peer.region) == ("trading", "construction", "320703")
    assert peer.public_key == signing.public_key(operator.system_key)
    assert peer.contact == "冯运营（主要负责人）"
    assert peers.peer(AUTHORITY).code == AUTHORITY
    assert forwarded(operator, operator.system_key) == ("received", "")


def test_a_key_that_the_platform_invented_is_left_aside(operator: Operator) -> None:
    invented = Operator(number=operator.number, key_pem=operator.key_pem)
    statement = operator.statement()
    key = operator.key(
        statement, public_key=invented.public_key, possession=invented.possess(statement, NONCE)
    )

    assert "没有证明由该系统持有" in tell(operator.listed(keys=(key,)))
    assert KnownSystem.objects.count() == 0
    with pytest.raises(peers.UnknownPeer):
        peers.peer("trading-harbour")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"signature": base64url(bytes(64))}, "所附签名不是该证书对登记内容作出的"),
        ({"certificate": "MAA="}, "所附证书不被认可"),
        ({"certificate": ""}, "所附证书不被认可"),
        ({"nonce": "0e" * 16}, "没有证明由该系统持有"),
        ({"number": 2}, "没有证明由该系统持有"),
    ],
    ids=str,
)
def test_a_key_without_its_proof_is_left_aside(operator: Operator, changes: dict[str, Any], why: str) -> None:
    key = operator.key(operator.statement(), **changes)

    assert why in tell(operator.listed(keys=(key,)))
    assert KnownSystem.objects.count() == 0


def test_a_certificate_of_another_organization_or_ca_does_not_enter_a_system(operator: Operator) -> None:
    other = Operator(number=72, system_key=operator.system_key)
    unknown = Operator(ca="无名 CA")
    theirs = operator.statement()

    assert "不是运营机构" in tell(operator.listed(keys=(other.key(theirs),)))
    assert "所附证书不被认可" in tell(unknown.listed())


@pytest.mark.parametrize("field", ["kind", "industry", "region_code", "url"])
def test_the_platform_cannot_change_what_the_operator_declared(operator: Operator, field: str) -> None:
    other = {"kind": "supervision", "industry": "water", "region_code": "320700", "url": "http://evil.test"}
    told = operator.listed().model_copy(update={field: other[field]})

    assert "不予采信" in tell(told)


@pytest.mark.parametrize("code", [HUB, AUTHORITY, US], ids=str)
def test_no_system_takes_the_code_of_a_listed_one(operator: Operator, code: str) -> None:
    told = operator.listed(operator.statement(code=code, industry="water"))
    before = peers.peers()[code]

    assert tell(told) != ""
    assert peers.peers()[code] == before


def test_an_older_version_or_another_operator_counts_no_more(operator: Operator) -> None:
    tell(operator.listed(version=2))

    assert "第 1 版已过时" in tell(operator.listed(version=1, title="旧名"))
    assert "运营机构不能更换" in tell(Operator(number=72).listed(version=3))
    assert peers.peer("trading-harbour").title == "港区工程建设电子交易系统"


def test_nothing_is_exchanged_with_a_suspended_system(operator: Operator) -> None:
    tell(operator.listed())
    tell(operator.listed(version=2, state="suspended", reason="key-compromised", clause="esignature/15"))

    assert peers.peer("trading-harbour").suspended == "key-compromised"
    with pytest.raises(peers.PeerSuspended, match="已暂停对接"):
        peers.active_peer("trading-harbour")
    with pytest.raises(NotAuthentic, match="已暂停对接"):
        outcome(SystemStream("trading-harbour", US).next(registered(), key=operator.system_key))
    # What it wrote before and the platform passed on is still its own.
    assert forwarded(operator, operator.system_key) == ("received", "")

    tell(operator.listed(version=3))
    assert peers.active_peer("trading-harbour").suspended == ""


def test_a_former_key_counts_until_its_end_and_no_longer(operator: Operator) -> None:
    later = Operator(number=operator.number, key_pem=operator.key_pem)
    new_key = later.key(later.statement(key_number=2))
    ends = clock.now() + timedelta(hours=1)
    overlapping = operator.key(operator.statement(), valid_until=ends)
    tell(operator.listed(keys=(overlapping, new_key)))

    assert forwarded(operator, operator.system_key)[0] == "received"

    ended = operator.key(operator.statement(), valid_until=clock.now())
    tell(operator.listed(version=2, keys=(ended, new_key)))

    peer = peers.peer("trading-harbour")
    assert peer.public_key == signing.public_key(later.system_key)
    assert peer.earlier_keys == ()
    theirs = SystemStream("trading-harbour", HUB, "second")
    told = TenderSuspended(occurred_at=NOW, tender_code="T-1", reason="暂停", suspended_at=NOW)
    stream = HubStream(US, "second")
    assert outcome(stream.forward(theirs.next(told, key=operator.system_key)))[0] == "rejected"
    assert outcome(stream.forward(theirs.next(told, key=later.system_key)))[0] == "received"
