"""Reads the CBOR map (RFC 8949) of a bid file, and no other CBOR.

The bytes come from a bidder who may mean harm: a general decoder builds whatever they describe before anyone
can look at it.  This one goes over them once, takes only the next part of the form, and bounds every part.
"""

from dataclasses import dataclass

KEYS = ("form", "files", "certificates", "signature")
# A form's longest note, 100 000 characters of six bytes each, with room for the rest.
LONGEST_FORM = 1024 * 1024
MOST_FILES = 500
LONGEST_NAME = 4096
MOST_CERTIFICATES = 10
LONGEST_CERTIFICATE = 16 * 1024
LONGEST_SIGNATURE = 1024

_BYTES, _TEXT, _LIST, _MAP = 2, 3, 4, 5
_SHORT_LENGTHS = 24
# First value of a head's low five bits: how many bytes of length follow, and the least length written so.
_LONGER = {24: (1, 24), 25: (2, 1 << 8), 26: (4, 1 << 16), 27: (8, 1 << 32)}


class NotABidFile(ValueError):
    """The bytes are not the one way to write a bid file."""


@dataclass(frozen=True)
class BidParts:
    """The parts of a bid file as they stood.  files: by name, in the order written."""

    form: bytes
    files: dict[str, bytes]
    certificates: tuple[bytes, ...]
    signature: bytes


def read_parts(content: bytes) -> BidParts:
    """Read a bid file's four parts; time and memory grow with `len(content)` and no faster.

    :raises NotABidFile: another structure, an unknown or doubled key, a length not written the shortest way,
        a part above its bound, something missing or something after the end.
    """
    reader = _Reader(content)
    if reader.head(_MAP) != len(KEYS):
        raise NotABidFile
    reader.key("form")
    form = reader.string(LONGEST_FORM)
    reader.key("files")
    files = _read_files(reader, len(content))
    reader.key("certificates")
    count = reader.count(_LIST, MOST_CERTIFICATES)
    certificates = tuple(reader.string(LONGEST_CERTIFICATE) for _ in range(count))
    reader.key("signature")
    signature = reader.string(LONGEST_SIGNATURE)
    reader.end()
    return BidParts(form, files, certificates, signature)


def _read_files(reader: "_Reader", longest: int) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for _ in range(reader.count(_MAP, MOST_FILES)):
        name = reader.text(LONGEST_NAME)
        if name in files:
            raise NotABidFile
        files[name] = reader.string(longest)
    return files


class _Reader:
    """Goes over the bytes once, from the front."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def head(self, kind: int) -> int:
        """Take a head of this major type and return its length or count."""
        first = self._take(1)[0]
        low = first & 0b11111
        if first >> 5 != kind:
            raise NotABidFile
        if low < _SHORT_LENGTHS:
            return low
        if low not in _LONGER:
            raise NotABidFile
        size, least = _LONGER[low]
        length = int.from_bytes(self._take(size), "big")
        if length < least:
            raise NotABidFile
        return length

    def count(self, kind: int, most: int) -> int:
        """Take a head of this major type whose length is at most `most`."""
        length = self.head(kind)
        if length > most:
            raise NotABidFile
        return length

    def string(self, most: int) -> bytes:
        """Take a byte string."""
        return self._take(self.count(_BYTES, most))

    def text(self, most: int) -> str:
        """Take a text; `most` counts its bytes in UTF-8."""
        written = self._take(self.count(_TEXT, most))
        try:
            return written.decode()
        except UnicodeDecodeError as error:
            raise NotABidFile from error

    def key(self, name: str) -> None:
        """Take the key that stands next in the form."""
        if self.text(LONGEST_NAME) != name:
            raise NotABidFile

    def end(self) -> None:
        """Check that nothing follows."""
        if self._at != len(self._content):
            raise NotABidFile

    def _take(self, size: int) -> bytes:
        end = self._at + size
        if end > len(self._content):
            raise NotABidFile
        taken = self._content[self._at : end]
        self._at = end
        return taken
