"""The report: all 47 requirements, signed or said to be unsigned, readable by people, and the exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from yuntai.conformance import page, report
from yuntai.conformance.check import Check, Evidence, Outcome, State
from yuntai.conformance.checks import CHECKS
from yuntai.conformance.command import main
from yuntai.conformance.report import Report, SignedReport
from yuntai.conformance.tests.fake_system import URL, probe, way
from yuntai.standard.canonical import canonical
from yuntai.trust import clock, signing

KEY = bytes(range(32))
LOOK = Evidence("GET /<script>", "HTTP 200 <script>alert(1)</script>", "免费 & 公开", good=False)


def outcomes(*failed: str) -> list[tuple[Check, Outcome]]:
    bad, good = Outcome(State.FAILED, "不符合：免费。", (LOOK,)), Outcome(State.PASSED)
    return [(check, bad if check.key in failed else good) for check in CHECKS]


def built(found: list[tuple[Check, Outcome]] | None = None) -> Report:
    now = clock.now()
    return report.build(
        system=probe().system,
        url=URL,
        outcomes=outcomes() if found is None else found,
        tester="某检测中心",
        began_at=now,
        ended_at=now,
    )


def states(made: Report) -> dict[str, str]:
    return {each.number: each.state for each in made.requirements}


def test_lists_all_47_tested_or_not() -> None:
    made = built()

    assert list(states(made)) == [f"D{number}" for number in range(1, 48)]
    assert states(made)["D16"] == "passed"
    assert states(made)["D41"] == "manual"
    assert made.failed == ()


def test_one_failed_check_fails_its_requirement_and_the_ground_for_stopping() -> None:
    made = built(outcomes("d22-receipt"))

    assert made.failed == ("D22", "D44")
    assert made.counted("failed") == 1


def test_not_testable_stands_before_passed() -> None:
    lacking = [
        (check, Outcome(State.UNTESTABLE, "没有提供。") if check.key == "d21-replaced" else outcome)
        for check, outcome in outcomes()
    ]
    made = built(lacking)

    assert states(made)["D21"] == "untestable"


def test_the_signature_is_over_the_canonical_report() -> None:
    signed = report.signed(built(), KEY)

    assert signed.is_signed_by(signing.public_key(KEY))
    assert not signed.is_signed_by(signing.public_key(bytes(32)))
    again = SignedReport.model_validate_json(signed.to_bytes())
    assert again.is_signed_by(signing.public_key(KEY))
    assert canonical(json.loads(signed.to_bytes())) == signed.to_bytes()


def test_any_change_breaks_the_signature() -> None:
    document = json.loads(report.signed(built(outcomes("d22-receipt")), KEY).to_bytes())
    document["report"]["requirements"][21]["state"] = "passed"

    assert not SignedReport.model_validate(document).is_signed_by(signing.public_key(KEY))


def test_the_page_says_when_nobody_signed() -> None:
    assert "没有检测机构的签名" in page.page(report.signed(built(), None))
    assert "密钥编号" in page.page(report.signed(built(), KEY))


def test_the_page_has_no_scripts_and_escapes_what_came_back() -> None:
    written = page.page(report.signed(built(outcomes("d05-interface-open")), None))

    assert "<script" not in written
    assert "HTTP 200 &lt;script&gt;alert(1)" in written
    assert "检测对象&lt;b&gt;" in written
    assert "《电子招标投标办法》第八条" in written
    assert "有 1 项不符合（涉及 D5、D44）" in written


def run(tmp_path: Path, *more: str, about: object = None) -> tuple[int, dict[str, Any]]:
    arguments = [URL, "--report", str(tmp_path / "out"), *more]
    code = main(arguments, transport=way() if about is None else way(about))
    file = tmp_path / "out" / "conformance-trading-test.json"
    return code, json.loads(file.read_bytes()) if file.exists() else {}


def test_the_command_writes_both_files_and_fails_on_a_bad_system(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, written = run(tmp_path)

    assert code == 1
    assert written["signature"] == ""
    assert "不符合　D8 公布运营机构和联系方式" in capsys.readouterr().out
    assert (
        (tmp_path / "out" / "conformance-trading-test.html").read_text("utf-8").startswith("<!doctype html>")
    )


def test_the_command_signs_and_names_the_certificate(tmp_path: Path) -> None:
    signing.save_private(tmp_path / "tester.key", KEY)
    named = ["--certificate", "CTS-2026-1", "--level", "2", "--valid-until", "2029-03-01"]

    _, written = run(tmp_path, "--key", str(tmp_path / "tester.key"), "--tester", "某检测中心", *named)

    assert SignedReport.model_validate(written).is_signed_by(signing.public_key(KEY))
    assert written["report"]["certificate"] == {
        "number": "CTS-2026-1",
        "level": 2,
        "valid_until": "2029-03-01",
    }


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--bidder", "nowhere"], "不是证书密钥文件"),
        (["--platform", "nowhere"], "private_key"),
        (["--receipt", "nowhere"], "不是递交回执"),
        (["--key", "nowhere"], "不是签名密钥文件"),
        (["--certificate", "一", "--valid-until", "2029-03-01"], "证书要素有误"),
        (["--certificate", "CTS-1", "--valid-until", "明年"], "证书要素有误"),
    ],
)
def test_the_command_stops_with_one_sentence(
    more: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, *more) == (2, {})
    assert sentence in capsys.readouterr().err


def test_the_command_stops_where_no_trading_system_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, about={}) == (2, {})
    assert "无法检测" in capsys.readouterr().err
