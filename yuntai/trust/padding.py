"""Padmé padding: hides the exact length of a bid at a cost of at most 12 %.

The content's length stands in front as eight bytes; zeros follow up to the next Padmé length.
"""

LENGTH_BYTES = 8


class BadPadding(ValueError):
    """The bytes are not what `pad` makes of any content."""


def padme(length: int) -> int:
    """Return the smallest Padmé length that is not below `length` (bytes, at least 1)."""
    exponent = length.bit_length() - 1
    free_bits = max(exponent - exponent.bit_length(), 0)
    mask = (1 << free_bits) - 1
    return (length + mask) & ~mask


def pad(content: bytes) -> bytes:
    """Return length, content and zeros."""
    unpadded = LENGTH_BYTES + len(content)
    zeros = bytes(padme(unpadded) - unpadded)
    return b"".join((len(content).to_bytes(LENGTH_BYTES), content, zeros))


def unpad(padded: bytes) -> bytes:
    """Return the content.

    :raises BadPadding: length or zeros differ from what `pad` writes.  One content has one padding, so that
        an opening can be repeated byte for byte.
    """
    if len(padded) < LENGTH_BYTES:
        raise BadPadding("shorter than the length field")
    length = int.from_bytes(padded[:LENGTH_BYTES])
    end = LENGTH_BYTES + length
    if padme(end) != len(padded):
        raise BadPadding("the length field does not fit the padded length")
    if padded.count(0, end) != len(padded) - end:
        raise BadPadding("bytes other than zero after the content")
    return padded[LENGTH_BYTES:end]
