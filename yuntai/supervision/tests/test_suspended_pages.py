"""While a tender stands still its end is not counted down: the lost days will be given back."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from yuntai.supervision.tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

PUT_OFF = "恢复后顺延"


@pytest.fixture
def tender_code() -> str:
    tender = make.watched_tender().tender_code
    make.tell(make.notice_published(tender))
    make.tell(make.tender_suspended(tender, "d-1", at=make.NOW + timedelta(minutes=3)))
    return tender


def words(browser: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", browser.get(address).content.decode()).split())


def test_the_page_says_that_the_deadline_moves(browser: Client, tender_code: str) -> None:
    page = words(browser, f"/tenders/{tender_code}")

    assert "投标截止 恢复后顺延 原定 2026-03-22 周日 09:00" in page
    assert "招标投标 进行中 原定 2026-03-22 周日 09:00 截止，恢复后顺延；" in page
    assert "已过" not in page
    assert "还剩" not in page


@pytest.mark.parametrize("address", ["/tenders", "/board"])
def test_lists_count_nothing_down(browser: Client, tender_code: str, address: str) -> None:
    page = words(browser, address)

    assert "已暂停" in page
    assert "2026-03-22" not in page


def test_a_contracts_limit_goes_on(browser: Client) -> None:
    """What was no milestone ahead is not given back: the law's days for the contract run on."""
    tender_code = make.watched_tender().tender_code
    lot = f"{tender_code}001"
    for message in (
        make.notice_published(tender_code),
        make.opening_recorded(tender_code, lot),
        make.candidates_published(tender_code, lot),
        make.award_published(tender_code, lot),
        make.tender_suspended(tender_code, "d-2", at=make.DUE_LAWFULLY + timedelta(days=7)),
    ):
        make.tell(message)

    page = words(browser, f"/tenders/{tender_code}")

    assert "合同期满 2026-04-28" in page
    assert PUT_OFF not in page
