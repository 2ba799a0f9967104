"""The sandbox issuer: one root made once, and for each demo person a key with its certificate, made once."""

import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from yuntai.city.files import read_json, write_json, write_whole
from yuntai.city.sandbox.people import Person
from yuntai.trust import issuing
from yuntai.trust.certificates import Subject

FORMAT = "yuntai-sandbox-key-v1"
NAME = "云台演示证书发证机构"
# Longer than the clock may be shifted, see clock.LONGEST_SHIFT.
CERTIFICATE_DAYS = 10 * 365
# Machines set their clocks right now and then; what was issued a moment ago must stay valid.
LEEWAY = timedelta(days=1)


@dataclass(frozen=True)
class Issuer:
    """The issuer that keeps its root and the persons' keys in `folder`."""

    folder: Path

    @property
    def roots_file(self) -> Path:
        """Return the file of the root certificate, PEM: the trust list of a sandbox city."""
        return self.folder / "roots.pem"

    def prepare(self, persons: tuple[Person, ...], *, now: datetime) -> None:
        """Make the root and every person's key and certificate where they are missing or out of date.

        now: unshifted.
        """
        root = self._root(now - LEEWAY)
        write_whole(self.roots_file, root["certificate_pem"].encode())
        present = read_json(self._people_file)
        wanted = {
            person.id: self._bundle(root, person, present.get(person.id, {}), now) for person in persons
        }
        if wanted != present:
            write_json(self._people_file, wanted, mode=0o600)

    def bundle(self, person_id: str) -> dict[str, Any]:
        """Return what the person's device keeps: key, certificate, who they are; {} for an unknown id."""
        bundle: dict[str, Any] = read_json(self._people_file).get(person_id, {})
        return bundle

    def _bundle(
        self, root: dict[str, Any], person: Person, present: dict[str, Any], now: datetime
    ) -> dict[str, Any]:
        # A certificate is for one name of one body: with either changed it would tell an untruth.
        wanted = facts(person)
        if all(present.get(name) == value for name, value in wanted.items()):
            return present
        return wanted | _keys(root, person, now - LEEWAY)

    def _root(self, now: datetime) -> dict[str, Any]:
        path = self.folder / "root.json"
        root = read_json(path)
        if not root:
            key, certificate = issuing.issue_root(NAME, now)
            root = {"private_key_pem": key.decode(), "certificate_pem": certificate.decode()}
            write_json(path, root, mode=0o600)
        return root

    @property
    def _people_file(self) -> Path:
        return self.folder / "people.json"


def facts(person: Person) -> dict[str, str]:
    """Return what a bundle says about its person, beside key and certificate."""
    return {
        "format": FORMAT,
        "id": person.id,
        "person_name": person.name,
        "organization_name": person.organization.name,
        "organization_code": person.organization.code,
        "role": person.role,
        "role_name": person.role_name,
    }


def _keys(root: dict[str, Any], person: Person, now: datetime) -> dict[str, str]:
    key = issuing.new_key_pem()
    subject = Subject(
        person_name=person.name,
        person_id=person.trust_id,
        organization_code=person.organization.code,
        organization_name=person.organization.name,
    )
    certificate = issuing.issue(
        root["private_key_pem"].encode(),
        root["certificate_pem"].encode(),
        subject=subject,
        public_key=issuing.public_key_der(key),
        now=now,
        days=CERTIFICATE_DAYS,
    )
    return {"certificate_pem": ssl.DER_cert_to_PEM_cert(certificate), "private_key_pem": key.decode()}
