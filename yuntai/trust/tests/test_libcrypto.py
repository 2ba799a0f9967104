"""A machine without SM2 says so in one sentence that names the package."""

import ctypes
from collections.abc import Iterator

import pytest

from yuntai.trust import libcrypto
from yuntai.trust.libcrypto import Sm2Missing


@pytest.fixture(autouse=True)
def _found_anew() -> Iterator[None]:
    found = (libcrypto._library, libcrypto._curve)
    for search in found:
        search.cache_clear()
    yield
    for search in found:
        search.cache_clear()


def test_this_machine_has_sm2() -> None:
    libcrypto.require_sm2()


def test_says_which_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libcrypto, "_NAMES", ("libcrypto-of-nowhere.so.3",))
    monkeypatch.setattr(libcrypto, "find_library", lambda name: None)

    with pytest.raises(Sm2Missing, match="apt-get install libssl3"):
        libcrypto.require_sm2()


def test_passes_over_a_library_that_is_no_openssl_3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libcrypto, "_NAMES", ("libc.so.6",))
    monkeypatch.setattr(libcrypto, "find_library", lambda name: None)

    with pytest.raises(Sm2Missing, match="没有找到 OpenSSL 3"):
        libcrypto.require_sm2()


def test_says_so_when_the_distribution_left_sm2_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libcrypto, "_NID_SM2", 0)

    with pytest.raises(Sm2Missing, match="不含 SM2 曲线"):
        libcrypto.require_sm2()


def test_finds_the_library_under_the_name_the_linker_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libcrypto, "_NAMES", ())
    monkeypatch.setattr(libcrypto, "find_library", lambda name: ctypes.CDLL("libcrypto.so.3")._name)

    libcrypto.require_sm2()


@pytest.mark.parametrize("der", [b"", b"no key"], ids=["empty", "text"])
def test_refuses_what_is_no_key(der: bytes) -> None:
    with pytest.raises(ValueError, match="libcrypto"):
        libcrypto.verify_sm3(der, b"data", b"signature", b"id")
    with pytest.raises(ValueError, match="libcrypto"):
        libcrypto.sign_sm3(der, b"data", b"id")
