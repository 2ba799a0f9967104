"""The sandbox's trust list (互认名单): two officers sign which of its CAs the city recognises."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from yuntai.city.files import read_json, write_json
from yuntai.city.sandbox.cas import LEEWAY, SandboxCas
from yuntai.trust import signing
from yuntai.trust.base64url import base64url, from_base64url
from yuntai.trust.trust_list import TrustListDocument, sign_trust_list

SCHEME = "云台演示城市证书互认名单"
OFFICERS = ("名单管理员甲（演示）", "名单管理员乙（演示）")
# Longer than the clock may be shifted, see clock.LONGEST_SHIFT.
LASTS = timedelta(days=10 * 365)


@dataclass(frozen=True)
class SandboxTrustList:
    """The list and its officers' keys in `folder`.  sandbox_url: where the CAs answer."""

    folder: Path
    sandbox_url: str

    @property
    def file(self) -> Path:
        """Return the file of the version that every system starts with."""
        return self.folder / "trust-list.json"

    @property
    def officers_file(self) -> Path:
        """Return the file of the officers' public keys, by name."""
        return self.folder / "officers.json"

    def prepare(self, letters: Iterable[str], *, now: datetime) -> None:
        """Make officers and first version where they are missing.

        letters: which CAs are recognised in it.  now: unshifted.
        """
        if not self._keys_file.exists():
            keys = {name: base64url(signing.new_private_key()) for name in OFFICERS}
            write_json(self._keys_file, keys, mode=0o600)
        public = {name: base64url(signing.public_key(key)) for name, key in self._keys().items()}
        write_json(self.officers_file, public)
        if not self.file.exists():
            write_json(self.file, self.signed(letters, seq=1, now=now))

    def signed(self, letters: Iterable[str], *, seq: int, now: datetime) -> dict[str, Any]:
        """Return a version signed by both officers; what version 1 says of a CA it says too.

        letters: which CAs stand in it.
        """
        known = {entry["ca"]: entry for entry in read_json(self.file).get("list", {}).get("entries", [])}
        cas = SandboxCas(self.folder)
        entries = []
        for letter in letters:
            addresses = {
                "crl": f"{self.sandbox_url}/ca/{letter}/revoked.crl",
                "ocsp": f"{self.sandbox_url}/ca/{letter}/ocsp",
            }
            ca = cas.get(letter)
            entries.append(known.get(ca.plan.name) or ca.entry(since=now - LEEWAY, addresses=addresses))
        document = TrustListDocument.model_validate(
            {
                "format": "yuntai-trust-list-v1",
                "scheme": SCHEME,
                "seq": seq,
                "issued": now,
                "next_update": now + LASTS,
                "entries": entries,
            }
        )
        return sign_trust_list(document, self._keys())

    def _keys(self) -> dict[str, bytes]:
        return {name: from_base64url(key) for name, key in read_json(self._keys_file).items()}

    @property
    def _keys_file(self) -> Path:
        return self.folder / "officers-keys.json"
