"""Key files: read, and refused when key and certificate are not a pair."""

import json
from pathlib import Path
from typing import Any

import pytest

from yuntai.bidtool.key_bundle import KeyBundle
from yuntai.bidtool.refusals import BadKeyBundle
from yuntai.bidtool.tests.bundles import Issuer
from yuntai.trust import certificates


def test_signs_with_the_key_of_its_certificate(document: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text(json.dumps(document), encoding="utf-8")

    bundle = KeyBundle.read(path)

    assert bundle.person_name == "王投标"
    assert certificates.is_signed_by(bundle.certificate, b"data", bundle.sign(b"data"))


def test_refuses_a_key_of_another_certificate(document: dict[str, Any], issuer: Issuer) -> None:
    other = issuer.bundle("赵投标", "演示赵氏建设工程有限公司", serial=202)

    with pytest.raises(BadKeyBundle, match="不配套"):
        KeyBundle.from_json(document | {"private_key_pem": other["private_key_pem"]})


@pytest.mark.parametrize("missing", ["format", "certificate_pem", "private_key_pem", "organization_code"])
def test_refuses_an_incomplete_file(document: dict[str, Any], missing: str) -> None:
    with pytest.raises(BadKeyBundle, match="格式不正确"):
        KeyBundle.from_json({name: value for name, value in document.items() if name != missing})


def test_refuses_another_format(document: dict[str, Any]) -> None:
    with pytest.raises(BadKeyBundle, match="格式版本"):
        KeyBundle.from_json(document | {"format": "yuntai-sandbox-key-v2"})


@pytest.mark.parametrize("content", ["", "{", "[1]", '"text"'])
def test_refuses_a_file_that_is_no_object(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key.json"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(BadKeyBundle):
        KeyBundle.read(path)


def test_never_shows_the_private_key(bundle: KeyBundle) -> None:
    assert "PRIVATE" not in repr(bundle)
