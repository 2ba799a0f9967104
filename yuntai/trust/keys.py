"""Keys that sign, SM2 or P-256, behind one interface: whoever holds one need not know which it is."""

from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from yuntai.trust import der, sm2

SCALAR_BYTES = 32
SIGNATURE_BYTES = 2 * SCALAR_BYTES
_P256_OID = "1.2.840.10045.3.1.7"


class Algorithm(StrEnum):
    """How a key signs: its curve and its hash always go together here."""

    P256 = "ecdsa-p256-sha256"
    SM2 = "sm2-sm3"


SIGNATURE_OIDS = {Algorithm.P256: "1.2.840.10045.4.3.2", Algorithm.SM2: sm2.SIGNATURE_OID}
_CURVE_OIDS = {Algorithm.P256: _P256_OID, Algorithm.SM2: sm2.CURVE_OID}
_CURVES = {der.object_identifier(oid): algorithm for algorithm, oid in _CURVE_OIDS.items()}


class UnknownKey(ValueError):
    """Not an SM2 or P-256 key."""


@dataclass(frozen=True)
class PublicKey:
    """point: uncompressed, 65 bytes."""

    algorithm: Algorithm
    point: bytes

    def verifies(self, data: bytes, signature: bytes) -> bool:
        """Was `data` signed with this key?  signature: r and s as 32 bytes each; any other form is a no."""
        if len(signature) != SIGNATURE_BYTES:
            return False
        if self.algorithm is Algorithm.SM2:
            return sm2.is_valid(self.point, data, signature)
        r, s = int.from_bytes(signature[:SCALAR_BYTES]), int.from_bytes(signature[SCALAR_BYTES:])
        try:
            key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.point)
            key.verify(encode_dss_signature(r, s), data, ec.ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True

    def verifies_der(self, data: bytes, signature: bytes) -> bool:
        """As `verifies`, for a signature in DER, as certificates carry it."""
        try:
            return self.verifies(data, _raw(signature))
        except (ValueError, OverflowError):
            return False

    @property
    def der(self) -> bytes:
        """Return the key as SubjectPublicKeyInfo."""
        if self.algorithm is Algorithm.SM2:
            return sm2.public_key_der(self.point)
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.point)
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True)
class PrivateKey:
    """scalar: 32 bytes."""

    algorithm: Algorithm
    scalar: bytes

    def sign(self, data: bytes) -> bytes:
        """Return the signature, r and s as 32 bytes each."""
        if self.algorithm is Algorithm.SM2:
            return sm2.sign(self.scalar, data)
        return _raw(self.p256.sign(data, ec.ECDSA(SHA256())))

    def sign_der(self, data: bytes) -> bytes:
        """Return the signature in DER, as certificates carry it."""
        signature = self.sign(data)
        r, s = int.from_bytes(signature[:SCALAR_BYTES]), int.from_bytes(signature[SCALAR_BYTES:])
        return encode_dss_signature(r, s)

    @property
    def p256(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(self.scalar), ec.SECP256R1())

    @property
    def public(self) -> PublicKey:
        if self.algorithm is Algorithm.SM2:
            return PublicKey(Algorithm.SM2, sm2.public_key(self.scalar))
        point = self.p256.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return PublicKey(Algorithm.P256, point)

    @property
    def pem(self) -> bytes:
        """Return the key as PKCS#8 PEM without a password."""
        if self.algorithm is Algorithm.SM2:
            return der.to_pem(sm2.private_key_der(self.scalar), "PRIVATE KEY")
        return self.p256.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def new_private_key(algorithm: Algorithm) -> PrivateKey:
    if algorithm is Algorithm.SM2:
        return PrivateKey(algorithm, sm2.new_private_key())
    numbers = ec.generate_private_key(ec.SECP256R1()).private_numbers()
    return PrivateKey(algorithm, numbers.private_value.to_bytes(SCALAR_BYTES))


def read_private_key(pem: bytes) -> PrivateKey:
    """Read PKCS#8 PEM without a password.

    :raises UnknownKey: it holds no SM2 or P-256 key.
    """
    try:
        encoded = der.from_pem(pem, "PRIVATE KEY")
        _, algorithm, inside, *_ = der.parts(encoded)
        if _algorithm_of(algorithm) is Algorithm.SM2:
            scalar = der.content(der.parts(der.content(inside))[1])
            sm2.public_key(scalar)
            return PrivateKey(Algorithm.SM2, scalar)
        key = load_der_private_key(encoded, password=None)
    except (ValueError, TypeError, IndexError) as error:
        raise UnknownKey("The PEM text holds no SM2 or P-256 private key.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise UnknownKey("The PEM text holds no SM2 or P-256 private key.")
    return PrivateKey(Algorithm.P256, key.private_numbers().private_value.to_bytes(SCALAR_BYTES))


def read_public_key(spki: bytes) -> PublicKey:
    """Read SubjectPublicKeyInfo.

    :raises UnknownKey: it holds no SM2 or P-256 key, or no point of its curve.
    """
    try:
        algorithm, bits = der.parts(spki)
        if _algorithm_of(algorithm) is Algorithm.SM2:
            return _sm2_public_key(spki, der.content(bits)[1:])
        key = load_der_public_key(spki)
    except ValueError as error:
        raise UnknownKey("No SM2 or P-256 public key.") from error
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise UnknownKey("No SM2 or P-256 public key.")
    return PublicKey(Algorithm.P256, key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _sm2_public_key(spki: bytes, point: bytes) -> PublicKey:
    sm2.check_point(point)
    if spki != sm2.public_key_der(point):  # one key has one form
        raise UnknownKey("The SM2 key is not written in the one form that is taken.")
    return PublicKey(Algorithm.SM2, point)


def _algorithm_of(identifier: bytes) -> Algorithm:
    """Return which key an AlgorithmIdentifier announces; RSA and other curves raise."""
    oid, *parameters = der.parts(identifier)
    if oid != der.object_identifier(sm2.EC_KEY_OID) or len(parameters) != 1 or parameters[0] not in _CURVES:
        raise UnknownKey("Neither SM2 nor P-256.")
    return _CURVES[parameters[0]]


def _raw(signature: bytes) -> bytes:
    r, s = decode_dss_signature(signature)
    return r.to_bytes(SCALAR_BYTES) + s.to_bytes(SCALAR_BYTES)
