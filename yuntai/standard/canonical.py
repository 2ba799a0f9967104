"""One way to write a JSON value as bytes (RFC 8785), so that two systems hash and sign the same thing."""

from hashlib import sha256

import rfc8785

Json = object


def canonical(value: Json) -> bytes:
    """Write `value` as canonical JSON in UTF-8.

    value: None, bool, int, float, str, and lists, tuples and dicts of these.  A Decimal is refused:
    turn money into text first (`money.to_text`), a float would lose fen.

    :raises NotCanonical: a value has no canonical form (Decimal, NaN, an integer beyond 2**53-1, deep
        nesting, …).
    """
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]  # rfc8785 checks the types itself
    except RecursionError as error:
        raise NotCanonical("该数据嵌套过深，无法写成规范 JSON（RFC 8785）") from error
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise NotCanonical(f"该数据无法写成规范 JSON（RFC 8785）：{error}") from error


def digest(value: Json) -> str:
    """Return the SHA-256 of `canonical(value)` as 64 hex digits."""
    return sha256(canonical(value)).hexdigest()


class NotCanonical(ValueError):
    """The value has no canonical JSON form."""
