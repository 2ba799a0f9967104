"""Certificates on SM2 and P-256, and the chain from a person's up to a root of a trusted CA.

`cryptography` parses them; keys and signatures are checked through `keys`, since it cannot load SM2 keys.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509

from yuntai.trust import der
from yuntai.trust.keys import SIGNATURE_OIDS, PublicKey, UnknownKey, read_public_key
from yuntai.trust.profiles import BROKEN
from yuntai.trust.refusals import BadCertificate

LONGEST_CHAIN = 4  # certificates above the person's
_EXPLICIT_VERSION = 0xA0
_KEY_AT = 6  # in a certificate that begins with its version
_UNUSABLE_KEY = "证书密钥不是 SM2 或 P-256 密钥，请使用 SM2 或 P-256 证书。"
_Unreadable = (ValueError, TypeError, IndexError, x509.InvalidVersion, x509.DuplicateExtension)


@dataclass(frozen=True)
class Certificate:
    """A certificate whose every part could be read.  der: as it came."""

    der: bytes
    parsed: x509.Certificate
    key: PublicKey

    @property
    def is_self_issued(self) -> bool:
        return self.parsed.subject == self.parsed.issuer

    @property
    def usage(self) -> x509.KeyUsage | None:
        """Return what the key may be used for; None allows everything (RFC 5280, 4.2.1.3)."""
        try:
            return self.parsed.extensions.get_extension_for_class(x509.KeyUsage).value
        except x509.ExtensionNotFound:
            return None

    @property
    def may_issue(self) -> bool:
        constraints = self._constraints
        return bool(constraints and constraints.ca and (self.usage is None or self.usage.key_cert_sign))

    @property
    def belongs_to_a_ca(self) -> bool:
        """Does it claim to belong to a CA, whether or not it may issue?"""
        return bool(self._constraints and self._constraints.ca)

    def allows_issuers_below(self, count: int) -> bool:
        """May `count` more issuing certificates stand between this one and a person's?"""
        longest = self._constraints.path_length if self._constraints else None
        return longest is None or count <= longest

    def holds_at(self, at: datetime) -> bool:
        return self.parsed.not_valid_before_utc <= at <= self.parsed.not_valid_after_utc

    @property
    def _constraints(self) -> x509.BasicConstraints | None:
        try:
            return self.parsed.extensions.get_extension_for_class(x509.BasicConstraints).value
        except x509.ExtensionNotFound:
            return None


def read_certificate(encoded: bytes) -> Certificate:
    """Read a certificate in DER.

    :raises BadCertificate: not X.509, cut or altered in form, or with a key that is neither SM2 nor P-256.
    """
    try:
        parsed = x509.load_der_x509_certificate(encoded)
        _read_everything(parsed)
        signed = der.parts(parsed.tbs_certificate_bytes)
        if signed[0][0] != _EXPLICIT_VERSION or signed[2] != der.parts(encoded)[1]:
            raise BadCertificate(BROKEN)
        spki = signed[_KEY_AT]
    except _Unreadable as error:
        raise BadCertificate(BROKEN) from error
    try:
        return Certificate(encoded, parsed, read_public_key(spki))
    except UnknownKey as error:
        raise BadCertificate(_UNUSABLE_KEY) from error


@lru_cache(maxsize=256)
def read_trusted(encoded: bytes) -> Certificate:
    """Read a certificate of the trust list, DER or PEM; kept, since every login asks for the same few."""
    if encoded.startswith(b"-----BEGIN"):
        encoded = der.from_pem(encoded, "CERTIFICATE")
    return read_certificate(encoded)


def is_signed_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Did the issuer's key sign this certificate, with the one algorithm that belongs to such a key?

    A weaker hash would let an issuer be tricked into signing for two persons at once.
    """
    expected = SIGNATURE_OIDS[issuer.key.algorithm]
    parsed = certificate.parsed
    return parsed.signature_algorithm_oid.dotted_string == expected and _holds(
        parsed.tbs_certificate_bytes, parsed.signature, issuer.der
    )


@lru_cache(maxsize=1024)
def _holds(signed: bytes, signature: bytes, issuer: bytes) -> bool:
    """Verify once what never changes: a login would check the same two or three CA certificates six times."""
    return read_trusted(issuer).key.verifies_der(signed, signature)


def named_issuers(certificate: Certificate, pool: Sequence[Certificate]) -> list[Certificate]:
    """Return the certificates whose subject is this one's issuer, whether or not they signed it."""
    return [candidate for candidate in pool if candidate.parsed.subject == certificate.parsed.issuer]


def chains(
    certificate: Certificate, pool: Sequence[Certificate], below: int = 0
) -> Iterator[list[Certificate]]:
    """Yield each chain of issuers from the certificate's own up to a self-signed root of the pool.

    pool: the certificates of one trusted CA, roots and issuing ones.
    below: how many issuing certificates stand below already.
    """
    if below >= LONGEST_CHAIN:
        return
    for issuer in named_issuers(certificate, pool):
        may_issue = issuer.may_issue and issuer.allows_issuers_below(below)
        if not may_issue or not is_signed_by(certificate, issuer):
            continue
        if issuer.is_self_issued:
            if is_signed_by(issuer, issuer):
                yield [issuer]
            continue
        for above in chains(issuer, pool, below + 1):
            yield [issuer, *above]


def _read_everything(certificate: x509.Certificate) -> None:
    """Read what the library parses only when asked, so that malformed parts fail here and not later."""
    for part in ("subject", "issuer", "not_valid_before_utc", "not_valid_after_utc", "extensions"):
        getattr(certificate, part)
