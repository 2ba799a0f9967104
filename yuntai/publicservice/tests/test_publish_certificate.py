"""Publish a testing body's report as a certificate."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from yuntai.conformance.report import signed
from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.errors import Forbidden
from yuntai.kernel.tests.operators import write_roots
from yuntai.publicservice.certification import refusals
from yuntai.publicservice.certification.models import Certificate
from yuntai.publicservice.certification.queries import certified_shares, mark_of, register
from yuntai.publicservice.certification.services import publish_report
from yuntai.publicservice.certification.shares import Share, shares
from yuntai.publicservice.systems.filling import take_over_list
from yuntai.publicservice.systems.services import change_key
from yuntai.publicservice.systems.standing import suspend_system
from yuntai.publicservice.tests.applicants import Applicant
from yuntai.publicservice.tests.factories import NOW, caller
from yuntai.publicservice.tests.reports import VALID_UNTIL, report, signed_report
from yuntai.trust import signing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _listed(settings: Any, tmp_path: Path) -> None:
    settings.TRUST_ROOTS_FILE = str(write_roots(tmp_path))
    take_over_list(now=NOW)


def operator() -> Caller:
    return replace(caller(), roles=frozenset({"operator"}), person_name="周平台")


def publish(content: bytes | None = None, *, who: Caller | None = None, **changes: Any) -> Certificate:
    content = signed_report(**changes).to_bytes() if content is None else content
    return publish_report(content=content, caller=who or operator(), now=NOW)


def test_publishes_what_the_body_certified_and_nothing_else() -> None:
    given = signed_report(level=3)

    done = publish(given.to_bytes())

    stored = Certificate.objects.get()
    assert (stored.number, stored.level, stored.valid_until) == ("CTS-EBS01-2026-001", 3, VALID_UNTIL)
    assert (stored.system_code, stored.body_name) == (
        "trading-construction",
        "连云港电子交易检测中心（演示）",
    )
    assert stored.document.encode() == given.to_bytes()
    assert AuditEntry.objects.get(act="publish-certificate").object_id == str(done)


def refused(error: type[Exception], sentence: str, content: bytes | None = None, **changes: Any) -> None:
    before = AuditEntry.objects.count(), Certificate.objects.count()
    with pytest.raises(error, match=sentence):
        publish(content, **changes)
    assert (AuditEntry.objects.count(), Certificate.objects.count()) == before


def test_only_the_operator_may() -> None:
    refused(Forbidden, "没有办理此事的权限", who=caller())


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"[" * 100_000, b" " * 2_097_153, b"\xff"])
def test_refuses_what_is_no_report(content: bytes) -> None:
    refused(refusals.ReportUnreadable, "没有公布", content)


def test_refuses_an_unsigned_report() -> None:
    refused(refusals.ReportNotGenuine, "没有检测机构的签名", signed(report(), None).to_bytes())


def test_refuses_a_body_nobody_knows() -> None:
    refused(refusals.ReportNotGenuine, "不是本平台认可的检测机构", key=signing.new_private_key())


def test_refuses_a_report_altered_after_it_was_signed() -> None:
    altered = json.loads(signed_report().to_bytes())
    altered["report"]["certificate"]["level"] = 3

    refused(refusals.ReportNotGenuine, "可能被改动", json.dumps(altered).encode())


@pytest.mark.parametrize("code", ["supervision-construction", "publicservice"])
def test_refuses_what_is_no_trading_system(code: str) -> None:
    refused(refusals.ReportNotOfThatSystem, "不是已对接的交易系统", code=code)


def test_refuses_a_report_about_another_system_under_that_code() -> None:
    made = report()
    other = made.model_copy(update={"system": made.system.model_copy(update={"signing_key": "AAAA"})})
    content = signed(other, bytes(range(64, 96))).to_bytes()

    refused(refusals.ReportNotOfThatSystem, "签名公钥与 trading-construction 对接登记的不同", content)


def test_refuses_a_report_with_a_failure() -> None:
    refused(refusals.ReportNotGood, "D16、D44 不符合", failed="d16-secret-until-opening")


def test_refuses_a_report_that_names_no_certificate() -> None:
    refused(refusals.ReportNotGood, "没有载明证书编号", certificate=None)


@pytest.mark.parametrize(("days", "good"), [(0, True), (-1, False)])
def test_the_last_day_counts(days: int, good: bool) -> None:
    last = NOW.date() + timedelta(days=days)  # 09:00 in Shanghai is the same date
    if good:
        assert publish(valid_until=last).valid_until == last
    else:
        refused(refusals.ReportNotGood, "已经过期", valid_until=last)


def test_a_number_is_given_once() -> None:
    publish()

    refused(refusals.CertificateTaken, "CTS-EBS01-2026-001 的证书已经公布", code="trading-water")


def test_an_older_certificate_stays_and_the_one_that_lasts_longest_stands() -> None:
    publish(number="OLD-2026")
    publish(number="NEW-2026", valid_until=VALID_UNTIL + timedelta(days=365))

    standing = mark_of("trading-construction", now=NOW).standing
    assert standing is not None
    assert standing.number == "NEW-2026"
    assert Certificate.objects.count() == 2


def test_a_lapsed_certificate_counts_no_more() -> None:
    publish()

    day = timedelta(days=1)
    on_the_last = register(now=NOW + 1095 * day)
    after = register(now=NOW + 1096 * day)

    assert [each.mark.standing is not None for each in on_the_last] == [True, False]
    assert [each.mark.standing is not None for each in after] == [False, False]
    assert after[0].mark.newest is not None
    assert certified_shares(on_the_last)[0] == Share("", 1, 1)
    assert certified_shares(after)[0] == Share("", 0, 1)


def test_the_plan_counts_construction_and_procurement_together() -> None:
    systems = {"a": "construction", "b": "construction", "c": "procurement", "d": "water", "e": "procurement"}

    found = shares(systems, ["a", "b", "c", "d"])

    assert found == [
        Share("", 3, 4),
        Share("construction", 2, 2),
        Share("procurement", 1, 2),
        Share("water", 1, 1),
    ]
    assert [str(each.percent) for each in found] == ["75.0", "100.0", "50.0", "100.0"]


@pytest.mark.parametrize(("certified", "total", "reaches"), [(4, 5, True), (79, 99, False), (0, 0, False)])
def test_the_line_is_held_against_the_exact_share(certified: int, total: int, reaches: bool) -> None:
    assert Share("", certified, total).reaches_target is reaches


@pytest.fixture
def joined() -> Applicant:
    """A system that its operator entered and brought through the trial by itself."""
    applicant = Applicant()
    applicant.connect()
    return applicant


def of(applicant: Applicant, **changes: Any) -> bytes:
    return signed_report(applicant.code, system_key=applicant.operator.system_key, **changes).to_bytes()


def test_a_system_that_its_operator_entered_is_certified_and_counted(joined: Applicant) -> None:
    publish(of(joined))

    assert mark_of(joined.code, now=NOW).standing is not None
    assert [each.system.code for each in register(now=NOW)] == [
        "trading-construction",
        joined.code,
        "trading-water",
    ]
    assert certified_shares(register(now=NOW))[:2] == [Share("", 1, 2), Share("construction", 1, 2)]


def test_a_system_on_trial_is_neither_certified_nor_counted() -> None:
    applicant = Applicant()
    applicant.enter()

    refused(refusals.ReportNotOfThatSystem, "trading-harbour 不是已对接的交易系统", of(applicant))
    assert certified_shares(register(now=NOW))[0] == Share("", 0, 1)


def test_a_suspended_system_counts_no_more_and_keeps_its_certificate(joined: Applicant) -> None:
    publish(of(joined))
    suspend_system(code=joined.code, reason="unsafe", detail="含木马", caller=operator(), now=NOW)

    assert certified_shares(register(now=NOW))[0] == Share("", 0, 1)
    assert mark_of(joined.code, now=NOW).standing is not None
    refused(refusals.ReportNotOfThatSystem, "不是已对接的交易系统", of(joined, number="CTS-2"))


def test_a_key_changed_since_the_test_counts_until_it_ends(joined: Applicant) -> None:
    newer = joined.with_new_key()
    own = joined.operator.caller
    change_key(code=joined.code, public_key=newer.operator.public_key, caller=own, now=NOW)
    refused(refusals.ReportNotOfThatSystem, "签名公钥与 trading-harbour 对接登记的不同", of(newer))
    newer.sign()
    newer.answer_challenge()

    publish(of(joined, number="OLD-KEY", ended_at=NOW + timedelta(hours=24)))
    publish(of(newer, number="NEW-KEY"))
    late = of(joined, number="TOO-LATE", ended_at=NOW + timedelta(hours=24, seconds=1))
    refused(refusals.ReportNotOfThatSystem, "签名公钥与 trading-harbour 对接登记的不同", late)
    assert set(Certificate.objects.values_list("number", flat=True)) == {"OLD-KEY", "NEW-KEY"}
