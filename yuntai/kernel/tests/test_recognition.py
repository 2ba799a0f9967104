"""Whom a certificate names, by the trust list in force and what its CAs say on revocation."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from pytest_django import Settings

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.recognition import asking
from yuntai.kernel.recognition.identification import (
    identify_for_act,
    identify_for_login,
    identify_signer,
)
from yuntai.kernel.recognition.models import TrustListVersion
from yuntai.kernel.recognition.services import ListRefused, take_trust_list
from yuntai.trust.base64url import base64url
from yuntai.trust.certificates import CertificateRefused, RevocationUnknown, Revoked, UnknownIssuer
from yuntai.trust.sandbox_cas import SandboxCa, answer_ocsp, revocation_list
from yuntai.trust.tests.instants import SHANGHAI_NINE as NOW
from yuntai.trust.tests.trusting import (
    CAS,
    FOUNDED,
    OFFICERS,
    PUBLIC,
    B,
    Person,
    make_person,
    make_signed,
    signed_by,
)

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OFFICER = Caller.system("publicservice")
every_ca = pytest.mark.parametrize("ca", CAS, ids=lambda each: each.plan.letter)


class FakeCas:
    """The CAs' answers.  revoked: when, by serial number.  silent: what does not answer, "crl" or "ocsp"."""

    def __init__(self) -> None:
        self.now = NOW
        self.revoked: dict[int, datetime] = {}
        self.silent: set[str] = set()
        self.asked: list[str] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        kind = "ocsp" if request.method == "POST" else "crl"
        self.asked.append(f"{kind} {request.url.params['ca']}")
        if kind in self.silent:
            raise httpx.ConnectTimeout("silent", request=request)
        ca = next(each for each in CAS if each.plan.letter == request.url.params["ca"])
        if kind == "crl":
            return httpx.Response(200, content=revocation_list(ca.signer, self.revoked, self.now))
        return httpx.Response(200, content=answer_ocsp(ca.signer, request.content, self.revoked, self.now))


def entries(*cas: SandboxCa) -> list[dict[str, object]]:
    listed = []
    for ca in cas:
        letter = ca.plan.letter
        addresses = {
            "crl": f"http://ca.example/crl?ca={letter}",
            "ocsp": f"http://ca.example/ocsp?ca={letter}",
        }
        listed.append(ca.entry(since=FOUNDED, addresses=addresses).model_dump(mode="json"))
    return listed


@pytest.fixture
def cas(monkeypatch: pytest.MonkeyPatch) -> FakeCas:
    fake = FakeCas()
    monkeypatch.setattr(asking, "connect", lambda: httpx.Client(transport=httpx.MockTransport(fake.answer)))
    return fake


@pytest.fixture(autouse=True)
def _deployment(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Set the system up with a list of all three CAs."""
    (tmp_path / "list.json").write_text(json.dumps(make_signed(entries=entries(*CAS))), encoding="utf-8")
    public = {name: base64url(key) for name, key in PUBLIC.items()}
    (tmp_path / "officers.json").write_text(json.dumps(public), encoding="utf-8")
    settings.TRUST_LIST_FILE = str(tmp_path / "list.json")
    settings.TRUST_OFFICERS_FILE = str(tmp_path / "officers.json")
    asking._last_tried.clear()
    yield
    asking._last_tried.clear()


def number_of(person: Person) -> int:
    return x509.load_der_x509_certificate(person.certificate).serial_number


@every_ca
def test_a_person_of_each_ca_is_named_once_the_ca_has_told(ca: SandboxCa, cas: FakeCas) -> None:
    identity = identify_for_login(make_person(ca).certificate, NOW)

    assert (identity.person_name, identity.ca) == ("王投标", ca.plan.name)
    assert cas.asked == [f"crl {ca.plan.letter}", f"ocsp {ca.plan.letter}"]


def test_one_name_at_three_cas_is_three_persons_and_a_renewal_is_none(cas: FakeCas) -> None:
    first = [identify_for_login(make_person(ca).certificate, NOW).person_id for ca in CAS]
    renewed = [identify_for_login(make_person(ca).certificate, NOW).person_id for ca in CAS]

    assert len(set(first)) == len(CAS)
    assert renewed == first
    assert all(len(each) == 32 for each in first)


def test_nobody_is_asked_while_a_list_is_at_hand(cas: FakeCas) -> None:
    assert asking.refresh_lists(now=NOW) == len(CAS)
    cas.silent = {"crl", "ocsp"}

    assert identify_for_login(make_person(B).certificate, NOW + DAY).person_name == "王投标"
    with pytest.raises(RevocationUnknown, match="暂不能使用"):
        identify_for_login(make_person(B).certificate, NOW + DAY + MINUTE)


@pytest.mark.parametrize("silent", ["crl", "ocsp"])
def test_one_of_two_ways_to_ask_will_do(cas: FakeCas, silent: str) -> None:
    cas.silent = {silent}

    assert identify_for_login(make_person(B).certificate, NOW).person_name == "王投标"


def test_a_revoked_certificate_is_refused_once_the_list_says_so(cas: FakeCas) -> None:
    person = make_person(B)
    identify_for_login(person.certificate, NOW)
    cas.revoked[number_of(person)] = NOW + MINUTE
    cas.now = later = NOW + asking.LIST_LASTS

    assert asking.refresh_lists(now=later) == len(CAS)

    with pytest.raises(Revoked, match="被发证机构吊销"):
        identify_for_login(person.certificate, later)
    with pytest.raises(Revoked):
        identify_signer(person.certificate, NOW + MINUTE)
    assert identify_signer(person.certificate, NOW).person_name == "王投标"


def test_lists_are_fetched_when_they_are_due_and_silence_is_tried_again(cas: FakeCas) -> None:
    asking.refresh_lists(now=NOW)
    assert asking.refresh_lists(now=NOW + asking.LIST_LASTS - MINUTE) == 0
    cas.silent = {"crl"}
    due = NOW + asking.LIST_LASTS
    assert asking.refresh_lists(now=due) == 0

    cas.silent = set()

    assert asking.refresh_lists(now=due + MINUTE / 2) == 0
    assert asking.refresh_lists(now=due + MINUTE) == len(CAS)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(302, headers={"Location": "http://localhost/secret"}),
        httpx.Response(500),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=b"\x00" * (asking.LONGEST_ANSWER + 1)),
    ],
    ids=["elsewhere", "broken", "not a list", "endless"],
)
def test_what_is_no_answer_is_no_evidence(monkeypatch: pytest.MonkeyPatch, answer: httpx.Response) -> None:
    transport = httpx.MockTransport(lambda _: answer)
    monkeypatch.setattr(asking, "connect", lambda: httpx.Client(transport=transport))

    with pytest.raises(RevocationUnknown):
        identify_for_login(make_person(B).certificate, NOW)


def test_a_signer_of_earlier_is_named_without_asking_anybody(cas: FakeCas) -> None:
    identity = identify_signer(make_person(B).certificate, NOW)

    assert identity.person_name == "王投标"
    assert cas.asked == []


def test_a_list_that_lapsed_serves_logins_for_three_days_and_no_act(cas: FakeCas) -> None:
    lapses = NOW + timedelta(days=180)
    person = make_person(B).certificate
    for cas.now in (lapses, lapses + timedelta(hours=72)):
        assert identify_for_login(person, cas.now).person_name == "王投标"
    cas.now = lapses
    assert identify_for_act(person, lapses).person_name == "王投标"

    with pytest.raises(CertificateRefused, match="不能再凭证书办理新的操作"):
        identify_for_act(person, lapses + MINUTE)
    with pytest.raises(CertificateRefused, match="不能再凭证书登录"):
        identify_for_login(person, lapses + timedelta(hours=72) + MINUTE)


def test_a_newer_list_counts_from_its_commit_and_is_in_the_trail(cas: FakeCas) -> None:
    a_only = make_signed(seq=2, entries=entries(CAS[0]))
    with pytest.raises(ListRefused, match="不能删去"):
        take_trust_list(signed=a_only, caller=OFFICER, now=NOW)
    withdrawn = entries(*CAS)
    recognised = {"status": withdrawn[1]["status"], "since": withdrawn[1]["status_since"]}
    withdrawn[1] |= {"history": [recognised], "status": "withdrawn", "status_since": NOW.isoformat()}

    take_trust_list(signed=make_signed(seq=2, entries=withdrawn), caller=OFFICER, now=NOW)

    with pytest.raises(UnknownIssuer, match="退出互认"):
        identify_for_login(make_person(B, now=NOW - DAY).certificate, NOW)
    assert identify_signer(make_person(B, now=NOW - DAY).certificate, NOW - HOUR).person_name == "王投标"
    assert AuditEntry.objects.get(act="take-trust-list").object_id == "trust list 2"


@pytest.mark.parametrize(
    ("signed", "reason"),
    [
        (make_signed(seq=1), "序号必须大于现用的第 1 版"),
        (signed_by({"甲": OFFICERS["甲"]}, seq=2), "须由 2 名管理员签名"),
        ({"list": {}, "signatures": []}, "管理员签名"),
        ("x", "格式不正确"),
    ],
    ids=["no newer", "one officer", "unsigned", "no list"],
)
def test_a_list_that_is_not_to_be_trusted_is_refused(signed: object, reason: str) -> None:
    with pytest.raises(ListRefused, match=reason):
        take_trust_list(signed=signed, caller=OFFICER, now=NOW)

    assert not TrustListVersion.objects.exists()
