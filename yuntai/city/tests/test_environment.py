"""What each process is told: all it needs, and no secret of another."""

import base64
import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from yuntai.city.database import DatabaseAccess
from yuntai.city.environment import Environments
from yuntai.city.folder import PROJECT, CityFolder
from yuntai.city.programs import Programs
from yuntai.city.sandbox.people import demo_people
from yuntai.city.topology import System, Topology, read_topology, topology_file
from yuntai.trust import signing

TOPOLOGY = read_topology(topology_file({}))
MACHINE = {
    "PATH": "/bin",
    "HOME": "/home/x",
    "YUNTAI_DATABASE_URL": "postgresql://admin:secret@db/postgres",
    "HTTP_PROXY": "http://proxy",
    "DJANGO_SETTINGS_MODULE": "mine",
}


@pytest.fixture
def folder(tmp_path: Path) -> CityFolder:
    made = CityFolder(tmp_path / "city")
    made.prepare()
    return made


@pytest.fixture
def environments(folder: CityFolder) -> Environments:
    return Environments(TOPOLOGY, folder, MACHINE)


def access_of(system: System) -> DatabaseAccess:
    name = system.database
    return DatabaseAccess("127.0.0.1", "15432", name, name, Path("/p"), f"{name}_owner", Path("/o"))


def system_of(kind: str) -> System:
    return TOPOLOGY.of_kind(kind)[0]


def environment_of(environments: Environments, kind: str) -> dict[str, str]:
    return environments.of_system(system_of(kind), access_of(system_of(kind)))


def common(folder: CityFolder) -> dict[str, str]:
    return {
        "PATH": "/bin",
        "HOME": "/home/x",
        "NO_PROXY": "localhost,127.0.0.1",
        "PYTHONPATH": str(PROJECT),
        "PYTHONUNBUFFERED": "1",
        "YUNTAI_PROCESS_OF": str(folder.home),
        "YUNTAI_CITY_DIR": str(folder.home),
        "YUNTAI_SANDBOX": "1",
        "YUNTAI_CLOCK_FILE": str(folder.home / "clock.json"),
    }


def test_a_trading_system_is_told_everything(environments: Environments, folder: CityFolder) -> None:
    told = environment_of(environments, "trading")

    secrets = folder.secrets
    assert told == common(folder) | {
        "SYSTEM_CODE": "trading-construction",
        "SYSTEM_TITLE": "工程建设电子交易系统",
        "SECRET_KEY_FILE": str(secrets / "trading-construction.secret-key"),
        "SIGNING_KEY_FILE": str(secrets / "trading-construction.signing-key"),
        "PSEUDONYM_KEY_FILE": str(secrets / "trading-construction.pseudonym-key"),
        "LOGIN_CLIENT_SECRET_FILE": str(secrets / "trading-construction.login-secret"),
        "PEERS_FILE": str(folder.home / "peers.json"),
        "HOLDERS_FILE": str(folder.home / "holders" / "trading-construction" / "holders.json"),
        "SEALING_SUITE": "international-1",
        "EXPERTS_FILE": str(folder.home / "experts.json"),
        "TRUST_LIST_FILE": str(folder.home / "sandbox" / "trust-list.json"),
        "TRUST_OFFICERS_FILE": str(folder.home / "sandbox" / "officers.json"),
        "FILES_DIR": str(folder.home / "files" / "trading-construction"),
        "STATIC_ROOT": str(folder.home / "static" / "trading-construction"),
        "PUBLIC_URL": "http://localhost:8010",
        "PLATFORM_URL": "http://localhost:8000",
        "SANDBOX_URL": "http://localhost:8090",
        "TRADING_INDUSTRY": "construction",
        "PLATFORM_NUMBER": "0001",
        "OPERATOR_CODE": "91320700YT000002XA",
        "OPERATOR_NAME": "云台电子交易运营有限公司（演示）",
        "AUTHORITY_CODE": "11320700YT0000038J",
        "AUTHORITY_NAME": "连云港市住房和城乡建设局（演示）",
        "DB_HOST": "127.0.0.1",
        "DB_PORT": "15432",
        "DB_NAME": "trading_construction",
        "DB_USER": "trading_construction",
        "DB_PASSWORD_FILE": "/p",
    }


def test_only_a_trading_system_gets_pseudonym_key_and_holders(environments: Environments) -> None:
    for kind in ("publicservice", "supervision"):
        told = environment_of(environments, kind)
        assert not {"PSEUDONYM_KEY_FILE", "HOLDERS_FILE", "TRADING_INDUSTRY"} & set(told)
    assert environment_of(environments, "supervision")["SUPERVISION_INDUSTRY"] == "construction"
    assert environment_of(environments, "supervision")["AUTHORITY_CODE"] == "11320700YT0000038J"
    assert "SUPERVISION_INDUSTRY" not in environment_of(environments, "publicservice")


def test_only_migrations_are_told_the_owner_of_the_tables(environments: Environments) -> None:
    system = system_of("trading")

    running = environments.of_system(system, access_of(system))
    migrating = environments.of_owner(system, access_of(system))

    assert {name: value for name, value in migrating.items() if running.get(name) != value} == {
        "DB_OWNER_USER": "trading_construction_owner",
        "DB_OWNER_PASSWORD_FILE": "/o",
    }


def test_no_two_systems_share_a_secret(environments: Environments) -> None:
    told = [environment_of(environments, kind) for kind in ("publicservice", "trading", "supervision")]

    for name in ("SECRET_KEY_FILE", "SIGNING_KEY_FILE"):
        files = [Path(environment[name]) for environment in told]
        assert len({file.read_text() for file in files}) == 3
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_the_platform_knows_who_may_ask_for_a_login_and_none_of_their_secrets(
    environments: Environments, folder: CityFolder
) -> None:
    environments.write_lists()

    told = environment_of(environments, "publicservice")
    listed = json.loads(Path(told["LOGIN_CLIENTS_FILE"]).read_text())
    secret = Path(environment_of(environments, "trading")["LOGIN_CLIENT_SECRET_FILE"])
    assert [(row["client_id"], row["redirect_uris"]) for row in listed] == [
        ("trading-construction", ["http://localhost:8010/login/platform/return"]),
        ("supervision-construction", ["http://localhost:8020/login/platform/return"]),
    ]
    assert listed[0]["secret_sha256"] == sha256(secret.read_bytes()).hexdigest()
    assert (secret.stat().st_mode & 0o777, Path(told["LOGIN_KEY_FILE"]).stat().st_mode & 0o777) == (
        0o600,
        0o600,
    )
    assert "LOGIN_CLIENT_SECRET_FILE" not in told
    assert not {"LOGIN_KEY_FILE", "LOGIN_CLIENTS_FILE"} & set(environment_of(environments, "supervision"))


def test_secrets_stay_the_same_over_starts(environments: Environments, folder: CityFolder) -> None:
    first = Path(environment_of(environments, "trading")["SIGNING_KEY_FILE"]).read_text()
    environments.write_lists()
    listed = folder.peers_file.read_text()

    again = Environments(TOPOLOGY, folder, MACHINE)
    again.write_lists()

    assert Path(environment_of(again, "trading")["SIGNING_KEY_FILE"]).read_text() == first
    assert folder.peers_file.read_text() == listed


def test_peers_are_listed_with_their_keys(environments: Environments, folder: CityFolder) -> None:
    environments.write_lists()

    peers = json.loads(folder.peers_file.read_text())
    assert [(peer["code"], peer["kind"], peer["industry"], peer["url"]) for peer in peers] == [
        ("publicservice", "publicservice", "", "http://localhost:8000"),
        ("trading-construction", "trading", "construction", "http://localhost:8010"),
        ("supervision-construction", "supervision", "construction", "http://localhost:8020"),
        ("history-archive", "connected", "", ""),
    ]
    assert [(peer["operator"], peer["contact"]) for peer in peers] == [
        ("连云港市公共资源交易中心（演示）", "信息科值守岗（演示）"),
        ("云台电子交易运营有限公司（演示）", "运行部值守岗（演示）"),
        ("连云港市住房和城乡建设局（演示）", "招标投标监管科（演示）"),
        ("连云港市公共资源交易中心（演示）", "档案管理岗（演示）"),
    ]
    assert [peer["platform_number"] for peer in peers] == ["", "0001", "", ""]
    assert [peer["region"] for peer in peers] == ["320700", "320700", "", "320700"]
    assert [peer["operator_code"] for peer in peers] == [
        *(system.keeper.code for system in TOPOLOGY.systems),
        "",
    ]
    for peer in peers:
        private = signing.load_private(folder.secrets / f"{peer['code']}.signing-key")
        assert decoded(peer["public_key"]) == signing.public_key(private)


def test_experts_are_listed_as_their_certificates_name_them(
    environments: Environments, folder: CityFolder
) -> None:
    environments.write_lists()

    expert = next(person for person in demo_people(TOPOLOGY) if person.role == "expert")
    assert json.loads(folder.experts_file.read_text()) == [
        {"organization_code": expert.organization.code, "person_id": expert.trust_id, "name": "钱专家"}
    ]


def test_holders_are_listed_with_their_keys(environments: Environments, folder: CityFolder) -> None:
    environments.write_lists()

    holders = json.loads(folder.holders_file("trading-construction").read_text())
    assert list(holders) == ["T", "P", "C", "R"]
    assert holders["R"]["name"] == "连云港市演示公证处"
    for letter, holder in holders.items():
        own = signing.load_private(folder.holder("trading-construction", letter) / "signing.key")
        assert decoded(holder["public_key"]) == signing.public_key(own)


def test_programs_of_the_city(folder: CityFolder) -> None:
    programs = programs_of(TOPOLOGY, folder)

    names = [[program.name for program in stage.programs] for stage in programs.stages()]
    assert names == [
        ["sandbox"],
        ["publicservice-web", "trading-construction-web", "supervision-construction-web"],
        [
            "publicservice-worker",
            "trading-construction-worker",
            "supervision-construction-worker",
        ],
        [
            "trading-construction-holder-T",
            "trading-construction-holder-P",
            "trading-construction-holder-C",
            "trading-construction-holder-R",
        ],
    ]
    prepared = [[program.name for program in stage.programs] for stage in programs.preparations()]
    assert prepared[0][1] == "trading-construction-migrate"
    assert prepared[1][1] == "trading-construction-collectstatic"
    assert prepared[2] == ["publicservice-take-over-systems"]


def test_only_migrations_and_no_service_can_become_the_owner(folder: CityFolder) -> None:
    programs = programs_of(TOPOLOGY, folder)

    running = [program for stage in programs.stages() for program in stage.programs]
    assert not any("DB_OWNER_PASSWORD_FILE" in program.environment for program in running)
    migrations, _, taking_over = programs.preparations()
    assert all("DB_OWNER_PASSWORD_FILE" in program.environment for program in migrations.programs)
    assert "DB_OWNER_PASSWORD_FILE" not in taking_over.programs[0].environment


def test_holders_know_the_trading_systems_key_and_no_database(folder: CityFolder) -> None:
    programs = programs_of(TOPOLOGY, folder)

    holders = programs.stages()[3].programs
    key = signing.public_key(signing.load_private(folder.secrets / "trading-construction.signing-key"))
    assert all(key.hex() in program.command for program in holders)
    assert ["--keys-only" in program.command for program in holders] == [False, False, False, True]
    assert not any(name.startswith("DB_") for program in holders for name in program.environment)


def programs_of(topology: Topology, folder: CityFolder) -> Programs:
    shutil.rmtree(folder.home / "holders")
    (folder.home / "holders").mkdir()
    access = {system.code: access_of(system) for system in topology.systems}
    return Programs(topology, topology_file({}), folder, access)


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
