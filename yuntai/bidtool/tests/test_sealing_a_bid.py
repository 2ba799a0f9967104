"""Sealing: three holders open it again, and it is bound to lot, form and signer."""

import pytest

from yuntai.bidtool.key_bundle import KeyBundle
from yuntai.bidtool.lots import PublishedLot
from yuntai.bidtool.refusals import BadForm
from yuntai.bidtool.sealed_bid import seal_bid
from yuntai.bidtool.tests.fake_trading import FakeTrading
from yuntai.standard.bidfile import BidForm, unpack
from yuntai.trust import certificates
from yuntai.trust.sealing import open_sealed, unwrap_share


def test_three_holders_read_what_was_sealed(
    trading: FakeTrading, lot: PublishedLot, bundle: KeyBundle, form: BidForm
) -> None:
    bid = seal_bid(form, {"施工组织设计.pdf": b"%PDF"}, lot=lot, bundle=bundle)

    shares = {letter: unwrap_share(bid.header, letter, trading.holder_pairs[letter][0]) for letter in "TPC"}
    opened = open_sealed(bid.header, bid.body, shares=shares, holder_keys=lot.holder_keys)
    inside = unpack(opened.content, bid.header.context)
    assert inside.form == form
    assert inside.files == {"施工组织设计.pdf": b"%PDF"}
    assert certificates.is_signed_by(inside.certificates[0], inside.signed, inside.signature)


def test_nothing_of_the_bid_shows_outside(lot: PublishedLot, bundle: KeyBundle, form: BidForm) -> None:
    bid = seal_bid(form, {}, lot=lot, bundle=bundle)

    outside = bid.body + str(bid.submission()).encode()
    for secret in ("51234567.89", bundle.organization_code, bundle.organization_name, bundle.person_name):
        assert secret.encode() not in outside


def test_no_two_sealings_share_anything(lot: PublishedLot, bundle: KeyBundle, form: BidForm) -> None:
    first, second = (seal_bid(form, {}, lot=lot, bundle=bundle) for _ in range(2))

    assert first.envelope_id != second.envelope_id
    assert first.owner_key != second.owner_key
    assert first.header.key_commitment != second.header.key_commitment


def test_refuses_a_form_for_another_lot(lot: PublishedLot, bundle: KeyBundle, form: BidForm) -> None:
    other = form.model_copy(update={"lot_code": "E3207000001000001001002"})

    with pytest.raises(BadForm, match="E3207000001000001001002"):
        seal_bid(other, {}, lot=lot, bundle=bundle)


def test_refuses_a_form_of_another_bidder(lot: PublishedLot, bundle: KeyBundle, form: BidForm) -> None:
    other = form.model_copy(update={"bidder_code": "91320700MA0002027X"})

    with pytest.raises(BadForm, match="同一单位"):
        seal_bid(other, {}, lot=lot, bundle=bundle)
