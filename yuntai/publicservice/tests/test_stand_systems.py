"""Refusing, suspending, resuming; changing keys and who answers: listed reasons, told to everybody."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.inbox.services import receive_batch
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.peers import PeerSuspended, UnknownPeer, active_peer, listed_peers, peer, peers
from yuntai.kernel.tests.operators import Operator, write_roots
from yuntai.law.clauses import clause
from yuntai.publicservice.exchange.scenes import all_areas
from yuntai.publicservice.systems import services, standing
from yuntai.publicservice.systems.entering import BadPublicKey, BadResponsible, Responsible
from yuntai.publicservice.systems.filling import take_over_list
from yuntai.publicservice.systems.models import ConnectedSystem, State, SystemKey, SystemTurn
from yuntai.publicservice.systems.reasons import REASONS
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.applicants import Applicant, record
from yuntai.publicservice.tests.factories import NOW
from yuntai.standard.messages import SystemListed, parse
from yuntai.standard.receipts import Batch
from yuntai.trust import signing

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _recognised(settings: Any, tmp_path: Path) -> None:
    settings.TRUST_ROOTS_FILE = str(write_roots(tmp_path))


@pytest.fixture
def joined() -> Applicant:
    applicant = Applicant()
    applicant.connect()
    return applicant


@pytest.fixture
def platform() -> Caller:
    return factories.caller(roles=frozenset({"operator"}), person_name="周运营")


def told() -> SystemListed:
    """Return what the others were told last."""
    row = OutboxMessage.objects.filter(type="exchange.system.listed.v1").order_by("-id")[0]
    message = parse(row.body)
    assert isinstance(message, SystemListed)
    return message


def suspend(code: str, reason: str, by: Caller, detail: str = "查明属实") -> ConnectedSystem:
    return standing.suspend_system(code=code, reason=reason, detail=detail, caller=by, now=LATER)


def test_every_reason_has_a_registered_clause() -> None:
    assert [clause(reason.clause).key for reason in REASONS.values()] == [
        reason.clause for reason in REASONS.values()
    ]


def test_a_suspension_is_told_with_reason_and_clause_and_closes_the_door(
    joined: Applicant, platform: Caller
) -> None:
    suspend("trading-harbour", "unsafe", platform)

    message = told()
    assert (message.version, message.state, message.reason, message.clause) == (
        2,
        "suspended",
        "unsafe",
        "etendering/53",
    )
    with pytest.raises(PeerSuspended):
        active_peer("trading-harbour")
    with pytest.raises(Exception, match="已暂停对接"):
        receive_batch(
            batch=Batch(messages=(Applicant(joined.operator).signed(record()),)), address="", now=NOW
        )

    standing.resume_system(code="trading-harbour", detail="已整改", caller=platform, now=LATER)
    assert (told().version, told().state, told().reason) == (3, "connected", "")
    assert active_peer("trading-harbour").suspended == ""


@pytest.mark.parametrize("reason", ["", "too-many-systems", "not-local"])
def test_no_other_reason_counts(joined: Applicant, platform: Caller, reason: str) -> None:
    with pytest.raises(standing.ReasonNotListed, match="除此以外不得拒绝或暂停对接"):
        suspend("trading-harbour", reason, platform)
    assert joined.system.state == State.CONNECTED
    assert told().version == 1


@pytest.mark.parametrize("detail", ["", "  ", "x" * 301])
def test_what_was_found_must_be_said(joined: Applicant, platform: Caller, detail: str) -> None:
    with pytest.raises(standing.FindingMissing, match="1 至 300 个字"):
        suspend("trading-harbour", "unsafe", platform, detail)
    assert joined.system.state == State.CONNECTED


def test_a_trial_is_refused_only_for_what_counts_before_the_entry(platform: Caller) -> None:
    applicant = Applicant()
    applicant.enter()

    for reason in ("operator-asked", "standard-not-kept"):
        with pytest.raises(standing.ReasonNotListed):
            standing.refuse_system(code=applicant.code, reason=reason, detail="无", caller=platform, now=NOW)
    standing.refuse_system(code=applicant.code, reason="unsafe", detail="含木马", caller=platform, now=NOW)

    assert applicant.system.state == State.REFUSED
    with pytest.raises(services.NothingToSign):
        applicant.answer_challenge()
    with pytest.raises(UnknownPeer):
        peer(applicant.code)
    turn = SystemTurn.objects.order_by("-id")[0]
    assert (turn.reason, turn.clause, turn.detail) == ("unsafe", "etendering/53", "含木马")


def test_an_operator_suspends_and_resumes_only_its_own_system_at_its_own_wish(
    joined: Applicant, platform: Caller
) -> None:
    own, stranger = joined.operator.caller, Operator(number=72).caller

    with pytest.raises(services.NotYourSystem):
        suspend("trading-harbour", "unsafe", own)
    for other in (stranger, platform):
        with pytest.raises(services.NotYourSystem):
            suspend("trading-harbour", "operator-asked", other)

    suspend("trading-harbour", "operator-asked", own)
    with pytest.raises(services.NotYourSystem):
        standing.resume_system(code="trading-harbour", detail="无", caller=platform, now=LATER)
    standing.resume_system(code="trading-harbour", detail="升级完毕", caller=own, now=LATER)

    suspend("trading-harbour", "unsafe", platform)
    with pytest.raises(services.NotYourSystem, match="由公共服务平台办理和解除"):
        standing.resume_system(code="trading-harbour", detail="无", caller=own, now=LATER)


def test_a_new_key_counts_once_it_is_signed_for_and_proved_and_the_old_one_a_day_longer(
    joined: Applicant,
) -> None:
    newer = joined.with_new_key()
    services.change_key(
        code=joined.code, public_key=newer.operator.public_key, caller=joined.operator.caller, now=LATER
    )
    newer.sign()
    assert peer(joined.code).public_key == signing.public_key(joined.operator.system_key)
    newer.answer_challenge()

    first, second = SystemKey.objects.order_by("number")
    assert second.valid_from == NOW  # when the challenge was answered
    assert first.valid_until == NOW + timedelta(hours=24)
    assert second.valid_until is None
    assert peer(joined.code).public_key == signing.public_key(newer.operator.system_key)
    assert [(key.number, key.valid_until is None) for key in told().keys] == [(1, False), (2, True)]


def test_a_compromised_key_ends_at_once_and_resuming_needs_a_new_one(
    joined: Applicant, platform: Caller
) -> None:
    suspend(joined.code, "key-compromised", platform)
    with pytest.raises(standing.WrongState, match="须先更换密钥"):
        standing.resume_system(code=joined.code, detail="无", caller=platform, now=LATER)

    newer = joined.with_new_key()
    own, much_later = joined.operator.caller, LATER + timedelta(hours=1)
    services.change_key(code=joined.code, public_key=newer.operator.public_key, caller=own, now=much_later)
    newer.sign(now=much_later)
    newer.answer_challenge(now=much_later)
    standing.resume_system(code=joined.code, detail="已换密钥", caller=platform, now=much_later)

    assert SystemKey.objects.get(number=1).valid_until == much_later
    assert peers()[joined.code].earlier_keys == ()


def test_a_key_of_another_system_or_nonsense_is_no_new_key(joined: Applicant) -> None:
    own = joined.operator.caller

    for key in (joined.operator.public_key, "AAAA"):
        with pytest.raises(BadPublicKey):
            services.change_key(code=joined.code, public_key=key, caller=own, now=LATER)
    with pytest.raises(services.NotYourSystem):
        services.change_key(
            code=joined.code,
            public_key=Operator().public_key,
            caller=Operator(number=72).caller,
            now=LATER,
        )
    assert SystemKey.objects.count() == 1


def test_who_answers_is_changed_by_the_operator_and_told(joined: Applicant) -> None:
    own = joined.operator.caller
    with pytest.raises(BadResponsible):
        services.change_responsible(code=joined.code, responsible=(), caller=own, now=LATER)

    services.change_responsible(
        code=joined.code, responsible=(Responsible("陈新任", "主要负责人"),), caller=own, now=LATER
    )

    assert [each.name for each in told().responsible] == ["陈新任"]
    assert peer(joined.code).contact == "陈新任（主要负责人）"


def test_the_list_is_taken_over_once_and_again_only_where_it_changed(settings: Any, tmp_path: Path) -> None:
    assert take_over_list(now=NOW) == 5
    assert take_over_list(now=NOW) == 0

    path = Path(settings.PEERS_FILE)
    rows = json.loads(path.read_text(encoding="utf-8"))
    next(row for row in rows if row["code"] == "trading-water")["title"] = "水利水务交易系统"
    path.write_text(json.dumps(rows), encoding="utf-8")
    listed_peers.cache_clear()

    assert take_over_list(now=LATER) == 1
    assert ConnectedSystem.objects.get(code="trading-water").title == "水利水务交易系统"
    assert SystemTurn.objects.count() == 5
    assert all_areas() == {
        "supervision-construction": [("construction", "")],
        "supervision-water": [("water", "")],
    }


DONGHAI, ELSEWHERE = "E3207221234000001001", "E3207031234000001001"


def county_authority() -> Applicant:
    """Connect the authority of one county, which a tender there and one elsewhere are told to."""
    county = {"code": "supervision-donghai", "kind": "supervision", "region_code": "320722"}
    authority = Applicant(Operator(number=75), url="http://donghai.test", **county)
    authority.all_but_the_last()
    authority.receive_offered()
    assert all_areas()["supervision-donghai"] == [("construction", "320722")]
    return authority


def tell_of_two_tenders(folder: Path) -> None:
    numbering = factories.stream("trading-construction", folder)
    messages = [
        factories.registered(tender_code=DONGHAI, region_code="320722"),
        factories.registered(tender_code=ELSEWHERE, region_code="320703"),
        factories.noticed(tender_code=DONGHAI),
        factories.noticed(tender_code=ELSEWHERE),
    ]
    batch = Batch(messages=tuple(numbering.next(each, now=NOW) for each in messages))
    receive_batch(batch=batch, address="", now=NOW)


def test_an_authority_of_one_county_gets_only_what_is_there(tmp_path: Path) -> None:
    county_authority()

    tell_of_two_tenders(tmp_path)

    forwarded = OutboxMessage.objects.filter(type="exchange.message.forwarded.v1").order_by("id")
    to_the_county = forwarded.filter(destination="supervision-donghai")
    assert list(to_the_county.values_list("subject", flat=True)) == [DONGHAI, DONGHAI]
    assert forwarded.filter(destination="supervision-construction").count() == 4


def test_an_authority_of_one_county_directs_only_tenders_there(tmp_path: Path) -> None:
    authority = county_authority()
    tell_of_two_tenders(tmp_path)

    directing = Applicant(authority.operator, code="supervision-donghai")
    directives = [factories.directive(tender_code=each) for each in (ELSEWHERE, DONGHAI)]
    batch = Batch(messages=tuple(map(directing.signed, directives)))
    answer = receive_batch(batch=batch, address="", now=NOW)

    assert [receipt.state for receipt in answer.receipts] == ["rejected", "received"]
    assert "不在 supervision-donghai 的监督范围内" in answer.receipts[0].reason
