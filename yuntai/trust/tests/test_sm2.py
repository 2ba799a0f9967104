"""SM2, SM3 and SM4 against the examples of the standards, and SM2 against the OpenSSL command both ways."""

import secrets
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from yuntai.trust import der, sm2
from yuntai.trust.chunked import Sm4Gcm
from yuntai.trust.tests.openssl import openssl

# GB/T 32918.5-2017, annexes A and C.
PRIVATE = bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
PUBLIC = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
EPHEMERAL = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
SIGNATURE = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)
CIPHERTEXT = bytes.fromhex(
    "0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
    "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
    "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
    "21886ca989ca9c7d58087307ca93092d651efa"
)
DISTID = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]


# --- The examples of the standards --------------------------------------------------------------------------


def test_the_key_pair_of_the_standard() -> None:
    assert sm2.public_key(PRIVATE) == PUBLIC


def test_takes_the_signature_of_the_standard_under_its_identifier_only() -> None:
    assert sm2.is_valid(PUBLIC, b"message digest", SIGNATURE)
    assert not sm2.is_valid(PUBLIC, b"message digest", SIGNATURE, b"ALICE123@YAHOO.COM")
    assert not sm2.is_valid(PUBLIC, b"message digesT", SIGNATURE)


def test_encrypts_and_decrypts_the_message_of_the_standard() -> None:
    assert sm2.encrypt(PUBLIC, b"encryption standard", [EPHEMERAL]) == CIPHERTEXT
    assert sm2.decrypt(PRIVATE, CIPHERTEXT) == b"encryption standard"


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
    ids=["one block", "two blocks"],
)
def test_sm3_of_gb_t_32905(message: bytes, digest: str) -> None:
    assert sm2.sm3(message).hex() == digest
    assert sm2.sm3(message[:1], message[1:]).hex() == digest


def test_sm4_of_gb_t_32907() -> None:
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305  # the standard's example

    once = encryptor.update(key)
    block = once
    for _ in range(999_999):
        block = encryptor.update(block)

    assert once.hex() == "681edf34d206965e86b3e94f536e4246"
    assert block.hex() == "595298c7c6fd271f0402f804c33d3f66"


# RFC 8998, A.1.
GCM_KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
GCM_NONCE = bytes.fromhex("00001234567800000000abcd")
GCM_DATA = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
GCM_PLAINTEXT = bytes.fromhex("".join(digit * 16 for digit in "abcdefea"))
GCM_CIPHERTEXT = bytes.fromhex(
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    "83de3541e4c2b58177e065a9bf7b62ec"
)


def test_sm4_gcm_of_rfc_8998() -> None:
    cipher = Sm4Gcm(GCM_KEY)

    assert cipher.encrypt(GCM_NONCE, GCM_PLAINTEXT, GCM_DATA) == GCM_CIPHERTEXT
    assert cipher.decrypt(GCM_NONCE, GCM_CIPHERTEXT, GCM_DATA) == GCM_PLAINTEXT


@pytest.mark.parametrize("spoilt", ["bit", "data", "short"])
def test_sm4_gcm_takes_nothing_that_is_not_authentic(spoilt: str) -> None:
    ciphertext, data = GCM_CIPHERTEXT, GCM_DATA
    if spoilt == "bit":
        ciphertext = bytes([ciphertext[0] ^ 1]) + ciphertext[1:]
    elif spoilt == "data":
        data = b""
    else:
        ciphertext = ciphertext[:15]

    with pytest.raises(InvalidTag):
        Sm4Gcm(GCM_KEY).decrypt(GCM_NONCE, ciphertext, data)


# --- Signatures and ciphertexts of our own ------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=300))
def test_knows_its_own_signature(data: bytes) -> None:
    key = sm2.new_private_key()
    signature = sm2.sign(key, data)

    assert len(signature) == 64
    assert sm2.is_valid(sm2.public_key(key), data, signature)
    assert not sm2.is_valid(sm2.public_key(key), data + b"x", signature)
    assert not sm2.is_valid(PUBLIC, data, signature)


@pytest.mark.parametrize(
    "signature", [b"", bytes(64), SIGNATURE[:63], SIGNATURE + b"x", b"\xff" * 64], ids=len
)
def test_takes_nothing_else_for_a_signature(signature: bytes) -> None:
    assert not sm2.is_valid(PUBLIC, b"message digest", signature)


def test_a_signature_under_another_identifier_is_not_taken() -> None:
    signature = sm2.sign(PRIVATE, b"data", b"another id")

    assert sm2.is_valid(PUBLIC, b"data", signature, b"another id")
    assert not sm2.is_valid(PUBLIC, b"data", signature)


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=1, max_size=300))
def test_decrypts_what_it_encrypts(plaintext: bytes) -> None:
    ciphertext = sm2.encrypt(PUBLIC, plaintext, sm2.random_ephemerals())

    assert len(ciphertext) == 65 + 32 + len(plaintext)
    assert sm2.decrypt(PRIVATE, ciphertext) == plaintext


@pytest.mark.parametrize("at", [0, 5, 64, 65, 96, 97, -1])
def test_notices_one_flipped_bit(at: int) -> None:
    altered = bytearray(CIPHERTEXT)
    altered[at] ^= 1

    with pytest.raises(sm2.CannotDecrypt):
        sm2.decrypt(PRIVATE, bytes(altered))


@pytest.mark.parametrize("cut", [0, 64, 65, 96, 97])
def test_notices_a_ciphertext_that_is_cut(cut: int) -> None:
    with pytest.raises(sm2.CannotDecrypt):
        sm2.decrypt(PRIVATE, CIPHERTEXT[:cut])


def test_passes_over_candidates_that_are_no_scalars() -> None:
    candidates = [0, sm2.ORDER, sm2.ORDER + 1, EPHEMERAL]

    assert sm2.encrypt(PUBLIC, b"encryption standard", candidates) == CIPHERTEXT
    with pytest.raises(ValueError, match="None of the candidates"):
        sm2.encrypt(PUBLIC, b"encryption standard", candidates[:3])


@pytest.mark.parametrize(
    "point", [b"", b"\x04" + bytes(64), PUBLIC[:-1], b"\x02" + PUBLIC[1:], b"\0"], ids=len
)
def test_refuses_a_recipient_that_is_no_point(point: bytes) -> None:
    with pytest.raises(ValueError, match=r"point|Point"):
        sm2.encrypt(point, b"share", [EPHEMERAL])


@pytest.mark.parametrize("scalar", [0, sm2.ORDER - 1, sm2.ORDER, 2**256 - 1])
def test_refuses_a_private_key_outside_the_range(scalar: int) -> None:
    with pytest.raises(ValueError, match="private key"):
        sm2.public_key(scalar.to_bytes(32))


# --- The OpenSSL command line, both ways --------------------------------------------------------------------


@pytest.fixture
def key_files(tmp_path: Path) -> tuple[str, str]:
    private, public = tmp_path / "private.pem", tmp_path / "public.pem"
    private.write_bytes(der.to_pem(sm2.private_key_der(PRIVATE), "PRIVATE KEY"))
    public.write_bytes(der.to_pem(sm2.public_key_der(PUBLIC), "PUBLIC KEY"))
    return str(private), str(public)


def test_openssl_reads_our_keys_and_we_read_its(key_files: tuple[str, str]) -> None:
    made = openssl("pkey", "-in", key_files[0], "-pubout", "-outform", "DER")

    assert made == sm2.public_key_der(PUBLIC)


def test_openssl_takes_our_signature(key_files: tuple[str, str], tmp_path: Path) -> None:
    data, signature = tmp_path / "data", tmp_path / "signature"
    data.write_bytes(b"a bid")
    r, s = (int.from_bytes(half) for half in split(sm2.sign(PRIVATE, b"a bid")))
    signature.write_bytes(der.sequence(der.integer(r), der.integer(s)))

    said = openssl("pkeyutl", "-verify", "-pubin", "-inkey", key_files[1], "-in", str(data), "-sigfile",
                   str(signature), *DISTID)  # fmt: skip

    assert b"Verified Successfully" in said


def test_we_take_the_signature_of_openssl(key_files: tuple[str, str], tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.write_bytes(b"a bid")

    made = openssl("pkeyutl", "-sign", "-inkey", key_files[0], "-in", str(data), *DISTID)

    r, s = decode_dss_signature(made)
    assert sm2.is_valid(PUBLIC, b"a bid", r.to_bytes(32) + s.to_bytes(32))


def test_openssl_decrypts_what_we_encrypt(key_files: tuple[str, str]) -> None:
    ours = sm2.encrypt(PUBLIC, b"a share", sm2.random_ephemerals())

    assert openssl("pkeyutl", "-decrypt", "-inkey", key_files[0], given=in_der(ours)) == b"a share"


def test_we_decrypt_what_openssl_encrypts(key_files: tuple[str, str]) -> None:
    share = secrets.token_bytes(64)

    made = openssl("pkeyutl", "-encrypt", "-pubin", "-inkey", key_files[1], given=share)

    x, y, check, masked = (der.content(part) for part in der.parts(made))
    point = b"\x04" + x.lstrip(b"\0").rjust(32, b"\0") + y.lstrip(b"\0").rjust(32, b"\0")
    assert sm2.decrypt(PRIVATE, point + check + masked) == share


def test_openssl_hashes_alike() -> None:
    assert openssl("dgst", "-sm3", "-binary", given=b"yuntai") == sm2.sm3(b"yuntai")


def split(signature: bytes) -> tuple[bytes, bytes]:
    return signature[:32], signature[32:]


def in_der(ciphertext: bytes) -> bytes:
    """Return a ciphertext in the form of GM/T 0009, which OpenSSL reads."""
    x, y, check, masked = ciphertext[1:33], ciphertext[33:65], ciphertext[65:97], ciphertext[97:]
    numbers = (der.integer(int.from_bytes(number)) for number in (x, y))
    return der.sequence(*numbers, der.octet_string(check), der.octet_string(masked))
