"""What a file is by its first bytes: neither its name nor what the sender says of it is believed."""

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
LONGEST_MARK = 8

_MARKS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))


def media_type_of(head: bytes) -> str:
    """Return the media type of a file that begins with `head`; "" when it is none of PDF, JPEG and PNG.

    head: the first 8 bytes or more.
    """
    return next((media_type for mark, media_type in _MARKS if head.startswith(mark)), "")
