"""Checking the receipt of a bid: is it the system's signed word on exactly this envelope?"""

from collections.abc import Mapping
from typing import Any

from yuntai.bidtool.refusals import ReceiptNotGenuine
from yuntai.standard.canonical import NotCanonical, canonical
from yuntai.trust import signing
from yuntai.trust.base64url import from_base64url
from yuntai.trust.sealing import Header


def check_receipt(receipt: Mapping[str, Any], header: Header, *, system_key: bytes | None = None) -> None:
    """Check that `receipt` names the envelope with `header`, and that the system signed it.

    system_key: Ed25519 public key of the trading system; None leaves the signature unchecked.

    :raises ReceiptNotGenuine: it does not.
    """
    try:
        statement, signature = receipt["statement"], from_base64url(receipt["signature"])
        named = {name: statement[name] for name in _named(header)}
        signed = canonical(statement)
    except (KeyError, TypeError, ValueError, NotCanonical) as error:
        raise ReceiptNotGenuine(
            "回执内容不完整，不能作为递交凭证。请保留密封文件夹并联系运营机构。"
        ) from error
    if named != _named(header):
        raise ReceiptNotGenuine("回执写的不是这份投标文件。请保留密封文件夹并联系运营机构。")
    if system_key is not None and not signing.is_valid(system_key, signed, signature):
        raise ReceiptNotGenuine("回执的签名不是该交易系统的。请保留密封文件夹并联系运营机构。")


def _named(header: Header) -> dict[str, Any]:
    return {
        "lot": header.context.lot,
        "envelope_id": header.context.envelope_id,
        "header_sha256": header.digest(),
        "body_sha256": header.body_sha256,
        "body_length": header.body_length,
    }
