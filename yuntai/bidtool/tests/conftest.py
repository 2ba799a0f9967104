"""王投标 with a certificate, and a trading system that recognises it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from yuntai.bidtool.key_bundle import KeyBundle
from yuntai.bidtool.lots import PublishedLot
from yuntai.bidtool.tests.bundles import Issuer
from yuntai.bidtool.tests.fake_trading import FakeTrading
from yuntai.standard.bidfile import BidForm

NOW = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def document(issuer: Issuer) -> dict[str, Any]:
    """Return the key file of 王投标."""
    return issuer.bundle("王投标", "演示王氏建设工程有限公司", serial=201)


@pytest.fixture
def bundle(document: dict[str, Any]) -> KeyBundle:
    return KeyBundle.from_json(document)


@pytest.fixture
def trading(issuer: Issuer) -> FakeTrading:
    return FakeTrading(issuer.root)


@pytest.fixture
def lot(trading: FakeTrading) -> PublishedLot:
    return PublishedLot.from_json(trading.lot())


@pytest.fixture
def form(lot: PublishedLot, bundle: KeyBundle) -> BidForm:
    return BidForm.model_validate(
        {
            "tender_code": lot.tender_code,
            "lot_code": lot.code,
            "bidder_code": bundle.organization_code,
            "bidder_name": bundle.organization_name,
            "price_yuan": "51234567.89",
            "duration_days": 365,
            "project_lead": "王工",
            "quality": "合格",
            "made_at": NOW,
        }
    )
