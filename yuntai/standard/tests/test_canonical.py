"""Canonical JSON (RFC 8785)."""

from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from yuntai.standard.canonical import NotCanonical, canonical, digest


def test_sorts_keys_and_writes_no_spaces() -> None:
    assert canonical({"b": [1, True, None], "a": "云台"}) == '{"a":"云台","b":[1,true,null]}'.encode()


def test_sorts_keys_by_utf_16_units() -> None:
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


def test_digest_is_sha_256_of_the_canonical_bytes() -> None:
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


@pytest.mark.parametrize("value", [Decimal("1.00"), float("nan"), 2**53, {1: 2}, b"x", "\ud800"], ids=repr)
def test_refuses_what_has_no_canonical_form(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical({"value": value})


def test_takes_the_largest_exact_integer() -> None:
    assert canonical(2**53 - 1) == b"9007199254740991"


names = st.text() | st.sampled_from(["a", "B", "_", "\ue000", "\U00010000", "\x7f"])
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=()))
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(names, inner),
    max_leaves=20,
)


@given(values)
def test_writes_what_the_reference_writes_and_refuses_what_it_refuses(value: object) -> None:
    try:
        expected: bytes | None = rfc8785.dumps(value)  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, UnicodeError):
        expected = None

    try:
        written: bytes | None = canonical(value)
    except NotCanonical:
        written = None

    assert written == expected
