"""Opening when somebody cheated or broke something: each row of the failure matrix names who."""

from dataclasses import replace

import pytest

from yuntai.trust import chunked, shamir
from yuntai.trust.padding import pad
from yuntai.trust.sealing import (
    HOLDERS,
    BidderFault,
    Header,
    NotEnoughShares,
    PlatformFault,
    ShareUnreadable,
    open_sealed,
    unwrap_share,
)
from yuntai.trust.tests.sealed_bids import (
    PRICE,
    PRIVATE_KEYS,
    PUBLIC_KEYS,
    make_context,
    make_derivation,
    make_sealed,
    released,
    with_body,
    with_shares,
)


def opened_key(header: Header, body: bytes) -> bytes:
    return open_sealed(header, body, shares=released(header), holder_keys=PUBLIC_KEYS).key


# --- Holders ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("liar", HOLDERS)
@pytest.mark.parametrize(
    "lie", [bytes(32), b"", b"\xff" * 33, None], ids=["garbage", "empty", "long", "unreadable"]
)
def test_names_a_holder_that_lies_and_opens_with_the_other_three(liar: str, lie: bytes | None) -> None:
    header, body = make_sealed()
    shares = released(header) | {liar: lie}

    opened = open_sealed(header, body, shares=shares, holder_keys=PUBLIC_KEYS)

    assert opened.content == PRICE
    assert opened.holder_faults == (liar,)


def test_does_not_blame_a_holder_that_is_late() -> None:
    header, body = make_sealed()

    opened = open_sealed(header, body, shares=released(header, "TPC"), holder_keys=PUBLIC_KEYS)

    assert opened.holder_faults == ()


def test_stays_sealed_when_two_holders_are_absent() -> None:
    header, body = make_sealed()

    with pytest.raises(NotEnoughShares, match="开启需要 3 份有效密钥份额，现有 2 份；") as refusal:
        open_sealed(header, body, shares=released(header, "TR"), holder_keys=PUBLIC_KEYS)

    assert refusal.value.code == "not-enough-shares"
    assert refusal.value.doubtful == ()


def test_stays_sealed_and_names_the_doubtful_when_two_holders_lie() -> None:
    header, body = make_sealed()
    shares = released(header) | {"P": bytes(32), "R": None}

    with pytest.raises(NotEnoughShares, match="P（交易系统运营机构）、R（恢复保管方）") as refusal:
        open_sealed(header, body, shares=shares, holder_keys=PUBLIC_KEYS)

    assert refusal.value.doubtful == ("P", "R")


def test_two_lying_holders_cannot_make_another_bid_open() -> None:
    header, body = make_sealed()
    other, _ = make_sealed("另一个报价".encode())
    foreign = released(other)
    shares = released(header) | {"P": foreign["P"], "C": foreign["C"], "T": foreign["T"]}

    with pytest.raises(NotEnoughShares):
        open_sealed(header, body, shares=shares, holder_keys=PUBLIC_KEYS)


# --- Bidder -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("letters", ["TPCR", "TPC"])
def test_blames_a_bidder_who_sealed_one_bad_share(letters: str) -> None:
    """The bid would open with the three good ones, but a bidder who may choose who can open it cheats."""
    header, body = make_sealed()
    coins = make_derivation(header, opened_key(header, body))
    crooked = with_shares(header, coins, coins.shares() | {"R": bytes(32)})

    with pytest.raises(BidderFault, match=r"R（恢复保管方）.*责任在投标人") as refusal:
        open_sealed(crooked, body, shares=released(crooked, letters), holder_keys=PUBLIC_KEYS)

    assert refusal.value.code == "bidder-fault"


def test_blames_a_bidder_whose_good_share_is_wrapped_for_nobody() -> None:
    header, body = make_sealed()
    crooked = replace(header, wrapped_shares={**header.wrapped_shares, "R": b"\x04" + bytes(112)})
    with pytest.raises(ShareUnreadable):
        unwrap_share(crooked, "R", PRIVATE_KEYS["R"])

    with pytest.raises(BidderFault, match="R（恢复保管方）"):
        open_sealed(crooked, body, shares=released(crooked, "TPC") | {"R": None}, holder_keys=PUBLIC_KEYS)


def test_blames_a_bidder_whose_commitments_do_not_fit_the_shares_he_wrapped() -> None:
    """Without this, wrong commitments to two good shares would look like two lying holders."""
    header, body = make_sealed()
    crooked = replace(header, share_commitments={**header.share_commitments, "T": bytes(32), "P": bytes(32)})

    with pytest.raises(BidderFault, match="T（招标人）、P（交易系统运营机构）"):
        open_sealed(crooked, body, shares=released(crooked), holder_keys=PUBLIC_KEYS)


def test_blames_a_bidder_who_committed_to_another_key() -> None:
    header, body = make_sealed()
    crooked = replace(header, key_commitment=bytes(32))

    with pytest.raises(BidderFault, match="承诺的密钥与密封份额不一致"):
        open_sealed(crooked, body, shares=released(crooked), holder_keys=PUBLIC_KEYS)


@pytest.mark.parametrize("letters", ["TPCR", "TPC", "TPR", "TCR", "PCR"])
def test_blames_a_bidder_whose_shares_give_two_keys(letters: str) -> None:
    """The bidder lies with R: T, P, C give one key, T, P, R another, to be chosen after seeing the others."""
    header, body = make_sealed()
    coins = make_derivation(header, opened_key(header, body))
    shares = coins.shares()
    second_key = bytes(31) + b"\x01"
    # Combining is linear: T and P contribute `zero`, R its share times `weight`; so R's share is the rest
    # divided by the weight.
    zero = shamir.combine({1: shares["T"], 2: shares["P"], 4: bytes(32)})
    weight = shamir.combine({1: bytes(1), 2: bytes(1), 4: b"\x01"})[0]
    wanted = bytes(a ^ b for a, b in zip(zero, second_key, strict=True))
    tables = {shamir.share_at(weight, b"\0", bytes([b]), b"\0")[0]: b for b in range(256)}
    shares["R"] = bytes(tables[byte] for byte in wanted)
    assert shamir.combine({1: shares["T"], 2: shares["P"], 4: shares["R"]}) == second_key
    crooked = with_shares(header, coins, shares)

    with pytest.raises(BidderFault):
        open_sealed(crooked, body, shares=released(crooked, letters), holder_keys=PUBLIC_KEYS)


def test_blames_a_bidder_whose_body_is_under_another_key() -> None:
    header, body = make_sealed()
    salt = body[:24]
    foreign = chunked.encrypt(bytes(32), salt=salt, context=header.binding(), plaintext=pad(PRICE))
    crooked = with_body(header, foreign)

    with pytest.raises(BidderFault, match="正文不能用其承诺的密钥解开"):
        open_sealed(crooked, foreign, shares=released(crooked), holder_keys=PUBLIC_KEYS)


@pytest.mark.parametrize("spoilt", ["salt", "padding"])
def test_blames_a_bidder_whose_body_is_not_made_by_the_rule(spoilt: str) -> None:
    header, body = make_sealed()
    coins = make_derivation(header, opened_key(header, body))
    salt = bytes(24) if spoilt == "salt" else coins.body_salt()
    padded = pad(PRICE) + bytes(1) if spoilt == "padding" else pad(PRICE)
    crooked_body = chunked.encrypt(coins.body_key(), salt=salt, context=coins.bound_to, plaintext=padded)
    crooked = with_body(header, crooked_body)

    with pytest.raises(BidderFault, match="正文不能用其承诺的密钥解开"):
        open_sealed(crooked, crooked_body, shares=released(crooked), holder_keys=PUBLIC_KEYS)


# --- Platform -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["flipped", "cut", "longer", "lost", "another"])
def test_blames_the_platform_for_a_body_that_changed(change: str) -> None:
    header, body = make_sealed()
    changed = {
        "flipped": bytes([body[0] ^ 1]) + body[1:],
        "cut": body[:-1],
        "longer": body + b"\0",
        "lost": b"",
        "another": make_sealed()[1],
    }[change]

    with pytest.raises(PlatformFault, match="异地副本") as refusal:
        open_sealed(header, changed, shares=released(header), holder_keys=PUBLIC_KEYS)

    assert refusal.value.code == "platform-fault"
    intact = open_sealed(header, body, shares=released(header), holder_keys=PUBLIC_KEYS)
    assert intact.content == PRICE  # the copy in the blind store still opens


@pytest.mark.parametrize(
    "moved",
    [
        {"tender": "E3207000001000001002"},
        {"lot": "E3207000001000001001002"},
        {"part": "technical"},
        {"documents_sha256": "6f" * 32},
        {"envelope_id": "00" * 16},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_envelope_moved_elsewhere_opens_for_nobody(moved: dict[str, str]) -> None:
    header, _ = make_sealed(envelope_id="11" * 16)
    replayed = replace(header, context=make_context(**({"envelope_id": "11" * 16} | moved)))

    for letter in HOLDERS:
        with pytest.raises(ShareUnreadable):
            unwrap_share(replayed, letter, PRIVATE_KEYS[letter])


def test_an_envelope_under_another_owner_opens_for_nobody() -> None:
    header, _ = make_sealed()
    stolen = replace(header, owner_public_key=bytes(32))

    for letter in HOLDERS:
        with pytest.raises(ShareUnreadable):
            unwrap_share(stolen, letter, PRIVATE_KEYS[letter])
