"""The sandbox's certificate authorities: made once and kept, with what each has revoked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from yuntai.city.files import read_json, write_json
from yuntai.trust import sandbox_cas
from yuntai.trust.sandbox_cas import PLANS, SandboxCa

LETTERS = tuple(plan.letter for plan in PLANS)
# Machines set their clocks right now and then; what was issued a moment ago must stay valid.
LEEWAY = timedelta(days=1)
_PARTS = ("root", "root_key", "issuer", "issuer_key")


@dataclass(frozen=True)
class SandboxCas:
    """The CAs that keep their keys in `folder`."""

    folder: Path

    def prepare(self, *, now: datetime) -> None:
        """Make what is missing.  now: unshifted."""
        for plan in PLANS:
            if not read_json(self._file(plan.letter)):
                made = sandbox_cas.establish(plan, now - LEEWAY)
                kept = {part: getattr(made, part).decode() for part in _PARTS}
                write_json(self._file(plan.letter), kept, mode=0o600)

    def get(self, letter: str) -> SandboxCa:
        """Return a CA; `prepare` was called before."""
        kept = read_json(self._file(letter))
        plan = next(plan for plan in PLANS if plan.letter == letter)
        return SandboxCa(plan, **{part: kept[part].encode() for part in _PARTS})

    def revoke(self, letter: str, certificate_pem: str, *, now: datetime) -> None:
        """Revoke a certificate from `now` on; one that is revoked already stays so since then."""
        number = x509.load_pem_x509_certificate(certificate_pem.encode()).serial_number
        kept = read_json(self._revoked_file(letter))
        if f"{number:x}" not in kept:
            write_json(self._revoked_file(letter), kept | {f"{number:x}": now.isoformat()})

    def revocation_list(self, letter: str, *, now: datetime) -> bytes:
        """Return the CA's list (CRL) as of `now`, DER."""
        return sandbox_cas.revocation_list(self.get(letter).signer, self._revoked(letter), now)

    def answer_ocsp(self, letter: str, question: bytes, *, now: datetime) -> bytes:
        """Return the answer to an OCSP request, DER.

        :raises ValueError: the request cannot be read, or asks about another CA's certificate.
        """
        return sandbox_cas.answer_ocsp(self.get(letter).signer, question, self._revoked(letter), now)

    def _revoked(self, letter: str) -> dict[int, datetime]:
        kept = read_json(self._revoked_file(letter))
        return {int(number, 16): datetime.fromisoformat(at) for number, at in kept.items()}

    def _file(self, letter: str) -> Path:
        return self.folder / f"ca-{letter}.json"

    def _revoked_file(self, letter: str) -> Path:
        return self.folder / f"revoked-{letter}.json"
