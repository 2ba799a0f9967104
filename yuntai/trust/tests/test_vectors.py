"""The published examples: the file equals what the code makes, and they open."""

import json
from base64 import urlsafe_b64decode

import pytest

from yuntai.trust.sealing import HOLDERS, Header, open_sealed, unwrap_share
from yuntai.trust.tests.make_vectors import (
    LENGTHS,
    VECTORS,
    content_of,
    holder_private_keys,
    holder_public_keys,
    rendered,
    sealed_example,
)


def test_the_published_file_is_what_the_code_makes() -> None:
    assert VECTORS.read_text(encoding="utf-8") == rendered()


@pytest.mark.parametrize("position", range(len(LENGTHS)), ids=lambda n: f"{LENGTHS[n]} bytes")
def test_a_published_example_opens(position: int) -> None:
    example = json.loads(VECTORS.read_text(encoding="utf-8"))["examples"][position]
    header = Header.from_json(example["header"])
    shown = example["body_base64url"]
    body = urlsafe_b64decode(shown + "==") if shown else sealed_example(LENGTHS[position])[1]
    shares = {letter: unwrap_share(header, letter, holder_private_keys()[letter]) for letter in HOLDERS}

    opened = open_sealed(header, body, shares=shares, holder_keys=holder_public_keys())

    assert opened.content == content_of(example["content_length"])
    assert opened.key.hex() == example["entropy"]
    assert {letter: share.hex() for letter, share in shares.items()} == example["shares"]
    assert header.digest() == example["header_sha256"]
