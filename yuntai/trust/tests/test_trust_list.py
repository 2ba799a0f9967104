"""The signed trust list: two officers, growing numbers, a past that is only ever continued."""

import json
from datetime import timedelta
from typing import Any

import pytest

from yuntai.trust import signing
from yuntai.trust.base64url import base64url
from yuntai.trust.tests.instants import SHANGHAI_NINE as NOW
from yuntai.trust.tests.instants import TICK
from yuntai.trust.tests.trusting import (
    ADDRESSES,
    CAS,
    FOUNDED,
    OFFICERS,
    PUBLIC,
    A,
    B,
    make_document,
    make_person,
    make_signed,
    make_trust_list,
    signed_by,
)
from yuntai.trust.trust_list import (
    TrustListExpired,
    TrustListRefused,
    bare_roots,
    read_trust_list,
    succeed,
    to_sign,
)

DAY = timedelta(days=1)


def signed_raw(document: object, officers: tuple[str, ...] = ("甲", "乙")) -> dict[str, Any]:
    """Return a document as careless officers sign it, whatever is in it."""
    data = to_sign(document)
    signatures = [
        {"officer": name, "signature": base64url(signing.sign(OFFICERS[name], data))} for name in officers
    ]
    return {"list": document, "signatures": signatures}


def test_reads_a_version_that_two_officers_signed() -> None:
    signed = json.loads(json.dumps(make_signed()))

    trusted = read_trust_list(signed, PUBLIC)

    assert trusted.seq == 1
    assert [each.name for each in trusted.cas] == [each.plan.name for each in CAS]
    assert trusted.signed == signed


# --- Signatures ---------------------------------------------------------------------------------------------


def test_refuses_one_signature() -> None:
    with pytest.raises(TrustListRefused, match="2 名管理员签名，现有 1 名") as refusal:
        read_trust_list(signed_by({"甲": OFFICERS["甲"]}), PUBLIC)
    assert refusal.value.code == "trust-list-refused"


def test_refuses_one_officer_who_signs_twice() -> None:
    signed = signed_raw(make_document(), ("甲", "甲"))

    with pytest.raises(TrustListRefused, match="现有 1 名"):
        read_trust_list(signed, PUBLIC)


def test_refuses_two_names_with_one_key() -> None:
    signed = signed_raw(make_document())
    signed["signatures"][1]["signature"] = signed["signatures"][0]["signature"]

    with pytest.raises(TrustListRefused, match="现有 1 名"):
        read_trust_list(signed, PUBLIC | {"乙": PUBLIC["甲"]})


@pytest.mark.parametrize("spoilt", ["stranger", "bit", "form", "content"])
def test_refuses_a_signature_that_does_not_hold(spoilt: str) -> None:
    signed = signed_raw(make_document())
    last = signed["signatures"][1]
    if spoilt == "stranger":
        last["officer"] = "丙"
    elif spoilt == "bit":
        last["signature"] = base64url(bytes(64))
    elif spoilt == "form":
        last["signature"] = "===="
    else:
        signed["list"]["seq"] = 2

    with pytest.raises(TrustListRefused, match="签名无效"):
        read_trust_list(signed, PUBLIC)


@pytest.mark.parametrize(
    "document",
    [None, [], {}, {"list": {}}, {"list": {}, "signatures": {}}, {"list": {}, "signatures": [], "more": 1}],
    ids=str,
)
def test_refuses_what_is_no_signed_list(document: object) -> None:
    with pytest.raises(TrustListRefused):
        read_trust_list(document, PUBLIC)


# --- Form ---------------------------------------------------------------------------------------------------


def with_entry(**changes: object) -> dict[str, Any]:
    entry = B.entry(since=FOUNDED, addresses=ADDRESSES).model_dump(mode="json")
    return make_document(entries=[entry | changes])


PERSON = base64url(make_person(B).certificate)
BAD_DOCUMENTS = {
    "unknown field": make_document(more=1),
    "another format": make_document(format="yuntai-trust-list-v2"),
    "seq zero": make_document(seq=0),
    "seq as text": make_document(seq="7"),
    "no time zone": make_document(issued="2026-03-01T01:00:00"),
    "ends before it begins": make_document(next_update=(NOW - 2 * DAY).isoformat()),
    "a CA twice": make_document(entries=make_document()["entries"] * 2),
    "no address to ask": with_entry(crl=[], ocsp=[]),
    "address without scheme": with_entry(crl=["ca.example/list"]),
    "unknown status": with_entry(status="trusted"),
    "unknown algorithm": with_entry(algorithms=["rsa"]),
    "history after the status": with_entry(
        history=[{"status": "recognised", "since": (FOUNDED + DAY).isoformat()}]
    ),
    "unknown place": with_entry(fields=dict.fromkeys(("a", "b", "c", "d"), "cn")),
    "other fields": with_entry(fields=dict.fromkeys(("a", "b", "c", "d"), "subject:2.5.4.3")),
    "no certificates": with_entry(certificates=[]),
    "a person's certificate": with_entry(certificates=[PERSON]),
    "no certificate": with_entry(certificates=["AAAA"]),
    "a region that is none": with_entry(regions=["连云港"]),
}


@pytest.mark.parametrize("document", BAD_DOCUMENTS.values(), ids=BAD_DOCUMENTS.keys())
def test_refuses_a_list_of_another_form_though_signed(document: dict[str, object]) -> None:
    with pytest.raises(TrustListRefused, match="不符合要求"):
        read_trust_list(signed_raw(document), PUBLIC)


# --- Succession ---------------------------------------------------------------------------------------------

LATER = (NOW + 10 * DAY).isoformat()


def entries_with(**changes: object) -> list[dict[str, object]]:
    """Return the three entries, the second changed."""
    first, second, third = make_document()["entries"]
    return [first, second | changes, third]


def next_version(**changes: object) -> dict[str, object]:
    return make_signed(**({"seq": 2, "issued": LATER} | changes))


def test_a_newer_version_takes_the_place_of_the_old() -> None:
    suspended = entries_with(
        history=[{"status": "recognised", "since": FOUNDED.isoformat()}],
        status="suspended",
        status_since=LATER,
    )

    newer = succeed(make_trust_list(), next_version(entries=suspended), PUBLIC)

    entry = newer.cas[1].entry
    assert newer.seq == 2
    assert entry is not None
    assert [period.status for period in entry.timeline] == ["recognised", "suspended"]


def test_the_first_version_takes_the_place_of_bare_roots() -> None:
    assert succeed(bare_roots([A.root]), make_signed(), PUBLIC).seq == 1


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_refuses_a_number_that_has_not_grown(seq: int) -> None:
    with pytest.raises(TrustListRefused, match=f"大于现用的第 3 版，收到的是第 {seq} 版"):
        succeed(make_trust_list(seq=3), make_signed(seq=seq), PUBLIC)


def test_refuses_a_version_that_was_issued_before_the_present_one() -> None:
    with pytest.raises(TrustListRefused, match="签发时间早于"):
        succeed(make_trust_list(), next_version(issued=(NOW - 2 * DAY).isoformat()), PUBLIC)


def test_refuses_to_lose_a_ca() -> None:
    entries = make_document()["entries"][:2]

    with pytest.raises(TrustListRefused, match="缺少发证机构“花果山"):
        succeed(make_trust_list(), next_version(entries=entries), PUBLIC)


@pytest.mark.parametrize(
    "changes",
    [
        {"status_since": (FOUNDED + DAY).isoformat()},
        {"status": "withdrawn"},
        {
            "history": [{"status": "suspended", "since": (FOUNDED - DAY).isoformat()}],
        },
    ],
    ids=["later start", "other status", "longer past"],
)
def test_refuses_another_past(changes: dict[str, object]) -> None:
    with pytest.raises(TrustListRefused, match="不能改写"):
        succeed(make_trust_list(), next_version(entries=entries_with(**changes)), PUBLIC)


def test_refuses_to_lose_a_certificate() -> None:
    kept = B.entry(since=FOUNDED, addresses=ADDRESSES).certificates[:1]

    with pytest.raises(TrustListRefused, match="证书不能删去"):
        succeed(make_trust_list(), next_version(entries=entries_with(certificates=kept)), PUBLIC)


def test_a_refused_version_leaves_the_present_one() -> None:
    current = make_trust_list()
    before = current.model_dump_json(include={"document", "signed"})

    with pytest.raises(TrustListRefused):
        succeed(current, signed_by({"甲": OFFICERS["甲"]}, seq=2), PUBLIC)

    assert current.model_dump_json(include={"document", "signed"}) == before


# --- Lapsing ------------------------------------------------------------------------------------------------


def test_acts_stop_when_the_list_lapses_and_logins_three_days_later() -> None:
    trusted = make_trust_list()
    assert trusted.document is not None
    end = trusted.document.next_update

    trusted.check_serves_acts(end)
    with pytest.raises(TrustListExpired, match="第 1 版已于 2026-08-29 到期，不能再凭证书办理") as refusal:
        trusted.check_serves_acts(end + TICK)
    assert refusal.value.code == "trust-list-expired"
    trusted.check_serves_logins(end + timedelta(hours=72))
    with pytest.raises(TrustListExpired, match="登录"):
        trusted.check_serves_logins(end + timedelta(hours=72) + TICK)


def test_bare_roots_do_not_lapse() -> None:
    bare_roots([A.root]).check_serves_acts(NOW + timedelta(days=9999))
