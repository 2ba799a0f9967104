"""What the browser's code makes, Python opens: sealed bid, bid file, signatures, amounts, time left."""

import base64
import json
import subprocess
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from yuntai.kernel import frontend
from yuntai.kernel.templatetags import values
from yuntai.standard import bidfile, money
from yuntai.standard.identifiers import credit_code
from yuntai.trust import certificates, sealing, signing
from yuntai.trust.hpke import raw_public_key

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PLACE = {
    "tender": "E3207000001000001001",
    "lot": "E3207000001000001001001",
    "part": "price",
    "documents_sha256": "ab" * 32,
}
TYPED = {
    "price_yuan": "12345678.90",
    "duration_days": 180,
    "project_lead": "王投标",
    "quality": "合格",
    "note": "含暂列金额\n“引号”与反斜杠 \\",
}
FILES = {"技术标.pdf": bytes(range(256)) * 300, "报价清单.xlsx": b"", "a.txt": b"x"}
AMOUNTS = (
    *("0.00", "0.05", "0.50", "1.00", "10.01", "100005.00", "107000.53", "100000000.10", "20000000.00"),
    *("10010000.00", "1000000000001.00", "1200300045000.06", "99999999999999.99"),
)
SECONDS = (0, 1, 59, 60, 3599, 3600, 86399, 86400, 172800, 259199, 259200, 1728000)
HOLDERS = {letter: ec.generate_private_key(ec.SECP256R1()) for letter in sealing.HOLDERS}


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_b64u(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture(scope="module")
def made(bundle: dict[str, str]) -> dict[str, Any]:
    """What the browser's code made of one bid."""
    frontend.install(lambda line: None, everything=True)
    case = {
        "place": PLACE,
        "holder_keys": {letter: b64u(raw_public_key(key.public_key())) for letter, key in HOLDERS.items()},
        "bundle": bundle,
        "typed": TYPED,
        "files": [[name, base64.b64encode(file).decode()] for name, file in FILES.items()],
        "made_at": NOW.isoformat(),
        "amounts": AMOUNTS,
        "seconds": SECONDS,
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
    shares = {
        letter: sealing.unwrap_share(header, letter, key.private_numbers().private_value.to_bytes(32))
        for letter, key in HOLDERS.items()
        if letter != "R"
    }
    keys = {letter: raw_public_key(key.public_key()) for letter, key in HOLDERS.items()}
    result = sealing.open_sealed(header, base64.b64decode(made["body"]), shares=shares, holder_keys=keys)
    assert result.holder_faults == ()
    return header, result.content


def test_three_holders_open_what_the_browser_sealed(made: dict[str, Any]) -> None:
    header, content = opened(made)

    assert content == base64.b64decode(made["content"])
    assert header.digest() == made["digest"]


def test_the_bid_file_reads_back_exactly(made: dict[str, Any]) -> None:
    header, content = opened(made)

    bid = bidfile.unpack(content, header.context)

    assert bid.form.price_yuan == Decimal("12345678.90")
    assert (bid.form.duration_days, bid.form.note) == (TYPED["duration_days"], TYPED["note"])
    assert (bid.form.bidder_name, bid.form.bidder_code) == (
        "江苏天建设工程有限公司",
        credit_code.make("320700", 7),
    )
    assert bid.form.made_at == NOW
    assert list(bid.files.items()) == list(FILES.items())


def test_the_bid_file_is_byte_for_byte_what_python_packs(made: dict[str, Any]) -> None:
    header, content = opened(made)
    bid = bidfile.unpack(content, header.context)

    again = bidfile.pack(
        bid.form,
        FILES,
        context=header.context,
        certificates=bid.certificates,
        sign=lambda data: bid.signature,
    )

    assert again == content


def test_the_persons_certificate_signed_it(made: dict[str, Any]) -> None:
    header, content = opened(made)

    bid = bidfile.unpack(content, header.context)

    assert certificates.is_signed_by(bid.certificates[0], bid.signed, bid.signature)
    assert not certificates.is_signed_by(bid.certificates[0], bid.signed + b"x", bid.signature)
    assert made["key_is_extractable"] is False


def test_the_owner_key_signed_submit_and_withdraw(made: dict[str, Any]) -> None:
    owner = from_b64u(made["header"]["owner_public_key"])
    submit, withdraw = (from_b64u(made[f"{act}_signature"]) for act in ("submit", "withdraw"))

    assert signing.is_valid(owner, f"yuntai-submit-v1|{made['digest']}".encode(), submit)
    assert signing.is_valid(owner, f"yuntai-withdraw-v1|{made['digest']}".encode(), withdraw)
    assert not signing.is_valid(owner, f"yuntai-withdraw-v1|{made['digest']}".encode(), submit)


def test_capitals_and_time_left_are_the_same_in_both_languages(made: dict[str, Any]) -> None:
    assert made["capitals"] == [money.in_capitals(Decimal(amount)) for amount in AMOUNTS]
    assert made["time_left"] == [values.time_left(NOW + timedelta(seconds=left), NOW) for left in SECONDS]
