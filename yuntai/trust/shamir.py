"""Shamir's secret sharing over GF(2^8), threshold 3.  Drawing the coefficients is the caller's business.

Every byte of the secret is shared for itself, on the polynomial secret + c1*x + c2*x^2.  The field is that
of AES (0x11B).  Multiplying a whole string by one constant is a single `bytes.translate`, so no loop in
Python runs over the bytes.
"""

from collections.abc import Mapping

FIELD_POLYNOMIAL = 0x11B


def _multiply(a: int, b: int) -> int:
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 0x100:
            a ^= FIELD_POLYNOMIAL
        b >>= 1
    return product


# _TIMES[a][b] is a*b: each row serves as a translation table.
_TIMES = tuple(bytes(_multiply(a, b) for b in range(256)) for a in range(256))
_INVERSE = bytes([0, *(row.index(1) for row in _TIMES[1:])])


def share_at(x: int, secret: bytes, coefficient_1: bytes, coefficient_2: bytes) -> bytes:
    """Return the value of the polynomial at point `x` (1 to 255), as long as the secret."""
    if not 1 <= x <= 255:
        raise ValueError("A share's point must lie between 1 and 255; at 0 lies the secret itself.")
    linear = coefficient_1.translate(_TIMES[x])
    square = coefficient_2.translate(_TIMES[_TIMES[x][x]])
    return _xor(_xor(secret, linear), square)


def combine(shares: Mapping[int, bytes]) -> bytes:
    """Return the secret from exactly three shares.

    shares: by point.  A wrong share gives a wrong secret and no error: compare with a commitment.
    """
    if len(shares) != 3:
        raise ValueError(f"Three shares are combined, no more and no fewer; got {len(shares)}.")
    secret = bytes(len(next(iter(shares.values()))))
    for x, share in shares.items():
        secret = _xor(secret, share.translate(_TIMES[_weight(x, shares)]))
    return secret


def _weight(x: int, points: Mapping[int, bytes]) -> int:
    """Return the Lagrange weight of point `x` at 0: the product of y / (y - x) over the other points y."""
    weight = 1
    for y in points:
        if y != x:
            weight = _TIMES[weight][_TIMES[y][_INVERSE[x ^ y]]]
    return weight


def _xor(a: bytes, b: bytes) -> bytes:
    if len(a) != len(b):
        raise ValueError(f"Secret, coefficients and shares must be equally long; got {len(a)} and {len(b)}.")
    return (int.from_bytes(a) ^ int.from_bytes(b)).to_bytes(len(a))
