"""Ed25519 keys, signatures and key files."""

from pathlib import Path

import pytest

from yuntai.trust import signing

# RFC 8032, 7.1, test 2.
PRIVATE = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
SIGNATURE = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_signs_as_the_rfc_does() -> None:
    assert signing.public_key(PRIVATE).hex() == PUBLIC
    assert signing.sign(PRIVATE, b"\x72").hex() == SIGNATURE
    assert signing.is_valid(bytes.fromhex(PUBLIC), b"\x72", bytes.fromhex(SIGNATURE))


@pytest.mark.parametrize("spoilt", ["data", "signature", "key", "short signature", "short key"])
def test_takes_nothing_else_for_valid(spoilt: str) -> None:
    public, data, signature = bytes.fromhex(PUBLIC), b"\x72", bytes.fromhex(SIGNATURE)
    if spoilt == "data":
        data = b"\x73"
    elif spoilt == "signature":
        signature = bytes([signature[0] ^ 1]) + signature[1:]
    elif spoilt == "key":
        public = signing.public_key(signing.new_private_key())
    elif spoilt == "short signature":
        signature = signature[:63]
    else:
        public = public[:31]

    assert not signing.is_valid(public, data, signature)


def test_names_a_key_by_sixteen_hex_digits() -> None:
    assert signing.key_id(b"") == "e3b0c44298fc1c14"


def test_new_keys_differ() -> None:
    assert signing.new_private_key() != signing.new_private_key()


def test_keeps_a_key_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"

    signing.save_private(path, PRIVATE)

    assert signing.load_private(path) == PRIVATE
    assert path.stat().st_mode & 0o777 == 0o600


def test_never_overwrites_a_key(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    signing.save_private(path, PRIVATE)

    with pytest.raises(FileExistsError):
        signing.save_private(path, signing.new_private_key())

    assert signing.load_private(path) == PRIVATE


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "密钥"])
def test_refuses_a_file_without_a_key(tmp_path: Path, text: str) -> None:
    path = tmp_path / "signing.key"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(signing.BadKeyFile, match=r"signing\.key"):
        signing.load_private(path)
