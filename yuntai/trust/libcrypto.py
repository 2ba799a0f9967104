"""The few functions of OpenSSL's libcrypto that SM2 needs, by ctypes: `cryptography` has no SM2.

Every object libcrypto hands out is freed here, so that callers see bytes and whole numbers only.  Scalars of
private keys are multiplied by libcrypto's Montgomery ladder, which takes the same time for every scalar.
"""

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import c_char_p, c_int, c_long, c_size_t, c_ulong, c_void_p
from ctypes.util import find_library
from functools import cache
from typing import Any

POINT_BYTES = 65
SCALAR_BYTES = 32
_NID_SM2 = 1172
_UNCOMPRESSED = 4
_VERSION_3 = 0x30000000
_DEBIAN_PACKAGE = "libssl3"
_NAMES = ("libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64.dll")

_POINTER_FUNCTIONS: dict[str, list[Any]] = {
    "BN_bin2bn": [c_char_p, c_int, c_void_p],
    "BN_CTX_new": [],
    "EC_GROUP_new_by_curve_name": [c_int],
    "EC_POINT_new": [c_void_p],
    "EVP_MD_CTX_new": [],
    "EVP_sm3": [],
    "d2i_AutoPrivateKey": [c_void_p, c_void_p, c_long],
    "d2i_PUBKEY": [c_void_p, c_void_p, c_long],
}
_STATUS_FUNCTIONS: dict[str, list[Any]] = {
    "EC_POINT_oct2point": [c_void_p, c_void_p, c_char_p, c_size_t, c_void_p],
    "EC_POINT_mul": [c_void_p] * 6,
    "EC_POINT_is_at_infinity": [c_void_p, c_void_p],
    "EVP_DigestSignInit": [c_void_p] * 5,
    "EVP_DigestSign": [c_void_p, c_char_p, c_void_p, c_char_p, c_size_t],
    "EVP_DigestVerifyInit": [c_void_p] * 5,
    "EVP_DigestVerify": [c_void_p, c_char_p, c_size_t, c_char_p, c_size_t],
    "EVP_PKEY_CTX_set1_id": [c_void_p, c_char_p, c_int],
}
_FREE_FUNCTIONS = ("BN_clear_free", "BN_CTX_free", "EC_POINT_free", "EVP_MD_CTX_free", "EVP_PKEY_free")


class Sm2Missing(RuntimeError):
    """This machine's libcrypto cannot do SM2; `str(error)` is one Chinese sentence for its operator."""


def require_sm2() -> None:
    """Find libcrypto and its SM2 curve: to be called at start, so that a machine without it says so at once.

    :raises Sm2Missing: there is no OpenSSL 3 on this machine, or its distribution left SM2 out.
    """
    _library()
    _curve()


def multiply(scalar: int, point: bytes | None = None) -> bytes:
    """Return `scalar` times `point`, or times the curve's generator, as an uncompressed point of 65 bytes.

    :raises ValueError: `point` is no point of the SM2 curve, or the product is the point at infinity.
    """
    lib, curve = _library(), _curve()
    number = scalar.to_bytes(SCALAR_BYTES)
    with (
        _freed("BN_CTX_free", lib.BN_CTX_new()) as scratch,
        _freed("BN_clear_free", lib.BN_bin2bn(number, len(number), None)) as factor,
        _freed("EC_POINT_free", lib.EC_POINT_new(curve)) as product,
    ):
        if point is None:
            done = lib.EC_POINT_mul(curve, product, factor, None, None, scratch)
        else:
            with _freed("EC_POINT_free", lib.EC_POINT_new(curve)) as base:
                _read_point(base, point, scratch)
                done = lib.EC_POINT_mul(curve, product, None, base, factor, scratch)
        if done != 1 or lib.EC_POINT_is_at_infinity(curve, product):
            raise ValueError("The product is no finite point of the SM2 curve.")
        return _encoded(product, scratch)


def sign_sm3(private_key_der: bytes, data: bytes, identifier: bytes) -> bytes:
    """Return the SM2-with-SM3 signature of GB/T 32918.2 over `data`, DER.

    private_key_der: PKCS#8.  identifier: of the signer, as the standard's ID.
    """
    lib = _library()
    with _signing_context("d2i_AutoPrivateKey", private_key_der, "EVP_DigestSignInit", identifier) as context:
        length = c_size_t(0)
        _check(lib.EVP_DigestSign(context, None, ctypes.byref(length), data, len(data)))
        signature = ctypes.create_string_buffer(length.value)
        _check(lib.EVP_DigestSign(context, signature, ctypes.byref(length), data, len(data)))
        return signature.raw[: length.value]


def verify_sm3(public_key_der: bytes, data: bytes, signature: bytes, identifier: bytes) -> bool:
    """Is this an SM2-with-SM3 signature (DER) over `data`?

    public_key_der: SubjectPublicKeyInfo.

    :raises ValueError: the key is no SM2 key.
    """
    lib = _library()
    with _signing_context("d2i_PUBKEY", public_key_der, "EVP_DigestVerifyInit", identifier) as context:
        good: bool = lib.EVP_DigestVerify(context, signature, len(signature), data, len(data)) == 1
    lib.ERR_clear_error()
    return good


@contextmanager
def _signing_context(reader: str, key_der: bytes, initialise: str, identifier: bytes) -> Iterator[int]:
    lib = _library()
    with (
        _freed("EVP_PKEY_free", _read_key(reader, key_der)) as key,
        _freed("EVP_MD_CTX_free", lib.EVP_MD_CTX_new()) as context,
    ):
        key_context = c_void_p()
        _check(getattr(lib, initialise)(context, ctypes.byref(key_context), lib.EVP_sm3(), None, key))
        _check(lib.EVP_PKEY_CTX_set1_id(key_context, identifier, len(identifier)))
        yield context


def _read_key(reader: str, der: bytes) -> int:
    text = ctypes.create_string_buffer(der, len(der))
    start = c_void_p(ctypes.addressof(text))
    key: int = getattr(_library(), reader)(None, ctypes.byref(start), len(der))
    return key


def _read_point(point: int, encoded: bytes, scratch: int) -> None:
    lib = _library()
    if len(encoded) != POINT_BYTES or encoded[0] != _UNCOMPRESSED:
        raise ValueError(f"A point has {POINT_BYTES} bytes and begins with 04.")
    if lib.EC_POINT_oct2point(_curve(), point, encoded, len(encoded), scratch) != 1:
        lib.ERR_clear_error()
        raise ValueError("Not a point of the SM2 curve.")


def _encoded(point: int, scratch: int) -> bytes:
    out = ctypes.create_string_buffer(POINT_BYTES)
    _library().EC_POINT_point2oct(_curve(), point, _UNCOMPRESSED, out, POINT_BYTES, scratch)
    return out.raw


@contextmanager
def _freed(free: str, pointer: int | None) -> Iterator[int]:
    lib = _library()
    if not pointer:
        lib.ERR_clear_error()
        raise ValueError("libcrypto does not take this key or number.")
    try:
        yield pointer
    finally:
        getattr(lib, free)(pointer)


def _check(status: int) -> None:
    if status != 1:
        _library().ERR_clear_error()
        raise ValueError("libcrypto does not sign or verify with this key.")


@cache
def _library() -> Any:
    for name in (*_NAMES, find_library("crypto")):
        library = _opened(name)
        if library is not None:
            return _declared(library)
    raise Sm2Missing(
        "本机没有找到 OpenSSL 3 的 libcrypto，国密算法（SM2）不能使用；"
        f"请安装软件包 {_DEBIAN_PACKAGE}（Debian 12：apt-get install {_DEBIAN_PACKAGE}）后重新启动。"
    )


def _opened(name: str | None) -> ctypes.CDLL | None:
    if name is None:
        return None
    try:
        library = ctypes.CDLL(name)
        version: Any = library.OpenSSL_version_num
    except (OSError, AttributeError):
        return None
    version.restype = c_ulong
    return library if version() >= _VERSION_3 else None


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    """Tell ctypes the types: a pointer taken for an int would lose its upper half."""
    tables: Sequence[tuple[dict[str, list[Any]], Any]] = (
        (_POINTER_FUNCTIONS, c_void_p),
        (_STATUS_FUNCTIONS, c_int),
        ({name: [c_void_p] for name in _FREE_FUNCTIONS}, None),
        ({"EC_POINT_point2oct": [c_void_p, c_void_p, c_int, c_char_p, c_size_t, c_void_p]}, c_size_t),
        ({"ERR_clear_error": []}, None),
    )
    for functions, result in tables:
        for name, arguments in functions.items():
            function = getattr(library, name)
            function.argtypes, function.restype = arguments, result
    return library


@cache
def _curve() -> int:
    curve: int | None = _library().EC_GROUP_new_by_curve_name(_NID_SM2)
    if not curve:
        raise Sm2Missing(
            "本机的 OpenSSL（libcrypto）不含 SM2 曲线，国密算法不能使用；"
            f"请换用带 SM2 的 OpenSSL 3（Debian 12 的软件包 {_DEBIAN_PACKAGE}）后重新启动。"
        )
    return curve
