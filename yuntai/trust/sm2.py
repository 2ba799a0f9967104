"""SM2 by GB/T 32918: signatures with SM3 (part 2) and public key encryption (part 4, in the order C1 C3 C2).

Keys are raw: private scalars of 32 bytes, public points of 65 bytes beginning with 04.
"""

import hmac
import secrets
from collections.abc import Iterable
from itertools import count

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SM3, Hash

from yuntai.trust import der, libcrypto

ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
PRIVATE_KEY_BYTES = 32
PUBLIC_KEY_BYTES = 65
DIGEST_BYTES = 32
# Every Chinese CA signs under this ID, so that a signature can be checked without asking whose it is.
IDENTIFIER = b"1234567812345678"

EC_KEY_OID, CURVE_OID = "1.2.840.10045.2.1", "1.2.156.10197.1.301"
SIGNATURE_OID = "1.2.156.10197.1.501"
_ALGORITHM = der.sequence(der.object_identifier(EC_KEY_OID), der.object_identifier(CURVE_OID))


class CannotDecrypt(ValueError):
    """The ciphertext was not made for this key, or was altered."""


def sm3(*parts: bytes) -> bytes:
    """Return the SM3 hash (GB/T 32905) of the parts one after another, 32 bytes."""
    digest = Hash(SM3())
    for part in parts:
        digest.update(part)
    return digest.finalize()


def new_private_key() -> bytes:
    return (secrets.randbelow(ORDER - 2) + 1).to_bytes(PRIVATE_KEY_BYTES)


def public_key(private_key: bytes) -> bytes:
    """Return the point of a private key.

    :raises ValueError: the number is no scalar of the curve.
    """
    scalar = int.from_bytes(private_key)
    if len(private_key) != PRIVATE_KEY_BYTES or not 0 < scalar < ORDER - 1:
        raise ValueError("An SM2 private key lies between 1 and the curve's order less two.")
    return libcrypto.multiply(scalar)


def check_point(point: bytes) -> None:
    """Refuse what is no public key.

    :raises ValueError: not 65 bytes beginning with 04, or no point of the curve.
    """
    libcrypto.multiply(1, point)


def sign(private_key: bytes, data: bytes, identifier: bytes = IDENTIFIER) -> bytes:
    """Return the signature, r and s as 32 bytes each."""
    r, s = decode_dss_signature(libcrypto.sign_sm3(private_key_der(private_key), data, identifier))
    return r.to_bytes(PRIVATE_KEY_BYTES) + s.to_bytes(PRIVATE_KEY_BYTES)


def is_valid(public: bytes, data: bytes, signature: bytes, identifier: bytes = IDENTIFIER) -> bool:
    """Was `data` signed by the holder of `public`?  A signature of the wrong length is a no.

    :raises ValueError: `public` is no point of the curve.
    """
    if len(signature) != 2 * PRIVATE_KEY_BYTES:
        return False
    r, s = int.from_bytes(signature[:PRIVATE_KEY_BYTES]), int.from_bytes(signature[PRIVATE_KEY_BYTES:])
    return libcrypto.verify_sm3(public_key_der(public), data, encode_dss_signature(r, s), identifier)


def encrypt(public: bytes, plaintext: bytes, ephemerals: Iterable[int]) -> bytes:
    """Return the ciphertext: point (65 bytes), check value (32), masked plaintext.

    plaintext: at least one byte.
    ephemerals: candidates for the one-time scalar; the first usable one is taken, so that the same candidates
        give the same ciphertext.  Each must be as secret as the plaintext and never serve twice.

    :raises ValueError: `public` is no point of the curve.
    """
    for scalar in ephemerals:
        if not 0 < scalar < ORDER:
            continue
        x, y = _coordinates(libcrypto.multiply(scalar, public))
        mask = _mask(x + y, len(plaintext))
        if any(mask):  # else the plaintext would stand in clear; the standard asks for another scalar
            return libcrypto.multiply(scalar) + sm3(x, plaintext, y) + _xor(plaintext, mask)
    raise ValueError("None of the candidates is a scalar of the SM2 curve.")


def decrypt(private_key: bytes, ciphertext: bytes) -> bytes:
    """Return the plaintext.

    :raises CannotDecrypt: wrong key or altered bytes.
    """
    point, rest = ciphertext[:PUBLIC_KEY_BYTES], ciphertext[PUBLIC_KEY_BYTES:]
    check, masked = rest[:DIGEST_BYTES], rest[DIGEST_BYTES:]
    try:
        x, y = _coordinates(libcrypto.multiply(int.from_bytes(private_key), point))
    except ValueError as error:
        raise CannotDecrypt("The ciphertext does not begin with a point of the curve.") from error
    plaintext = _xor(masked, _mask(x + y, len(masked)))
    if not masked or not hmac.compare_digest(sm3(x, plaintext, y), check):
        raise CannotDecrypt("The ciphertext was not made for this key, or was altered.")
    return plaintext


def public_key_der(public: bytes) -> bytes:
    """Return the key as SubjectPublicKeyInfo."""
    return der.sequence(_ALGORITHM, der.bit_string(public))


def private_key_der(private_key: bytes) -> bytes:
    """Return the key as PKCS#8, its public half with it."""
    inside = der.sequence(
        der.integer(1),
        der.octet_string(private_key),
        der.tagged(1, der.bit_string(public_key(private_key))),
    )
    return der.sequence(der.integer(0), _ALGORITHM, der.octet_string(inside))


def _coordinates(point: bytes) -> tuple[bytes, bytes]:
    return point[1:33], point[33:]


def _mask(shared: bytes, length: int) -> bytes:
    """The key derivation function of GB/T 32918.3, 5.4.3."""
    blocks = -(-length // DIGEST_BYTES)
    return b"".join(sm3(shared, number.to_bytes(4)) for number in range(1, blocks + 1))[:length]


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def random_ephemerals() -> Iterable[int]:
    """Draw candidates for `encrypt`."""
    return (secrets.randbelow(ORDER) for _ in count())
