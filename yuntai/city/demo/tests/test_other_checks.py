"""The checks of supervision, of the audit trail and of secrecy find what is planted."""

from collections.abc import Mapping

import pytest

from yuntai.city.demo.checks.trail import act_faults, commitment_faults, guard_faults
from yuntai.city.demo.checks.watching import warning_faults, watching_faults
from yuntai.city.demo.secrecy import difference, leaks, without_logins

PRICE, CODE = "9123456.78", "91320700MA0002013H"


@pytest.mark.parametrize(
    ("watched", "faults"), [(["E1", "E2"], 0), (["E1", "E2", "E9"], 0), (["E1"], 1), ([], 2)]
)
def test_finds_a_tender_supervision_does_not_know(watched: list[str], faults: int) -> None:
    assert len(list(watching_faults(["E1", "E2"], watched))) == faults


@pytest.mark.parametrize(
    ("warned", "faults"), [(["E1"], 0), ([], 1), (["E1", "E1"], 1), (["E1", "E2"], 1), (["E2"], 2)]
)
def test_wants_exactly_one_warning_about_the_planted_tender(warned: list[str], faults: int) -> None:
    assert len(list(warning_faults(["E1"], warned))) == faults


@pytest.mark.parametrize(
    ("recorded", "faults"), [({"award": 2}, 0), ({"award": 1}, 1), ({}, 1), ({"award": 3}, 1)]
)
def test_finds_an_act_without_its_row(recorded: Mapping[str, int], faults: int) -> None:
    assert len(list(act_faults({"award": 2}, recorded))) == faults


@pytest.mark.parametrize(
    ("revealed", "faults"), [(["c1", "c2"], 0), (["c1"], 1), (["c1", "c9"], 1), (["c1", "c2", "c9"], 2)]
)
def test_finds_an_act_revealed_without_its_commitment(revealed: list[str], faults: int) -> None:
    assert len(list(commitment_faults(revealed, ["c1", "c2", "c3"], times=2))) == faults


def test_names_each_unguarded_table() -> None:
    assert list(guard_faults("交易系统", ["tenders_lot"])) == [
        "交易系统 的数据表 tenders_lot 不写操作留痕也能改动"
    ]
    assert list(guard_faults("交易系统", [])) == []


@pytest.mark.parametrize("form", [PRICE, PRICE.encode().hex()])
def test_finds_a_price_in_a_dump(form: str) -> None:
    written = {"bids_envelope": {f"1\t{form}\tx".encode()}, "tenders_lot": {b"1\tx"}}

    faults = list(leaks(written, {PRICE}))

    assert len(faults) == 1
    assert "bids_envelope" in faults[0]


def test_finds_nothing_where_nothing_is() -> None:
    assert list(leaks({"bids_envelope": {b"1\tciphertext"}}, {PRICE, CODE})) == []


def test_looks_only_at_what_the_bidding_wrote() -> None:
    before = {"tenders_tender": {b"1\told"}}
    after = {"tenders_tender": {b"1\told", b"2\tnew"}, "bids_envelope": {b"1\tsealed"}}

    assert difference(after, before) == {"tenders_tender": {b"2\tnew"}, "bids_envelope": {b"1\tsealed"}}


def test_a_bidder_may_be_named_as_registered_and_as_logged_in() -> None:
    login = f"7\t{CODE}\tlog-in\taccounts.account".encode()
    written = {"accounts_account": {CODE.encode()}, "audit_auditentry": {login}}

    assert list(leaks(without_logins(written), {CODE})) == []


@pytest.mark.parametrize("table", ["bids_envelope", "audit_auditentry", "outbox_outboxmessage"])
def test_a_bidder_may_not_be_named_elsewhere(table: str) -> None:
    assert len(list(leaks(without_logins({table: {f"7\t{CODE}\tsubmit".encode()}}), {CODE}))) == 1
