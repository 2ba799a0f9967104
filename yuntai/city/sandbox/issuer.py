"""The sandbox issuer: for each demo person a key with a certificate of that person's CA, made once."""

import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from yuntai.city.files import read_json, write_json
from yuntai.city.sandbox.cas import LEEWAY, SandboxCas
from yuntai.city.sandbox.people import Person, ca_name
from yuntai.trust import issuing
from yuntai.trust.certificates import Subject

FORMAT = "yuntai-sandbox-key-v1"
# Longer than the clock may be shifted, see clock.LONGEST_SHIFT.
CERTIFICATE_DAYS = 10 * 365


@dataclass(frozen=True)
class Issuer:
    """The issuer that keeps the persons' keys in `folder`, beside the CAs'."""

    folder: Path

    def prepare(self, persons: tuple[Person, ...], *, now: datetime) -> None:
        """Make the CAs, and every person's key and certificate, where they are missing or out of date.

        now: unshifted.
        """
        self._cas.prepare(now=now)
        present = read_json(self._people_file)
        wanted = {person.id: self._bundle(person, present.get(person.id, {}), now) for person in persons}
        if wanted != present:
            write_json(self._people_file, wanted, mode=0o600)

    def bundle(self, person_id: str) -> dict[str, Any]:
        """Return what the person's device keeps: key, certificate, who they are; {} for an unknown id."""
        bundle: dict[str, Any] = read_json(self._people_file).get(person_id, {})
        return bundle

    def renew(self, person: Person, *, now: datetime) -> None:
        """Give the person a new key and certificate; the old one stays valid until it is revoked."""
        present = read_json(self._people_file)
        renewed = facts(person) | self._keys(person, now - LEEWAY)
        write_json(self._people_file, present | {person.id: renewed}, mode=0o600)

    def revoke(self, person: Person, *, now: datetime) -> None:
        """Have the person's CA revoke the certificate that the person has now."""
        self._cas.revoke(person.ca, self.bundle(person.id)["certificate_pem"], now=now)

    def _bundle(self, person: Person, present: dict[str, Any], now: datetime) -> dict[str, Any]:
        # A certificate is for one name of one body: with either changed it would tell an untruth.
        wanted = facts(person)
        if all(present.get(name) == value for name, value in wanted.items()):
            return present
        return wanted | self._keys(person, now - LEEWAY)

    def _keys(self, person: Person, now: datetime) -> dict[str, str]:
        ca = self._cas.get(person.ca)
        key = issuing.new_key_pem(ca.plan.algorithm)
        subject = Subject(
            person_name=person.name,
            person_id=person.person_id,
            organization_code=person.organization.code,
            organization_name=person.organization.name,
        )
        certificate = issuing.issue_by(
            ca.signer, subject, public_key=issuing.public_key_der(key), now=now, days=CERTIFICATE_DAYS
        )
        return {"certificate_pem": ssl.DER_cert_to_PEM_cert(certificate), "private_key_pem": key.decode()}

    @property
    def _cas(self) -> SandboxCas:
        return SandboxCas(self.folder)

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
        "ca": person.ca,
        "ca_name": ca_name(person),
        "role": person.role,
        "role_name": person.role_name,
    }
