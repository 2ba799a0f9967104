"""What an operator declares of its system, and who signed for it."""

import pytest
from pydantic import ValidationError

from yuntai.standard.system_entry import holds_key
from yuntai.standard.tests.samples import SENDER_KEY, SENDER_PUBLIC_KEY, entry
from yuntai.trust import signing

NONCE = "0f" * 16


def test_the_signed_text_names_the_purpose_and_the_digest_of_all_facts() -> None:
    statement = entry()

    assert statement.to_sign().decode() == f"yuntai-sign-v1|connect-system|{statement.sha256}"
    assert statement.challenge(NONCE).decode() == f"yuntai-key-v1|{statement.sha256}|{NONCE}"


@pytest.mark.parametrize(
    "changes",
    [
        {"platform": "another"},
        {"code": "trading-other"},
        {"kind": "supervision"},
        {"industry": "water"},
        {"region_code": "320700"},
        {"url": ""},
        {"key_number": 2},
        {"public_key": "AAAA"},
    ],
    ids=str,
)
def test_no_fact_can_be_changed_under_the_signature(changes: dict[str, object]) -> None:
    signature = signing.sign(SENDER_KEY, entry().challenge(NONCE))

    assert holds_key(entry(), NONCE, SENDER_PUBLIC_KEY, signature)
    assert entry(**changes).to_sign() != entry().to_sign()
    assert not holds_key(entry(**changes), NONCE, SENDER_PUBLIC_KEY, signature)


def test_a_challenge_is_answered_once_for_each_nonce() -> None:
    signature = signing.sign(SENDER_KEY, entry().challenge(NONCE))

    assert not holds_key(entry(), "0e" * 16, SENDER_PUBLIC_KEY, signature)
    assert not holds_key(entry(), NONCE, SENDER_PUBLIC_KEY[:-1], signature)


@pytest.mark.parametrize(
    "changes", [{"kind": "publicservice"}, {"key_number": 0}, {"code": "Trading"}], ids=str
)
def test_refuses_what_cannot_be_entered(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        entry(**changes)
