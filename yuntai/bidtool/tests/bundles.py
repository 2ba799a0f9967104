"""Key files of made-up persons, all issued by one root."""

import ssl
from datetime import UTC, datetime
from typing import Any

from yuntai.standard.identifiers import credit_code
from yuntai.trust import issuing
from yuntai.trust.identities import Subject

ISSUED = datetime(2026, 1, 1, tzinfo=UTC)


class Issuer:
    def __init__(self) -> None:
        self._key, self.root = issuing.issue_root("演示发证机构", ISSUED)

    def bundle(self, person_name: str, organization_name: str, *, serial: int) -> dict[str, Any]:
        """Return a person's key file, as the sandbox hands it out."""
        key, code = issuing.new_key_pem(), credit_code.make("320700", serial)
        subject = Subject(person_name, f"person-{serial}", code, organization_name)
        public_key = issuing.public_key_der(key)
        der = issuing.issue(
            self._key, self.root, subject=subject, public_key=public_key, now=ISSUED, days=365
        )
        return {
            "format": "yuntai-sandbox-key-v1",
            "id": f"person-{serial}",
            "person_name": person_name,
            "organization_name": organization_name,
            "organization_code": code,
            "certificate_pem": ssl.DER_cert_to_PEM_cert(der),
            "private_key_pem": key.decode(),
        }
