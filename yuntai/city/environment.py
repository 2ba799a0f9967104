"""The environment of each process of the city: exactly what it must know, secrets by file.

A process gets the few variables of this machine that programs need and nothing else of the caller's
environment, least of all the address of the database's administrator.
"""

import base64
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from yuntai.city.database import DatabaseAccess
from yuntai.city.files import write_json
from yuntai.city.folder import PROJECT, CityFolder
from yuntai.city.sandbox.people import demo_people
from yuntai.city.sandbox.trust_list import SandboxTrustList
from yuntai.city.topology import HolderSeat, System, Topology
from yuntai.city.vault import Vault
from yuntai.trust import signing
from yuntai.trust.base64url import base64url
from yuntai.trust.certificates import new_key_pem

PASSED_ON = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "USER", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")
# Set for every process of a city, so that a later start can find what a killed one left.
MARK = "YUNTAI_PROCESS_OF"


class Environments:
    """Builds the environments of one city; keys it needs are made once and kept."""

    def __init__(
        self, topology: Topology, folder: CityFolder, machine: Mapping[str, str] = os.environ
    ) -> None:
        self._topology = topology
        self._folder = folder
        self._vault = Vault(folder.secrets)
        self._machine = machine

    def write_lists(self) -> None:
        """Write the lists that several processes read: systems, login clients, experts, holders of keys."""
        write_json(self._folder.login_clients_file, self._login_clients())
        write_json(self._folder.experts_file, self._experts())
        write_json(
            self._folder.peers_file,
            [self._peer(system) for system in self._topology.systems] + self._others(),
        )
        for system in self._topology.of_kind("trading"):
            seats = self._topology.holders
            for seat in seats:
                self._folder.holder(system.code, seat.letter).mkdir(parents=True, exist_ok=True)
            rows = {
                seat.letter: {"name": seat.name, "public_key": self._holder_key(system, seat)}
                for seat in seats
            }
            write_json(self._folder.holders_file(system.code), rows)

    def common(self) -> dict[str, str]:
        """Return what every process of the city gets."""
        passed = {name: self._machine[name] for name in PASSED_ON if name in self._machine}
        return passed | {
            MARK: str(self._folder.home),
            "PYTHONPATH": str(PROJECT),
            "PYTHONUNBUFFERED": "1",
            "NO_PROXY": "localhost,127.0.0.1",  # a proxy of the machine must not see local calls
            "YUNTAI_CITY_DIR": str(self._folder.home),
            "YUNTAI_SANDBOX": "1",
            "YUNTAI_CLOCK_FILE": str(self._folder.clock_file),
        }

    def of_system(self, system: System, access: DatabaseAccess) -> dict[str, str]:
        """Return what the web and the worker process of `system` get; see `of_owner` for its migrations."""
        return self.common() | self._identity(system) | self._variant(system) | self._database(access)

    def of_owner(self, system: System, access: DatabaseAccess) -> dict[str, str]:
        """Return what the migrations of `system` get: beside the rest, the owner of its tables."""
        return self.of_system(system, access) | {
            "DB_OWNER_USER": access.owner_user,
            "DB_OWNER_PASSWORD_FILE": str(access.owner_password_file),
        }

    def of_sandbox(self) -> dict[str, str]:
        """Return what the sandbox service gets."""
        return self.common()

    def of_holder(self) -> dict[str, str]:
        """Return what a keeper of opening keys gets."""
        return self.common()

    def public_key(self, code: str) -> bytes:
        """Return the Ed25519 public key of the system `code`, one that the city runs or a connected one."""
        return signing.public_key(signing.load_private(self._vault.file(f"{code}.signing-key", _signing_key)))

    def _identity(self, system: System) -> dict[str, str]:
        files, static = self._folder.home / "files" / system.code, self._folder.home / "static" / system.code
        files.mkdir(parents=True, exist_ok=True)
        trusted = SandboxTrustList(self._folder.sandbox, self._topology.sandbox_url)
        return {
            "SYSTEM_CODE": system.code,
            "SYSTEM_TITLE": system.title,
            "SECRET_KEY_FILE": str(self._vault.password(f"{system.code}.secret-key")),
            "SIGNING_KEY_FILE": str(self._vault.file(f"{system.code}.signing-key", _signing_key)),
            "PEERS_FILE": str(self._folder.peers_file),
            "TRUST_LIST_FILE": str(trusted.file),
            "TRUST_OFFICERS_FILE": str(trusted.officers_file),
            "FILES_DIR": str(files),
            "STATIC_ROOT": str(static),
            "PUBLIC_URL": system.url,
            "SANDBOX_URL": self._topology.sandbox_url,
            "PLATFORM_URL": self._topology.platform.url,
            "OPERATOR_CODE": system.keeper.code,
            "OPERATOR_NAME": system.keeper.name,
        }

    def _variant(self, system: System) -> dict[str, str]:
        """Return what only one kind of system gets."""
        if system.kind == "publicservice":
            return {
                "LOGIN_KEY_FILE": str(self._vault.file(f"{system.code}.login-key", _login_key)),
                "LOGIN_CLIENTS_FILE": str(self._folder.login_clients_file),
            }
        authorities = [
            supervision.keeper
            for supervision in self._topology.of_kind("supervision")
            if supervision.industry == system.industry
        ]
        variant = {
            f"{system.kind.upper()}_INDUSTRY": system.industry,
            "LOGIN_CLIENT_SECRET_FILE": str(self._login_secret(system)),
        }
        for authority in authorities:
            variant |= {"AUTHORITY_CODE": authority.code, "AUTHORITY_NAME": authority.name}
        if system.kind == "trading":
            variant["SEALING_SUITE"] = system.suite
            variant["PLATFORM_NUMBER"] = system.platform_number
            variant["EXPERTS_FILE"] = str(self._folder.experts_file)
            variant["HOLDERS_FILE"] = str(self._folder.holders_file(system.code))
            variant["PSEUDONYM_KEY_FILE"] = str(self._vault.key(f"{system.code}.pseudonym-key"))
        return variant

    def _login_clients(self) -> list[dict[str, object]]:
        """Return which systems may ask the platform who has logged in; it needs to know no secret."""
        return [
            {
                "client_id": system.code,
                "secret_sha256": sha256(self._login_secret(system).read_bytes().strip()).hexdigest(),
                "redirect_uris": [f"{system.url}/login/platform/return"],
            }
            for system in self._topology.systems
            if system.kind != "publicservice"
        ]

    def _login_secret(self, system: System) -> Path:
        return self._vault.password(f"{system.code}.login-secret")

    def _database(self, access: DatabaseAccess) -> dict[str, str]:
        return {
            "DB_HOST": access.host,
            "DB_PORT": access.port,
            "DB_NAME": access.name,
            "DB_USER": access.user,
            "DB_PASSWORD_FILE": str(access.password_file),
        }

    def _peer(self, system: System) -> dict[str, str]:
        return {
            "code": system.code,
            "title": system.title,
            "kind": system.kind,
            "industry": system.industry,
            "url": system.url,
            "public_key": _text(self.public_key(system.code)),
            "platform_number": system.platform_number,
            "operator": system.keeper.name,
            "contact": system.contact,
            "operator_code": system.keeper.code,
            "region": system.region,
        }

    def _others(self) -> list[dict[str, str]]:
        return [
            {
                "code": connected.code,
                "title": connected.title,
                "kind": "connected",
                "industry": "",
                "url": "",
                "public_key": _text(self.public_key(connected.code)),
                "platform_number": "",
                "operator": connected.operator,
                "contact": connected.contact,
                "operator_code": "",
                "region": self._topology.region,
            }
            for connected in self._topology.connected
        ]

    def _experts(self) -> list[dict[str, str]]:
        """Return what an expert bank tells a trading system: whose certificates are experts'."""
        return [
            {"organization_code": person.organization.code, "person_id": person.trust_id, "name": person.name}
            for person in demo_people(self._topology)
            if person.role == "expert"
        ]

    def _holder_key(self, system: System, seat: HolderSeat) -> str:
        own = Vault(self._folder.holder(system.code, seat.letter))
        return _text(signing.public_key(signing.load_private(own.file("signing.key", _signing_key))))


def _signing_key() -> str:
    return base64.b64encode(signing.new_private_key()).decode()


def _login_key() -> str:
    return new_key_pem().decode()


def _text(public_key: bytes) -> str:
    return base64url(public_key)
