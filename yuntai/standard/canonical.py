"""One way to write a JSON value as bytes (RFC 8785), so that two systems hash and sign the same thing."""

import json
from hashlib import sha256

import rfc8785

Json = object
MOST_INTEGER = 2**53 - 1

# Messages are plain values, and for those the standard library's fast writer gives the same bytes.
_write_plain = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode


def canonical(value: Json) -> bytes:
    """Write `value` as canonical JSON in UTF-8.

    value: None, bool, int, float, str, and lists, tuples and dicts of these.  A Decimal is refused:
    turn money into text first (`money.to_text`), a float would lose fen.

    :raises NotCanonical: a value has no canonical form (Decimal, NaN, an integer beyond 2**53-1, deep
        nesting, …).
    """
    try:
        if _is_plain(value):
            return _write_plain(value).encode()
        return rfc8785.dumps(value)  # type: ignore[arg-type]  # rfc8785 checks the types itself
    except RecursionError as error:
        raise NotCanonical("该数据嵌套过深，无法写成规范 JSON（RFC 8785）") from error
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise NotCanonical(f"该数据无法写成规范 JSON（RFC 8785）：{error}") from error


def digest(value: Json) -> str:
    """Return the SHA-256 of `canonical(value)` as 64 hex digits."""
    return sha256(canonical(value)).hexdigest()


def _is_plain(value: Json) -> bool:
    """Tell whether no rule of RFC 8785 but the order of ASCII names matters: no float, no foreign type."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if isinstance(value, dict):
        for name, each in value.items():  # a loop, not all(): every value of every message passes here
            if type(name) is not str or not name.isascii() or not (type(each) is str or _is_plain(each)):
                return False
        return True
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return isinstance(value, int) and kind is int and -MOST_INTEGER <= value <= MOST_INTEGER


class NotCanonical(ValueError):
    """The value has no canonical JSON form."""
