"""D20, D21, D22: unsealed and late bids are refused, bids can be replaced, each gets a signed receipt."""

from datetime import datetime, timedelta

from yuntai.conformance import bidder as bidders
from yuntai.conformance.check import BadAnswer, Check, Findings, Need
from yuntai.conformance.probe import Probe
from yuntai.conformance.wire import Answer
from yuntai.standard.canonical import NotCanonical, canonical
from yuntai.trust import clock, signing
from yuntai.trust.base64url import from_base64url
from yuntai.trust.sealing import Header

AT_ONCE = timedelta(minutes=5)


def plain_file_is_refused(probe: Probe, found: Findings) -> None:
    """What is not sealed is refused, with a sentence for the bidder."""
    address = probe.system.address("hand_in", code=probe.open_lot()["code"])
    plain = {"header": {"file": "投标文件.pdf", "encrypted": False}, "signature": ""}
    came = probe.session.ask("POST", address, json=plain)
    found.expect(came.is_refused and came.is_chinese, came, "拒收（4xx），并用中文提示")


def late_bid_is_refused(probe: Probe, found: Findings) -> None:
    """After the deadline nothing is taken."""
    bid = bidders.seal_for(probe.late_lot(), probe.bidder)
    came = bidders.hand_in(probe.session, probe.system, bid)
    found.expect(came.is_refused and came.is_chinese, came, "截止后拒收（4xx），并用中文提示")


def bid_can_be_replaced(probe: Probe, found: Findings) -> None:
    """Before the deadline a bid is withdrawn, another one handed in, and withdrawn again."""
    lot = probe.open_lot()
    for _ in range(2):
        bid = bidders.seal_for(lot, probe.bidder)
        came = bidders.hand_in(probe.session, probe.system, bid)
        found.expect(came.status < 300, came, "截止前可以递交，撤回后可以另交")
        back = bidders.withdraw(probe.session, probe.system, bid)
        found.expect(back.status < 300, back, "截止前可以撤回")


def receipt_is_genuine(probe: Probe, found: Findings) -> None:
    """The answer to the hand-in is the system's signed word on these very bytes, at this time."""
    bid = bidders.seal_for(probe.open_lot(), probe.bidder)
    came = bidders.hand_in(probe.session, probe.system, bid)
    bidders.withdraw(probe.session, probe.system, bid)
    if not found.expect(came.status < 300, came, "递交成功，即时答复回执"):
        return
    statement = _signed_statement(came, probe.system.key)
    found.expect(statement is not None, came, "回执的签名由公布的 signing_key 作出")
    said = came.document().get("statement") or {}
    fits = all(said.get(name) == value for name, value in _named(bid.header).items())
    found.expect(fits, came, "回执写明标段、密封包编号和两个摘要，与递交的一致")
    found.expect(_is_now(said.get("received_at")), came, "回执写明收到时间，与北京时间相差不超过 5 分钟")


def _signed_statement(came: Answer, key: bytes) -> dict[str, object] | None:
    given = came.document()
    try:
        statement, signature = given["statement"], from_base64url(given["signature"])
        return statement if signing.is_valid(key, canonical(statement), signature) else None
    except (KeyError, TypeError, ValueError, NotCanonical) as error:
        raise BadAnswer(came, "回执有 statement 和 signature") from error


def _named(header: Header) -> dict[str, object]:
    return {
        "lot": header.context.lot,
        "envelope_id": header.context.envelope_id,
        "header_sha256": header.digest(),
        "body_sha256": header.body_sha256,
    }


def _is_now(text: object) -> bool:
    try:
        return abs(datetime.fromisoformat(str(text)) - clock.now()) < AT_ONCE
    except (ValueError, TypeError):
        return False


OPEN = (Need.BIDDER, Need.OPEN_LOT)
CHECKS = (
    Check(
        "d20-plain-refused", "D20", "未加密的投标文件拒收并提示", "etendering/26", plain_file_is_refused, OPEN
    ),
    Check(
        "d21-late-refused",
        "D21",
        "逾期送达的拒收",
        "etendering/27",
        late_bid_is_refused,
        (Need.BIDDER, Need.LATE_LOT),
    ),
    Check("d21-replaced", "D21", "截止前可以撤回、另交", "etendering/27", bid_can_be_replaced, OPEN),
    Check("d22-receipt", "D22", "即时发出签名回执", "etendering/27", receipt_is_genuine, OPEN),
)
