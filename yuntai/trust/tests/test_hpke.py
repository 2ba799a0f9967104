"""HPKE against RFC 9180, and against the stock implementation in both directions."""

import os

import pytest
from cryptography.hazmat.primitives import hpke as stock
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from yuntai.trust import hpke

# RFC 9180, A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode.
INFO = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
IKM_E = bytes.fromhex("4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e")
IKM_R = bytes.fromhex("668b37171f1072f3cf12ea8a236a45df23fc13b82af3609ad1e354f6ef817550")
SK_E = "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb"
SK_R = "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2"
PK_E = (
    "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac9"
    "8536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4"
)
PK_R = (
    "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a82"
    "6a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0"
)
PLAINTEXT = bytes.fromhex("4265617574792069732074727574682c20747275746820626561757479")
AAD = bytes.fromhex("436f756e742d30")
CIPHERTEXT = "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434"

STOCK = stock.Suite(stock.KEM.P256, stock.KDF.HKDF_SHA256, stock.AEAD.AES_256_GCM)


@pytest.mark.parametrize(("ikm", "scalar", "point"), [(IKM_E, SK_E, PK_E), (IKM_R, SK_R, PK_R)])
def test_derives_the_key_pairs_of_the_rfc(ikm: bytes, scalar: str, point: str) -> None:
    key = hpke.derive_key_pair(ikm)

    assert f"{key.private_numbers().private_value:064x}" == scalar
    assert hpke.raw_public_key(key.public_key()).hex() == point


def test_seals_as_the_rfc_does() -> None:
    sealed = hpke.seal(
        bytes.fromhex(PK_R), info=INFO, plaintext=PLAINTEXT, seed=IKM_E, aad=AAD, aead=hpke.AES_128_GCM
    )

    assert sealed.hex() == PK_E + CIPHERTEXT


@given(st.binary(max_size=200), st.binary(max_size=200), st.binary(min_size=32, max_size=32))
def test_the_stock_implementation_opens_what_we_seal(info: bytes, plaintext: bytes, seed: bytes) -> None:
    recipient = hpke.derive_key_pair(IKM_R)

    sealed = hpke.seal(bytes.fromhex(PK_R), info=info, plaintext=plaintext, seed=seed)

    assert STOCK.decrypt(sealed, recipient, info=info) == plaintext


def test_opens_what_the_stock_implementation_seals() -> None:
    recipient = hpke.derive_key_pair(IKM_R)

    sealed = STOCK.encrypt(PLAINTEXT, recipient.public_key(), info=INFO)

    assert hpke.open_sealed(recipient, info=INFO, sealed=sealed) == PLAINTEXT


def test_seals_alike_for_the_same_seed_only() -> None:
    def sealed(seed: bytes) -> bytes:
        return hpke.seal(bytes.fromhex(PK_R), info=INFO, plaintext=PLAINTEXT, seed=seed)

    assert sealed(IKM_E) == sealed(IKM_E)
    assert sealed(IKM_E) != sealed(IKM_R)


@pytest.mark.parametrize("spoilt", ["key", "info", "point", "ciphertext", "short"])
def test_does_not_open(spoilt: str) -> None:
    recipient = hpke.derive_key_pair(IKM_R)
    sealed = bytearray(hpke.seal(bytes.fromhex(PK_R), info=INFO, plaintext=PLAINTEXT, seed=IKM_E))
    info = INFO
    if spoilt == "key":
        recipient = ec.generate_private_key(ec.SECP256R1())
    elif spoilt == "info":
        info += b"!"
    elif spoilt == "point":
        sealed[40] ^= 1
    elif spoilt == "ciphertext":
        sealed[-1] ^= 1
    else:
        sealed = sealed[:64]

    with pytest.raises(hpke.CannotOpen):
        hpke.open_sealed(recipient, info=info, sealed=bytes(sealed))


@pytest.mark.parametrize(
    "point", [b"\x04" + bytes(64), os.urandom(64), b""], ids=["not on curve", "x", "empty"]
)
def test_refuses_a_recipient_that_is_no_point(point: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        hpke.seal(point, info=INFO, plaintext=PLAINTEXT, seed=IKM_E)
