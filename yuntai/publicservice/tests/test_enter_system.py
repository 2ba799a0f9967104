"""Entering a system: by its operator, with tests only; nobody's approval, no limit to the number."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.errors import DomainError, Forbidden
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.inbox.services import receive_batch
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.peers import peer, peers
from yuntai.kernel.tests.operators import Operator, write_roots
from yuntai.publicservice.systems import services, trying
from yuntai.publicservice.systems.entering import BadPublicKey, EntryRefused, Responsible
from yuntai.publicservice.systems.models import ConnectedSystem, State, SystemKey, SystemTurn, TestPassed
from yuntai.publicservice.systems.trial import TESTS, TrialForked, TrialNotAuthentic
from yuntai.publicservice.tests.applicants import Applicant, Door, entry, record
from yuntai.publicservice.tests.factories import KEYS, NOW
from yuntai.standard.messages import SystemListed, parse
from yuntai.standard.receipts import Batch
from yuntai.standard.receipts import verify as verify_receipts
from yuntai.trust import signing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _recognised(settings: Any, tmp_path: Path) -> None:
    settings.TRUST_ROOTS_FILE = str(write_roots(tmp_path))


@pytest.fixture
def applicant() -> Applicant:
    return Applicant()


def passed() -> set[str]:
    return set(TestPassed.objects.values_list("test", flat=True))


def told_to() -> set[str]:
    return set(
        OutboxMessage.objects.filter(type="exchange.system.listed.v1").values_list("destination", flat=True)
    )


def test_a_system_that_passes_every_test_is_connected_at_once(applicant: Applicant) -> None:
    applicant.all_but_the_last()
    assert applicant.system.state == State.TRIAL
    assert "trading-harbour" not in peers()

    applicant.take_receipt(trying.offered_messages(code="trading-harbour")[1])

    assert passed() == {test.code for test in TESTS}
    assert applicant.system.state == State.CONNECTED
    assert peer("trading-harbour").public_key == signing.public_key(applicant.operator.system_key)
    assert [turn.state for turn in applicant.system.turns.order_by("id")] == ["trial", "connected"]
    assert told_to() == {
        "supervision-construction",
        "supervision-water",
        "trading-construction",
        "trading-water",
    }
    told = parse(OutboxMessage.objects.filter(type="exchange.system.listed.v1")[0].body)
    assert isinstance(told, SystemListed)
    assert (told.version, told.state, told.operator_code) == (
        1,
        "connected",
        applicant.operator.subject.organization_code,
    )


def test_a_connected_system_is_heard_at_the_real_door_and_none_of_its_trial_is_kept(
    applicant: Applicant,
) -> None:
    applicant.connect()
    assert InboxMessage.objects.count() == 0

    fresh = Applicant(applicant.operator)
    answer = receive_batch(batch=Batch(messages=(fresh.signed(record()),)), address="", now=NOW)

    assert [receipt.state for receipt in answer.receipts] == ["received"]
    assert InboxMessage.objects.get().iss == "trading-harbour"


def test_a_system_on_trial_is_not_heard_at_the_real_door(applicant: Applicant) -> None:
    applicant.enter()

    with pytest.raises(DomainError, match="没有代码为 trading-harbour 的对接系统"):
        receive_batch(batch=Batch(messages=(applicant.signed(record()),)), address="", now=NOW)


def test_trial_messages_are_answered_as_real_ones(applicant: Applicant) -> None:
    applicant.enter()

    answer = applicant.try_messages()

    assert [receipt.state for receipt in answer.receipts] == ["received", "rejected", "received"]
    assert "data_key" in answer.receipts[1].reason
    assert answer.expected_seq == 4
    assert verify_receipts(answer, signing.public_key(KEYS["publicservice"]))
    assert passed() == {"accepted", "rejected", "repeated"}


def test_a_rejected_message_counts_only_when_the_stream_went_on(applicant: Applicant) -> None:
    applicant.enter()

    applicant.send(applicant.signed(record(), data_key="?"))
    assert passed() == set()

    applicant.send(applicant.signed(record()))
    assert passed() == {"accepted", "rejected"}


def test_behind_a_hole_nothing_is_decided(applicant: Applicant) -> None:
    applicant.enter()
    applicant.signed(record())

    answer = applicant.send(applicant.signed(record()))

    assert (answer.receipts, answer.expected_seq) == ((), 1)
    assert passed() == set()


def test_a_forged_or_foreign_trial_message_counts_for_nothing(applicant: Applicant) -> None:
    applicant.enter()

    with pytest.raises(TrialNotAuthentic, match="签名与登记的公钥不符"):
        applicant.send(applicant.signed(record(), key=signing.new_private_key()))
    other = Applicant(Operator(number=72), code="trading-other")
    with pytest.raises(TrialNotAuthentic, match="须由 trading-harbour 发给"):
        applicant.send(other.signed(record()))
    assert (passed(), applicant.system.trial.answered) == (set(), [])


def test_one_number_with_two_contents_is_refused_until_the_trial_is_begun_anew(applicant: Applicant) -> None:
    applicant.enter()
    applicant.send(applicant.signed(record()))
    second = Applicant(applicant.operator)

    with pytest.raises(TrialForked, match="内容不同"):
        second.send(second.signed(record(502)))

    trying.restart_trial(code="trading-harbour", caller=applicant.operator.caller, now=NOW)
    third = Applicant(applicant.operator)
    assert third.send(third.signed(record(502))).expected_seq == 2


def test_a_kind_of_system_may_try_only_what_it_may_say(applicant: Applicant) -> None:
    authority = Applicant(
        Operator(number=73), code="supervision-harbour", kind="supervision", url="http://localhost:9"
    )
    authority.enter()

    answer = authority.send(authority.signed(record()))

    assert answer.receipts[0].state == "rejected"
    assert "不是可以发送" in answer.receipts[0].reason


def test_only_the_receipt_of_the_trial_itself_may_be_handed_back(applicant: Applicant) -> None:
    applicant.enter()
    answer = applicant.try_messages()
    strange = answer.model_copy(update={"receipts": answer.receipts[:1]})

    for wrong in (strange, answer.model_copy(update={"receiver": "another"})):
        with pytest.raises(trying.ReceiptRefused, match="不是平台签名的原样内容"):
            applicant.hand_back(wrong)
    with pytest.raises(trying.ReceiptRefused, match="没有本次测试的退回回执"):
        applicant.hand_back(applicant.send(applicant.signed(record())))
    assert "receipt" not in passed()

    applicant.hand_back(answer)
    assert "receipt" in passed()


def test_only_the_message_whose_signature_holds_may_be_receipted(applicant: Applicant) -> None:
    applicant.enter()
    forged, offered = trying.offered_messages(code="trading-harbour")

    for message, key in ((forged, b""), (offered, signing.new_private_key())):
        with pytest.raises(trying.ReceiptRefused, match="只签收签名相符的一条"):
            applicant.take_receipt(message, key)
    assert "offered" not in passed()

    applicant.take_receipt(offered)
    assert "offered" in passed()


def test_the_challenge_is_answered_by_the_entered_key_alone(applicant: Applicant) -> None:
    applicant.enter()

    with pytest.raises(services.ChallengeRefused, match="挑战的签名与登记的公钥不符"):
        applicant.answer_challenge(signing.new_private_key())
    assert (passed(), applicant.key.possession) == (set(), "")

    applicant.answer_challenge()
    assert passed() == {"challenge"}


def test_the_entry_is_signed_with_a_certificate_of_the_operator(applicant: Applicant) -> None:
    applicant.enter()

    with pytest.raises(services.EntrySignatureRefused, match="不是运营机构"):
        applicant.sign(Operator(number=72))
    with pytest.raises(services.EntrySignatureRefused, match="不被认可"):
        applicant.sign(Operator(ca="无名 CA"))
    assert (passed(), applicant.key.signature) == (set(), "")


def test_nobody_else_enters_signs_or_tries_for_an_operator(applicant: Applicant) -> None:
    applicant.enter()
    stranger = Operator(number=72).caller

    with pytest.raises(services.NotYourSystem):
        services.sign_entry(code=applicant.code, certificate=b"", signature=b"", caller=stranger, now=NOW)
    with pytest.raises(services.NotYourSystem):
        trying.restart_trial(code=applicant.code, caller=stranger, now=NOW)
    with pytest.raises(services.SystemCodeTaken):
        services.enter_system(entry=entry(Operator(number=72)), caller=stranger, now=NOW)
    citizen = Caller("P", "赵公民", "", "", frozenset({"citizen"}))
    with pytest.raises(Forbidden):
        services.enter_system(entry=entry(Operator(), code="trading-x"), caller=citizen, now=NOW)
    assert ConnectedSystem.objects.count() == 1


@pytest.mark.parametrize("code", ["trading-construction", "publicservice"])
def test_a_listed_code_is_taken(code: str) -> None:
    with pytest.raises(services.SystemCodeTaken, match="已被使用"):
        Applicant(code=code).enter()
    assert ConnectedSystem.objects.count() == 0


def test_a_key_is_one_system_s_alone(applicant: Applicant) -> None:
    applicant.enter()
    second = Applicant(Operator(number=72, system_key=applicant.operator.system_key), code="trading-second")

    with pytest.raises(BadPublicKey, match="一把密钥只能用于一个系统"):
        second.enter()
    assert ConnectedSystem.objects.count() == 1


def test_entered_again_on_trial_it_begins_anew(applicant: Applicant) -> None:
    applicant.all_but_the_last()

    applicant.enter()

    assert passed() == set()
    assert SystemKey.objects.count() == 1
    assert applicant.system.trial.answered == []
    again = Applicant(Operator(number=74), code="trading-again")
    again.connect()
    with pytest.raises(services.SystemCodeTaken):
        again.enter()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"code": "Trading"}, "code", "小写字母"),
        ({"code": "enter"}, "code", "保留的词"),
        ({"title": " "}, "title", "1 至 100 个字"),
        ({"kind": "publicservice"}, "kind", "没有“publicservice”这种系统类别"),
        ({"industry": "fishing"}, "industry", "没有“fishing”这个行业"),
        ({"kind": "connected"}, "industry", "不分行业"),
        ({"region_code": "999999"}, "region_code", "没有代码为 999999 的行政区划"),
        ({"url": "ftp://x"}, "url", "须以 https:// 开头"),
        ({"url": "https://x/?a=1"}, "url", "不带参数"),
        ({"kind": "supervision"}, "url", "须能接收报文"),
        ({"public_key": "AAAA"}, "public_key", "43 个字符"),
        ({"responsible": ()}, "responsible", "主要负责人员"),
        ({"responsible": (Responsible("冯运营", ""),)}, "responsible", "1 至 50 个字"),
        ({"responsible": (Responsible("冯\u202e运营", "负责人"),)}, "responsible", "控制字符"),
    ],
    ids=str,
)
def test_says_which_entry_is_wrong(changes: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(EntryRefused, match=words) as refusal:
        Applicant(**changes).enter()

    assert refusal.value.field == field
    assert ConnectedSystem.objects.count() == 0


def test_outside_a_sandbox_only_encrypted_addresses_are_taken(settings: Any) -> None:
    settings.SANDBOX = False

    with pytest.raises(EntryRefused, match="只接受 https://"):
        Applicant(url="http://harbour.example").enter()
    Applicant(url="https://harbour.example").enter()


def called(applicant: Applicant, takes: tuple[bool, ...] = (False, True), key: bytes = b"") -> None:
    door = Door(applicant.code, key or applicant.operator.system_key, takes)
    http = httpx.Client(transport=httpx.MockTransport(door))
    trying.call_system(code=applicant.code, caller=applicant.operator.caller, http=http, now=NOW)


def test_a_system_with_an_address_is_called_there() -> None:
    applicant = Applicant(url="http://harbour.test")
    applicant.all_but_the_last()
    with pytest.raises(trying.NotOnTrial, match="由平台发往该地址"):
        trying.offered_messages(code=applicant.code)

    called(applicant)

    assert applicant.system.state == State.CONNECTED
    assert told_to() >= {"trading-harbour", "supervision-construction"}


@pytest.mark.parametrize(
    ("takes", "key", "words"),
    [
        ((True, True), b"", "签名不符的测试报文没有被拒绝"),
        ((False, False), b"", "不是签名回执"),
        ((False, True), bytes(32), "不是用登记的密钥签名的"),
    ],
    ids=str,
)
def test_a_system_that_takes_forgeries_or_gives_no_good_receipt_is_told_so(
    takes: tuple[bool, ...], key: bytes, words: str
) -> None:
    applicant = Applicant(url="http://harbour.test")
    applicant.all_but_the_last()

    with pytest.raises(trying.SystemDidNotAnswer, match=words):
        called(applicant, takes, key)
    assert applicant.system.state == State.TRIAL


def test_the_platform_is_not_made_to_call_into_its_own_network(settings: Any) -> None:
    settings.SANDBOX = False
    applicant = Applicant(url="https://127.0.0.1")
    applicant.all_but_the_last()

    with pytest.raises(trying.SystemDidNotAnswer, match="指向内部网络"):
        called(applicant)


def test_every_step_leaves_its_row_in_the_trail(applicant: Applicant) -> None:
    applicant.connect()

    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert acts >= {
        "enter-system",
        "sign-system-entry",
        "prove-system-key",
        "receive-trial-messages",
        "hand-back-receipt",
        "take-trial-receipt",
        "connect-system",
    }
    assert SystemTurn.objects.count() == 2
