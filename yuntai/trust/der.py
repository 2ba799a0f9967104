"""As much of DER as certificates with SM2 keys need and `cryptography` does not offer: parts in, parts out.

Reading is for DER that `cryptography` has parsed already, or that is compared whole afterwards.
"""

from base64 import b64decode, b64encode

INTEGER, BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER, UTF8_STRING, SEQUENCE = 2, 3, 4, 6, 12, 0x30
_CONSTRUCTED_CONTEXT = 0xA0
_LONG = 0x80


def element(tag: int, content: bytes) -> bytes:
    """Return one element: tag, length, content."""
    length = len(content)
    if length < _LONG:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([tag, _LONG | len(size)]) + size + content


def sequence(*parts: bytes) -> bytes:
    return element(SEQUENCE, b"".join(parts))


def tagged(number: int, content: bytes) -> bytes:
    """Return the content under an explicit tag of its own, [number]."""
    return element(_CONSTRUCTED_CONTEXT | number, content)


def integer(value: int) -> bytes:
    """Return a whole number that is not negative."""
    return element(INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def octet_string(content: bytes) -> bytes:
    return element(OCTET_STRING, content)


def text(value: str) -> bytes:
    return element(UTF8_STRING, value.encode())


def bit_string(content: bytes) -> bytes:
    """Return whole bytes as a bit string."""
    return element(BIT_STRING, b"\0" + content)


def object_identifier(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    return element(OBJECT_IDENTIFIER, b"".join(map(_base_128, (40 * first + second, *rest))))


def parts(encoded: bytes) -> list[bytes]:
    """Return the elements inside one constructed element, each with its tag and length.

    :raises ValueError: not one whole element.
    """
    inside = content(encoded)
    found = []
    while inside:
        end = _ends(inside)[1]
        found.append(inside[:end])
        inside = inside[end:]
    return found


def content(encoded: bytes) -> bytes:
    """Return what one element holds, without tag and length.

    :raises ValueError: not one whole element.
    """
    start, end = _ends(encoded)
    if end != len(encoded):
        raise ValueError("There are bytes behind the element.")
    return encoded[start:]


def from_pem(text: bytes, label: str) -> bytes:
    """Return the bytes between the lines BEGIN and END of a label.

    :raises ValueError: there is no such part.
    """
    begin, end = f"-----BEGIN {label}-----".encode(), f"-----END {label}-----".encode()
    _, found, rest = text.partition(begin)
    body, closed, _ = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"The PEM text has no {label}.")
    return b64decode(b"".join(body.split()), validate=True)


def to_pem(encoded: bytes, label: str) -> bytes:
    text = b64encode(encoded).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


def _base_128(value: int) -> bytes:
    septets = [value & 0x7F]
    while value := value >> 7:
        septets.append(_LONG | value & 0x7F)
    return bytes(reversed(septets))


def _ends(encoded: bytes) -> tuple[int, int]:
    """Return where the content of the first element begins and ends."""
    if len(encoded) < 2:
        raise ValueError("Shorter than tag and length.")
    length, start = encoded[1], 2
    if length & _LONG:
        start += length & 0x7F
        length = int.from_bytes(encoded[2:start])
    if start + length > len(encoded):
        raise ValueError("The element is cut short.")
    return start, start + length
