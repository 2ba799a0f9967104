"""The sandbox service: who there is, their keys, the clock, and who may ask."""

import base64
import json
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from yuntai.city.files import read_json
from yuntai.city.folder import CityFolder
from yuntai.city.sandbox import people as everybody
from yuntai.city.sandbox.cas import SandboxCas
from yuntai.city.sandbox.clock import LONGEST_SHIFT
from yuntai.city.sandbox.issuer import Issuer
from yuntai.city.sandbox.people import ROLES, demo_people
from yuntai.city.sandbox.service import Answer, Request, Sandbox
from yuntai.city.sandbox.trust_list import SandboxTrustList
from yuntai.city.topology import read_topology, topology_file
from yuntai.standard.identifiers import credit_code
from yuntai.trust import clock
from yuntai.trust.base64url import from_base64url
from yuntai.trust.certificates import Evidence, Revoked, identify, is_signed_by, sign_with
from yuntai.trust.identities import issued_by
from yuntai.trust.revocation import ocsp_request
from yuntai.trust.trust_list import TrustList, read_trust_list, succeed

TOPOLOGY = read_topology(topology_file({}))
PEOPLE = demo_people(TOPOLOGY)
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TRADING = "http://localhost:8010"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> CityFolder:
    made = CityFolder(tmp_path_factory.mktemp("sandbox") / "city")
    made.prepare()
    Issuer(made.sandbox).prepare(PEOPLE, now=NOW)
    SandboxTrustList(made.sandbox, TOPOLOGY.sandbox_url).prepare("ABC", now=NOW)
    return made


@pytest.fixture
def sandbox(folder: CityFolder) -> Sandbox:
    folder.clock_file.unlink(missing_ok=True)
    return Sandbox(TOPOLOGY, folder)


def ask(sandbox: Sandbox, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return sandbox.answer(Request(method, path, {"host": "localhost:8090"} | given, body))


def trust_list(folder: CityFolder) -> TrustList:
    """Return the list as a system reads it."""
    files = SandboxTrustList(folder.sandbox, TOPOLOGY.sandbox_url)
    officers = {name: from_base64url(key) for name, key in read_json(files.officers_file).items()}
    return read_trust_list(read_json(files.file), officers)


def evidence(folder: CityFolder, now: datetime) -> Evidence:
    """Return the CAs' revocation lists as of `now`."""
    return Evidence(lists=tuple(SandboxCas(folder.sandbox).revocation_list(each, now=now) for each in "ABC"))


def der_of(bundle: dict[str, str]) -> bytes:
    return ssl.PEM_cert_to_DER_cert(bundle["certificate_pem"])


def set_clock(sandbox: Sandbox, value: object, **headers: str) -> Answer:
    body = json.dumps({"shift_seconds": value}).encode()
    return ask(sandbox, "POST", "/clock", body, **{"content_type": "application/json"} | headers)


def test_the_main_persons_come_first(sandbox: Sandbox) -> None:
    listed = ask(sandbox, "GET", "/people").content["people"]

    main = [(person["person_name"], person["role"]) for person in listed if not person["crowd"]]
    assert main == [
        ("李招标", "initiator"),
        ("郑代理", "agency"),
        ("王投标", "bidder"),
        ("赵投标", "bidder"),
        ("孙投标", "bidder"),
        ("钱专家", "expert"),
        ("孙监督", "supervisor"),
        ("周平台", "platform-operator"),
        ("吴运营", "trading-operator"),
    ]
    assert len(listed) == len(main) + 130
    assert {person["role"] for person in listed} == set(ROLES)


def test_every_body_is_marked_and_has_a_code_of_its_own() -> None:
    codes = [person.organization.code for person in PEOPLE]

    assert all(map(credit_code.is_valid, codes))
    assert len(set(codes)) == len(codes)
    assert all("演示" in person.organization.name for person in PEOPLE)
    assert len({person.organization.name for person in PEOPLE}) == len(PEOPLE)
    assert len({person.trust_id for person in PEOPLE}) == len(PEOPLE)
    assert len(set(everybody.CROWD_SURNAMES)) == 130


def test_keepers_act_for_the_bodies_that_the_topology_names() -> None:
    by_role = {person.role: person.organization for person in PEOPLE}

    assert by_role["supervisor"] == TOPOLOGY.of_kind("supervision")[0].keeper
    assert by_role["platform-operator"] == TOPOLOGY.platform.keeper
    assert by_role["trading-operator"] == TOPOLOGY.of_kind("trading")[0].keeper


def test_a_bundle_holds_a_key_and_its_certificate(sandbox: Sandbox, folder: CityFolder) -> None:
    bundle = ask(sandbox, "GET", "/people/wang-toubiao/bundle").content

    der = ssl.PEM_cert_to_DER_cert(bundle["certificate_pem"])
    identity = identify(der, trust_list(folder), NOW, evidence(folder, NOW))
    assert is_signed_by(der, b"challenge", sign_with(bundle["private_key_pem"].encode(), b"challenge"))
    assert (identity.person_name, identity.organization_name) == ("王投标", "演示王氏建设工程有限公司")
    assert identity.organization_code == bundle["organization_code"]
    assert identity.trust_id == next(person.trust_id for person in PEOPLE if person.id == "wang-toubiao")
    assert {name: bundle[name] for name in ("format", "id", "role", "role_name")} == {
        "format": "yuntai-sandbox-key-v1",
        "id": "wang-toubiao",
        "role": "bidder",
        "role_name": "投标人",
    }
    assert set(bundle) == {
        *("format", "id", "certificate_pem", "private_key_pem", "person_name"),
        *("organization_name", "organization_code", "role", "role_name", "ca", "ca_name"),
    }


def test_a_certificate_outlives_the_longest_shift_of_the_clock(folder: CityFolder) -> None:
    der = ssl.PEM_cert_to_DER_cert(Issuer(folder.sandbox).bundle("qian-zhuanjia")["certificate_pem"])
    then = NOW + LONGEST_SHIFT

    assert identify(der, trust_list(folder), then, evidence(folder, then)).person_name == "钱专家"


def test_keys_are_made_once_and_again_only_for_a_changed_name(tmp_path: Path) -> None:
    person, *others = PEOPLE[:3]
    issuer = Issuer(tmp_path)
    issuer.prepare((person, *others), now=NOW)
    root, before = (tmp_path / "ca-A.json").read_text(), [issuer.bundle(each.id) for each in PEOPLE[:3]]

    renamed = type(person)(person.id, "李改名", person.organization, person.role)
    issuer.prepare((renamed, *others), now=NOW + timedelta(days=30))

    assert (tmp_path / "ca-A.json").read_text() == root
    assert [issuer.bundle(each.id) for each in others] == before[1:]
    assert issuer.bundle(person.id)["person_name"] == "李改名"
    assert issuer.bundle(person.id)["private_key_pem"] != before[0]["private_key_pem"]


def test_files_with_private_keys_are_closed(folder: CityFolder) -> None:
    keys = [f"ca-{letter}.json" for letter in "ABC"]
    files = [folder.sandbox / name for name in ("people.json", "officers-keys.json", *keys)]

    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 5


@pytest.mark.parametrize("person_id", ["nobody", "WANG", "..", "wang-toubiao/../x"])
def test_an_unknown_person_is_not_found(sandbox: Sandbox, person_id: str) -> None:
    assert ask(sandbox, "GET", f"/people/{person_id}/bundle").status == 404


def test_only_pages_of_the_city_may_read(sandbox: Sandbox) -> None:
    own = ask(sandbox, "GET", "/people/wang-toubiao/bundle", origin=TRADING)
    assert own.status == 200
    assert own.headers["Access-Control-Allow-Origin"] == TRADING

    for origin in ("http://evil.example", "http://localhost:8011", "null", "https://localhost:8010"):
        foreign = ask(sandbox, "GET", "/people/wang-toubiao/bundle", origin=origin)
        assert foreign.status == 403
        assert "Access-Control-Allow-Origin" not in foreign.headers
        assert "private_key_pem" not in foreign.body().decode()


def test_a_name_of_elsewhere_that_points_here_is_refused(sandbox: Sandbox) -> None:
    answer = ask(sandbox, "GET", "/people/wang-toubiao/bundle", host="evil.example:8090")

    assert answer.status == 421
    assert "private_key_pem" not in answer.body().decode()


def test_a_page_of_the_city_may_ask_first(sandbox: Sandbox) -> None:
    answer = ask(sandbox, "OPTIONS", "/clock", origin=TRADING)

    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == TRADING
    assert answer.headers["Access-Control-Allow-Headers"] == "content-type"
    assert ask(sandbox, "OPTIONS", "/clock", origin="http://evil.example").status == 403


def test_the_clock_is_set_for_every_system(sandbox: Sandbox, folder: CityFolder) -> None:
    assert ask(sandbox, "GET", "/clock").content["shift_seconds"] == 0

    answer = set_clock(sandbox, 86400, origin=TRADING)

    assert (answer.status, answer.content["shift_seconds"]) == (200, 86400)
    assert read_json(folder.clock_file) == {"shift_seconds": 86400}
    assert ask(sandbox, "GET", "/clock").content["shift_seconds"] == 86400


@pytest.mark.parametrize("shift", [0, 0.5, 1, int(LONGEST_SHIFT.total_seconds())])
def test_takes_a_shift_up_to_five_years(sandbox: Sandbox, shift: float) -> None:
    assert set_clock(sandbox, shift).status == 200


TOO_LONG = int(LONGEST_SHIFT.total_seconds()) + 1


@pytest.mark.parametrize(
    "shift", [-1, -0.001, TOO_LONG, 10**400, float("nan"), float("inf"), True, "60", None, []], ids=repr
)
def test_refuses_a_shift_that_is_none(sandbox: Sandbox, folder: CityFolder, shift: object) -> None:
    answer = set_clock(sandbox, shift)

    assert answer.status == 422
    assert (
        answer.content["detail"] == "shift_seconds 应为 0 到 157680000 之间的数字，表示比真实时间快多少秒。"
    )
    assert not folder.clock_file.exists()


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"not json", {"content_type": "application/json"}, 400),
        (b"\xff", {"content_type": "application/json"}, 400),
        (b"[1]", {"content_type": "application/json"}, 422),
        (b'{"shift_seconds": 1}', {"content_type": "text/plain"}, 415),
        (b'{"shift_seconds": 1}', {}, 415),
        (b'{"shift_seconds": 1}', {"content_type": "application/json", "origin": "http://evil.example"}, 403),
    ],
)
def test_refuses_to_set_the_clock_on_a_strange_request(
    sandbox: Sandbox, folder: CityFolder, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert ask(sandbox, "POST", "/clock", body, **headers).status == status
    assert not folder.clock_file.exists()


def test_other_addresses_are_not_found(sandbox: Sandbox) -> None:
    assert ask(sandbox, "POST", "/people").status == 404
    assert ask(sandbox, "GET", "/../secrets").status == 404
    assert base64.b64encode(ask(sandbox, "GET", "/livez").body()) == b"b2s="
    assert "仅供本机演示城市使用" in ask(sandbox, "GET", "/").body().decode()


@pytest.mark.parametrize(
    ("person_id", "ca"), [("wang-toubiao", "A"), ("zhao-toubiao", "B"), ("sun-toubiao", "C")]
)
def test_a_person_of_each_ca_is_named_by_the_list(folder: CityFolder, person_id: str, ca: str) -> None:
    bundle = Issuer(folder.sandbox).bundle(person_id)

    identity = identify(der_of(bundle), trust_list(folder), NOW, evidence(folder, NOW))

    assert (bundle["ca"], bundle["ca_name"]) == (ca, identity.ca)
    assert identity.organization_code == bundle["organization_code"]


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize("way", ["crl", "ocsp"])
def test_a_revoked_certificate_is_told_and_a_renewed_one_is_the_same_person(
    sandbox: Sandbox, folder: CityFolder, way: str
) -> None:
    asked = {"content_type": "application/json"}
    old = ask(sandbox, "GET", "/people/zhao-toubiao/bundle").content

    assert ask(sandbox, "POST", "/people/zhao-toubiao/revoke", b"{}", **asked).status == 200
    renewed = ask(sandbox, "POST", "/people/zhao-toubiao/renew", b"{}", **asked).content

    with pytest.raises(Revoked):
        identify(der_of(old), trust_list(folder), NOON, _told(sandbox, folder, der_of(old), way))
    told = _told(sandbox, folder, der_of(renewed), way)
    identity = identify(der_of(renewed), trust_list(folder), NOON, told)
    person = next(each for each in PEOPLE if each.id == "zhao-toubiao")
    assert identity.trust_id == person.trust_id
    assert renewed["private_key_pem"] != old["private_key_pem"]


NOON = NOW + timedelta(hours=3)


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def _told(sandbox: Sandbox, folder: CityFolder, certificate: bytes, way: str) -> Evidence:
    """Ask the CA at the address that the list names."""
    issued = issued_by(certificate, trust_list(folder))
    assert issued is not None
    if way == "crl":
        path = issued.crl[0].removeprefix(TOPOLOGY.sandbox_url)
        return Evidence(lists=(ask(sandbox, "GET", path).body(),))
    path = issued.ocsp[0].removeprefix(TOPOLOGY.sandbox_url)
    return Evidence(answers=(ask(sandbox, "POST", path, ocsp_request(certificate, issued.issuer)).body(),))


def test_a_ca_refuses_what_is_no_question(sandbox: Sandbox) -> None:
    assert ask(sandbox, "POST", "/ca/B/ocsp", b"\x00").status == 400
    assert ask(sandbox, "GET", "/ca/B/ocsp").status == 405
    assert ask(sandbox, "GET", "/ca/D/revoked.crl").status == 404


def test_no_foreign_page_revokes_or_renews(sandbox: Sandbox) -> None:
    for act in ("revoke", "renew"):
        assert ask(sandbox, "POST", f"/people/wang-toubiao/{act}", b"{}").status == 415
        foreign = {"content_type": "application/json", "origin": "http://evil.example"}
        assert ask(sandbox, "POST", f"/people/wang-toubiao/{act}", b"{}", **foreign).status == 403


def test_a_later_list_keeps_what_the_first_said_and_takes_in_another_ca(tmp_path: Path) -> None:
    SandboxCas(tmp_path).prepare(now=NOW)
    listed = SandboxTrustList(tmp_path, TOPOLOGY.sandbox_url)
    listed.prepare("A", now=NOW)
    officers = {name: from_base64url(key) for name, key in read_json(listed.officers_file).items()}
    first = read_trust_list(read_json(listed.file), officers)

    newer = succeed(first, listed.signed("AB", seq=2, now=NOON), officers)

    assert [ca.name for ca in first.cas] == ["云台演示证书发证机构"]
    assert [ca.name for ca in newer.cas] == ["云台演示证书发证机构", "海州演示数字证书认证中心"]
