"""Hybrid public key encryption, RFC 9180: base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-GCM.

Only the sender's side is written here, because the stock one of `cryptography` draws its own ephemeral key
and a sealed bid must be computable again from its key.  Reading is left to the stock implementation.
"""

import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke as stock
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PUBLIC_KEY_BYTES = 65
PRIVATE_KEY_BYTES = 32
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_KEM_ID, _KDF_ID = 0x0010, 0x0001
_KEM = b"KEM" + _KEM_ID.to_bytes(2)


@dataclass(frozen=True)
class Aead:
    """identifier: of RFC 9180 table 5.  key_bytes: length of its key."""

    identifier: int
    key_bytes: int


AES_128_GCM = Aead(0x0001, 16)
AES_256_GCM = Aead(0x0002, 32)
_STOCK = {
    AES_128_GCM: stock.Suite(stock.KEM.P256, stock.KDF.HKDF_SHA256, stock.AEAD.AES_128_GCM),
    AES_256_GCM: stock.Suite(stock.KEM.P256, stock.KDF.HKDF_SHA256, stock.AEAD.AES_256_GCM),
}


class CannotOpen(ValueError):
    """The ciphertext was not made for this key and this info, or was altered."""


def derive_key_pair(seed: bytes) -> ec.EllipticCurvePrivateKey:
    """Return the key pair DeriveKeyPair (RFC 9180, 7.1.3) makes of `seed`, at least 32 bytes."""
    prk = _labeled_extract(_KEM, b"", b"dkp_prk", seed)
    for counter in range(256):
        scalar = int.from_bytes(_labeled_expand(_KEM, prk, b"candidate", bytes([counter]), 32))
        if 0 < scalar < _ORDER:
            return ec.derive_private_key(scalar, ec.SECP256R1())
    raise ValueError("No candidate is a scalar of P-256: the chance of that is 2^-8192.")


def seal(
    public_key: bytes,
    *,
    info: bytes,
    plaintext: bytes,
    seed: bytes,
    aad: bytes = b"",
    aead: Aead = AES_256_GCM,
) -> bytes:
    """Return `enc` followed by the ciphertext.

    public_key: uncompressed point, 65 bytes.
    seed: the ephemeral key comes from it; never use one seed for two plaintexts or two recipients.
    aad: not authenticated by `open_sealed`, which takes none; the published vectors need it.

    :raises ValueError: `public_key` is no point of P-256.
    """
    ephemeral = derive_key_pair(seed)
    recipient = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    enc = raw_public_key(ephemeral.public_key())
    eae_prk = _labeled_extract(_KEM, b"", b"eae_prk", ephemeral.exchange(ec.ECDH(), recipient))
    shared_secret = _labeled_expand(_KEM, eae_prk, b"shared_secret", enc + public_key, 32)
    key, nonce = _key_schedule(shared_secret, info, aead)
    return enc + AESGCM(key).encrypt(nonce, plaintext, aad)


def open_sealed(
    private_key: ec.EllipticCurvePrivateKey, *, info: bytes, sealed: bytes, aead: Aead = AES_256_GCM
) -> bytes:
    """Return the plaintext of `enc` and ciphertext.

    :raises CannotOpen: wrong key, wrong info, or altered bytes.
    """
    try:
        return _STOCK[aead].decrypt(sealed, private_key, info=info)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("The ciphertext does not open under this key and info.") from error


def raw_public_key(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return the uncompressed point, 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _key_schedule(shared_secret: bytes, info: bytes, aead: Aead) -> tuple[bytes, bytes]:
    suite = b"HPKE" + b"".join(number.to_bytes(2) for number in (_KEM_ID, _KDF_ID, aead.identifier))
    psk_id_hash = _labeled_extract(suite, b"", b"psk_id_hash", b"")
    info_hash = _labeled_extract(suite, b"", b"info_hash", info)
    schedule = b"\x00" + psk_id_hash + info_hash  # 0x00 is base mode
    secret = _labeled_extract(suite, shared_secret, b"secret", b"")
    key = _labeled_expand(suite, secret, b"key", schedule, aead.key_bytes)
    return key, _labeled_expand(suite, secret, b"base_nonce", schedule, 12)


def _labeled_extract(suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt, b"HPKE-v1" + suite + label + ikm, "sha256")


def _labeled_expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand for at most one block of SHA-256, which is all this suite needs."""
    labeled = length.to_bytes(2) + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, labeled + b"\x01", "sha256")[:length]
