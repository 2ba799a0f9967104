"""What the browser's code seals and signs in the national suite, Python opens and verifies."""

import base64
import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.frontend.test_bid_of_the_browser import AMOUNTS, FILES, PLACE, SECONDS, TYPED, b64u
from yuntai.kernel import frontend
from yuntai.standard import bidfile
from yuntai.standard.identifiers import credit_code
from yuntai.trust import certificates, der, issuing, sealing
from yuntai.trust.keys import new_private_key
from yuntai.trust.sandbox_cas import PLANS, Plan, establish

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CODE = credit_code.make("320700", 7)
HOLDERS = {letter: sealing.NATIONAL.new_holder_key() for letter in sealing.HOLDERS}
SUBJECT = certificates.Subject("王投标", "P-000123", CODE, "江苏天建设工程有限公司")


@pytest.fixture(scope="module", params=PLANS, ids=lambda plan: f"CA {plan.letter}")
def made(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A bid by a person of each ca, sealed to holders with SM2 keys."""
    plan: Plan = request.param
    frontend.install(lambda line: None, everything=True)
    ca, key = establish(plan, NOW - timedelta(days=1)), new_private_key(plan.algorithm)
    certificate = issuing.issue_by(ca.signer, SUBJECT, public_key=key.public.der, now=NOW, days=365)
    case = {
        "place": PLACE,
        "holder_keys": {letter: b64u(public) for letter, (_, public) in HOLDERS.items()},
        "bundle": {
            "format": "yuntai-sandbox-key-v1",
            "certificate_pem": der.to_pem(certificate, "CERTIFICATE").decode(),
            "private_key_pem": key.pem.decode(),
            "role_name": "投标人",
        },
        "typed": TYPED,
        "files": [[name, base64.b64encode(file).decode()] for name, file in FILES.items()],
        "made_at": NOW.isoformat(),
        "amounts": AMOUNTS[:1],
        "seconds": SECONDS[:1],
    }
    run = subprocess.run(
        [*frontend.node(), "frontend/tests/cross_bid.ts"],
        cwd=frontend.ROOT, input=json.dumps(case), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def opened(made: dict[str, Any]) -> tuple[sealing.Header, bytes]:
    header = sealing.Header.from_json(made["header"])
    shares = {letter: sealing.unwrap_share(header, letter, HOLDERS[letter][0]) for letter in "TPC"}
    keys = {letter: public for letter, (_, public) in HOLDERS.items()}
    result = sealing.open_sealed(header, base64.b64decode(made["body"]), shares=shares, holder_keys=keys)
    assert result.holder_faults == ()
    return header, result.content


def test_three_holders_open_what_the_browser_sealed(made: dict[str, Any]) -> None:
    header, content = opened(made)

    assert header.suite == "national-1"
    assert content == base64.b64decode(made["content"])
    assert header.digest() == made["digest"]


def test_the_persons_certificate_signed_it(made: dict[str, Any]) -> None:
    header, content = opened(made)

    bid = bidfile.unpack(content, header.context)

    assert certificates.is_signed_by(bid.certificates[0], bid.signed, bid.signature)
    assert not certificates.is_signed_by(bid.certificates[0], bid.signed + b"x", bid.signature)


def test_the_browser_finds_the_credit_code_wherever_the_ca_writes_it(made: dict[str, Any]) -> None:
    header, content = opened(made)

    bid = bidfile.unpack(content, header.context)

    assert bid.form.bidder_code == CODE
    assert made["subject"] == {
        "personName": "王投标",
        "organizationName": "江苏天建设工程有限公司",
        "organizationCode": CODE,
    }


def test_an_envelope_of_the_browser_moved_to_another_lot_does_not_unwrap(made: dict[str, Any]) -> None:
    header = sealing.Header.from_json(made["header"])
    moved = replace(header, context=replace(header.context, lot="E3207000001000001001002"))

    with pytest.raises(sealing.ShareUnreadable):
        sealing.unwrap_share(moved, "T", HOLDERS["T"][0])
