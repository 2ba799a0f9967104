"""Run a check: what counts as passed, failed and not testable."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from yuntai.conformance.check import BadAnswer, Findings, Need, NotTestable, State
from yuntai.conformance.checks.secrecy import masked
from yuntai.conformance.description import NoTradingSystem
from yuntai.conformance.probe import Given, Probe
from yuntai.conformance.run import outcome_of
from yuntai.conformance.tests.fake_system import URL, check, probe, way
from yuntai.conformance.wire import Remark, showable

SEEN = Remark("GET /", "HTTP 200")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in China


def state(run: object) -> tuple[State, str]:
    outcome = outcome_of(check(run), probe())
    return outcome.state, outcome.reason


def test_what_was_as_expected_passes() -> None:
    assert state(lambda probe, found: found.expect(True, SEEN, "相符")) == (State.PASSED, "")


def test_one_fault_fails_and_is_named_and_stands_first() -> None:
    def run(_: Probe, found: Findings) -> None:
        for _number in range(8):
            found.expect(True, SEEN, "相符")
        found.expect(False, SEEN, "免费")

    outcome = outcome_of(check(run), probe())

    assert (outcome.state, outcome.reason) == (State.FAILED, "不符合：免费。")
    assert [each.good for each in outcome.evidence] == [False, *[True] * 5]


def test_looking_at_nothing_proves_nothing() -> None:
    assert state(lambda probe, found: None) == (State.UNTESTABLE, "没有可供检测的对象。")


def test_a_lack_is_no_fault() -> None:
    def run(_: Probe, __: Findings) -> None:
        raise NotTestable(Need.BIDDER)

    assert state(run) == (State.UNTESTABLE, "没有提供或没有找到：检测用投标人的证书密钥。")


@pytest.mark.parametrize("error", [BadAnswer(SEEN, "JSON"), KeyError("x"), TypeError(), ValueError("x")])
def test_an_answer_of_another_form_is_a_fault_of_the_system(error: Exception) -> None:
    def run(_: Probe, __: Findings) -> None:
        raise error

    assert state(run)[0] is State.FAILED


def test_no_answer_is_a_fault() -> None:
    def gone(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("gone", request=request)

    tested = probe()
    tested.visitor = Probe(URL, transport=way(), given=Given()).visitor
    tested.visitor._http._transport = httpx.MockTransport(gone)
    outcome = outcome_of(check(lambda probe, found: probe.read("tenders")), tested)

    assert outcome.state is State.FAILED
    assert "没有答复：ConnectError" in outcome.evidence[0].came_back


@pytest.mark.parametrize("about", [[], {}, {"code": "x"}, {"standard": {}, "code": "x", "title": "x"}, None])
def test_what_describes_itself_wrongly_cannot_be_tested(about: object) -> None:
    with pytest.raises(NoTradingSystem, match=r"trading-system\.json"):
        probe(about)


def test_unshowable_characters_do_not_get_into_a_report() -> None:
    assert showable("a\x00b\ud800") == "a\ufffdb\ufffd"
    assert showable("长" * 500) == f"{'长' * 400}…（共 500 字）"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-03-02T01:00:30Z", "⟨时钟⟩"),
        ("2026-03-02 09:05", "⟨时钟⟩"),
        ("2026-03-22T01:00:00Z", "2026-03-22T01:00:00Z"),
        ("剩余 3 天 4 小时", "⟨剩余时间⟩"),
        ('<input name="csrfmiddlewaretoken" value="abc">', '<input name="csrfmiddlewaretoken" value=⟨令牌⟩>'),
        ("已有 3 家递交", "已有 3 家递交"),
        ('"bid_count":3', '"bid_count":3'),
    ],
)
def test_only_clocks_and_tokens_are_masked(text: str, shown: str) -> None:
    assert masked(text, NOW) == shown


def test_a_clock_is_within_ten_minutes() -> None:
    late = (NOW + timedelta(minutes=10)).isoformat()

    assert masked(late, NOW) == late
