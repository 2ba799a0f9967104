"""`yuntai conform URL --report FOLDER`: test a trading system from outside and write the report."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from pydantic import ValidationError

from yuntai.conformance import page, report
from yuntai.conformance.bidder import BadKeyFile, TestBidder
from yuntai.conformance.check import Check, Outcome, State
from yuntai.conformance.description import NoTradingSystem
from yuntai.conformance.platform import TestPlatform
from yuntai.conformance.probe import Given, Probe
from yuntai.conformance.report import Certificate, SignedReport
from yuntai.conformance.run import run
from yuntai.trust import clock, signing

GOOD, NOT_CONFORMING, STOPPED = 0, 1, 2


def main(argv: Sequence[str], *, transport: httpx.BaseTransport | None = None) -> int:
    """Run the suite; 0 when nothing failed, 1 when something did, 2 when the suite could not run.

    transport: how the system is reached; None for the network.
    """
    arguments = _parser().parse_args(argv)
    try:
        given, key, certificate = _given(arguments), _key(arguments), _certificate(arguments)
        with transport or httpx.HTTPTransport() as way:
            signed = _test(arguments, given, way, key, certificate)
        _write(signed, arguments.report)
    except (BadKeyFile, NoTradingSystem) as error:
        sys.stderr.write(f"{error}\n")
        return STOPPED
    return NOT_CONFORMING if signed.report.failed else GOOD


def _test(
    arguments: argparse.Namespace,
    given: Given,
    transport: httpx.BaseTransport,
    key: bytes | None,
    certificate: Certificate | None,
) -> SignedReport:
    began_at = clock.now()
    probe = Probe(arguments.url, transport=transport, given=given)
    outcomes = []
    for check, outcome in run(probe):
        _say(check, outcome)
        outcomes.append((check, outcome))
    made = report.build(
        system=probe.system,
        url=probe.url,
        outcomes=outcomes,
        tester=arguments.tester,
        began_at=began_at,
        ended_at=clock.now(),
        certificate=certificate,
    )
    sys.stdout.write(f"{page.verdict(made)}\n")
    return report.signed(made, key)


def _say(check: Check, outcome: Outcome) -> None:
    word = report.WORDS[outcome.state.value]
    sentence = "" if outcome.state is State.PASSED else f"　{outcome.reason}"
    sys.stdout.write(f"{word}　{check.number} {check.title}{sentence}\n")


def _write(signed: SignedReport, folder: Path) -> None:
    name = f"conformance-{signed.report.system.code}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_bytes(signed.to_bytes())
        (folder / f"{name}.html").write_text(page.page(signed), encoding="utf-8")
    except OSError as error:
        raise BadKeyFile(f"不能写入 {folder}（{error.strerror}）。请检查磁盘空间和权限。") from error
    sys.stdout.write(f"报告：{folder / name}.json、.html。{page.signature_words(signed)}。\n")


def _given(arguments: argparse.Namespace) -> Given:
    return Given(
        bidder=TestBidder.read(arguments.bidder) if arguments.bidder else None,
        platform=TestPlatform.read(arguments.platform) if arguments.platform else None,
        lots=tuple(arguments.lot),
        receipts=tuple(_receipt(path) for path in arguments.receipt),
    )


def _receipt(path: Path) -> dict[str, Any]:
    try:
        receipt = json.loads(path.read_text(encoding="utf-8"))
        if {"lot", "envelope_id", "header_sha256"} <= set(receipt["statement"]):
            return dict(receipt)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadKeyFile(f"{path} 不是递交回执（JSON）。请核对文件。") from error
    raise BadKeyFile(f"{path} 不是递交回执：缺少标段、密封包编号或摘要。请核对文件。")


def _key(arguments: argparse.Namespace) -> bytes | None:
    try:
        return signing.load_private(arguments.key) if arguments.key else None
    except (OSError, ValueError) as error:
        raise BadKeyFile(f"{arguments.key} 不是签名密钥文件。请核对文件和权限。") from error


def _certificate(arguments: argparse.Namespace) -> Certificate | None:
    if not arguments.certificate:
        return None
    try:
        return Certificate(
            number=arguments.certificate,
            level=arguments.level,
            valid_until=date.fromisoformat(arguments.valid_until),
        )
    except (ValidationError, ValueError) as error:
        raise BadKeyFile(
            "证书要素有误：编号为 4 至 50 位字母、数字和连字符，等级 1 至 3，有效期写作 2029-03-01。"
        ) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="yuntai conform",
        description="从外部检测一个电子交易系统是否符合《电子招标投标办法》和接口标准，写出报告。",
    )
    parser.add_argument("url", help="交易系统地址，如 https://jy.example.cn")
    parser.add_argument("--report", type=Path, required=True, help="报告写入的文件夹")
    parser.add_argument("--bidder", type=Path, help="检测用投标人的证书密钥文件（JSON）")
    parser.add_argument("--platform", type=Path, help="检测用公共服务平台的密钥文件（JSON）")
    parser.add_argument("--lot", action="append", default=[], help="可以递交检测用投标文件的标段，可多次指明")
    parser.add_argument(
        "--receipt", type=Path, action="append", default=[], help="此前检测递交得到的回执，可多次指明"
    )
    parser.add_argument("--key", type=Path, help="检测机构的签名密钥；没有则报告不签名")
    parser.add_argument("--tester", default="", help="检测机构名称")
    parser.add_argument("--certificate", default="", help="认证证书编号")
    parser.add_argument("--level", type=int, default=1, help="认证等级，1 至 3 星")
    parser.add_argument("--valid-until", default="", help="证书有效期的最后一日，如 2029-03-01")
    return parser
