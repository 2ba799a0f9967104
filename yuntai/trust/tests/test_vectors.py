"""The published examples: the files equal what the code makes, and they open."""

import json
from base64 import urlsafe_b64decode

import pytest

from yuntai.trust.sealing import HOLDERS, INTERNATIONAL, NATIONAL, Header, Suite, open_sealed, unwrap_share
from yuntai.trust.tests.make_vectors import (
    FILES,
    LENGTHS,
    content_of,
    holder_private_keys,
    holder_public_keys,
    rendered,
    sealed_example,
)

both_suites = pytest.mark.parametrize("suite", [INTERNATIONAL, NATIONAL], ids=lambda suite: suite.code)


@both_suites
def test_the_published_file_is_what_the_code_makes(suite: Suite) -> None:
    assert FILES[suite.code].read_text(encoding="utf-8") == rendered(suite)


@both_suites
@pytest.mark.parametrize("position", range(len(LENGTHS)), ids=lambda n: f"{LENGTHS[n]} bytes")
def test_a_published_example_opens(suite: Suite, position: int) -> None:
    example = json.loads(FILES[suite.code].read_text(encoding="utf-8"))["examples"][position]
    header = Header.from_json(example["header"])
    shown = example["body_base64url"]
    body = urlsafe_b64decode(shown + "==") if shown else sealed_example(suite, LENGTHS[position])[1]
    shares = {letter: unwrap_share(header, letter, holder_private_keys()[letter]) for letter in HOLDERS}

    opened = open_sealed(header, body, shares=shares, holder_keys=holder_public_keys(suite))

    assert header.suite == suite.code
    assert opened.content == content_of(example["content_length"])
    assert opened.key.hex() == example["entropy"]
    assert {letter: share.hex() for letter, share in shares.items()} == example["shares"]
    assert header.digest() == example["header_sha256"]
