"""Keys of both kinds in and out of PEM and DER; what is neither is refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from yuntai.trust import der, sm2
from yuntai.trust.keys import Algorithm, UnknownKey, new_private_key, read_private_key, read_public_key

every_algorithm = pytest.mark.parametrize("algorithm", Algorithm)


@every_algorithm
def test_a_key_comes_back_from_pem_and_der(algorithm: Algorithm) -> None:
    key = new_private_key(algorithm)

    assert read_private_key(key.pem) == key
    assert read_public_key(key.public.der) == key.public
    assert key.public.algorithm is algorithm


@every_algorithm
def test_signs_in_both_forms(algorithm: Algorithm) -> None:
    key = new_private_key(algorithm)

    assert key.public.verifies(b"data", key.sign(b"data"))
    assert key.public.verifies_der(b"data", key.sign_der(b"data"))
    assert not key.public.verifies_der(b"other", key.sign_der(b"data"))


@every_algorithm
@pytest.mark.parametrize(
    "signature",
    [b"", b"junk", der.sequence(der.integer(0), der.integer(0)), der.sequence(der.integer(2**300)) * 2],
    ids=["empty", "junk", "zeros", "long"],
)
def test_takes_no_other_bytes_for_a_signature(algorithm: Algorithm, signature: bytes) -> None:
    assert not new_private_key(algorithm).public.verifies_der(b"data", signature)


def test_an_sm2_key_is_taken_in_one_form_only() -> None:
    point = new_private_key(Algorithm.SM2).public.point
    algorithm, _ = der.parts(sm2.public_key_der(point))
    unused_bit = der.sequence(algorithm, der.element(der.BIT_STRING, b"\x01" + point))

    with pytest.raises(UnknownKey):
        read_public_key(unused_bit)


def test_refuses_an_sm2_point_off_the_curve() -> None:
    with pytest.raises(UnknownKey):
        read_public_key(sm2.public_key_der(b"\x04" + bytes(64)))


def test_refuses_an_sm2_private_key_outside_the_range() -> None:
    key = new_private_key(Algorithm.SM2)
    zero = der.from_pem(key.pem, "PRIVATE KEY").replace(key.scalar, bytes(len(key.scalar)))

    with pytest.raises(UnknownKey):
        read_private_key(der.to_pem(zero, "PRIVATE KEY"))


@pytest.mark.parametrize("pem", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_refuses_what_is_no_pem_of_a_key(pem: bytes) -> None:
    with pytest.raises(UnknownKey):
        read_private_key(pem)


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()],
    ids=["P-384", "Ed25519"],
)
def test_refuses_other_kinds_of_keys(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> None:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    with pytest.raises(UnknownKey):
        read_private_key(pem)
    with pytest.raises(UnknownKey):
        read_public_key(spki)
