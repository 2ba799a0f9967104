"""Logging in by challenge, and how refusals reach a person."""

import httpx
import pytest

from yuntai.bidtool.key_bundle import KeyBundle
from yuntai.bidtool.refusals import Refused, UnexpectedAnswer, Unreachable
from yuntai.bidtool.session import Session
from yuntai.bidtool.tests.fake_trading import LOT, URL, FakeTrading


def session_with(answer: httpx.Response) -> Session:
    return Session(URL, transport=httpx.MockTransport(lambda request: answer))


def test_logs_in_with_the_certificate(trading: FakeTrading, bundle: KeyBundle) -> None:
    Session(URL, transport=trading.transport).log_in(bundle)

    assert trading.logged_in == bundle.organization_code


def test_signs_no_challenge_of_another_site(trading: FakeTrading, bundle: KeyBundle) -> None:
    trading.origin = "http://localhost:8000"

    with pytest.raises(UnexpectedAnswer, match="已拒绝签名"):
        Session(URL, transport=trading.transport).log_in(bundle)

    assert trading.logged_in == ""


def test_says_what_the_system_says(trading: FakeTrading, bundle: KeyBundle) -> None:
    session = Session(URL, transport=trading.transport)
    session.get("/login/challenge")

    with pytest.raises(Refused) as caught:
        session.post(f"/api/v1/lots/{LOT}/bids", {})

    assert str(caught.value) == "办理此事须先用证书登录。"
    assert (caught.value.status, caught.value.kind, caught.value.clause) == (401, "not-logged-in", "")


def test_names_the_status_of_an_unexplained_refusal() -> None:
    with pytest.raises(Refused, match="HTTP 502"):
        session_with(httpx.Response(502, text="<html>bad gateway</html>")).get("/api/v1/lots/x")


def test_refuses_an_answer_that_is_no_json() -> None:
    with pytest.raises(UnexpectedAnswer):
        session_with(httpx.Response(200, text="<html></html>")).get("/api/v1/lots/x")


def test_tells_that_nobody_answers() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(Unreachable, match="连接不上 http://localhost:8010"):
        Session(URL, transport=httpx.MockTransport(fail)).get("/")


def test_a_form_that_comes_back_was_not_taken() -> None:
    with pytest.raises(Refused, match="没有受理"):
        session_with(httpx.Response(200, text="<form>")).post_form("/directives", {"reason": ""})


def test_a_form_that_leads_on_was_taken() -> None:
    led_to = session_with(httpx.Response(302, headers={"Location": "/directives/1"})).post_form("/x", {})

    assert led_to == "/directives/1"
