"""A person's private key with the certificate: what a USB key holds, here as the JSON file of the sandbox.

Leaves out hardware keys: whatever offers `certificate` and `sign` can stand in.
"""

import json
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from yuntai.bidtool.refusals import BadKeyBundle
from yuntai.trust import certificates

FORMAT = "yuntai-sandbox-key-v1"


@dataclass(frozen=True)
class KeyBundle:
    """certificate: DER.  private_key_pem: PKCS#8, P-256; it is never shown and never sent.

    platform: address of the public service platform, which the bidder may enter in the file; "" without.
    """

    person_name: str
    organization_code: str
    organization_name: str
    certificate: bytes
    private_key_pem: bytes = field(repr=False)
    platform: str = ""

    @classmethod
    def from_json(cls, document: object) -> Self:
        """Read a bundle from decoded JSON, as GET /people/<id>/bundle of the sandbox gives it.

        :raises BadKeyBundle: it is not of that form, or key and certificate are not a pair.
        """
        try:
            values = dict(document)  # type: ignore[call-overload]  # anything may come from a file
            bundle = cls(
                person_name=str(values["person_name"]),
                organization_code=str(values["organization_code"]),
                organization_name=str(values["organization_name"]),
                certificate=ssl.PEM_cert_to_DER_cert(values["certificate_pem"]),
                private_key_pem=values["private_key_pem"].encode(),
                platform=str(values.get("platform", "")),
            )
            known = values["format"] == FORMAT
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadKeyBundle(
                f"证书密钥文件格式不正确：应为 {FORMAT} 格式的 JSON。请重新导出后再试。"
            ) from error
        if not known or not _is_pair(bundle):
            raise BadKeyBundle("证书密钥文件中的私钥与证书不配套，或格式版本不认识。请重新导出后再试。")
        return bundle

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file `path`.

        :raises BadKeyBundle: it can't be read, or as `from_json`.
        """
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise BadKeyBundle(f"读不到证书密钥文件 {path}。请检查路径和权限。") from error
        except ValueError as error:
            raise BadKeyBundle(f"{path} 不是 JSON 文件。请选择导出的证书密钥文件。") from error
        return cls.from_json(document)

    def sign(self, data: bytes) -> bytes:
        """Return the signature over `data`, raw r||s, 64 bytes."""
        return certificates.sign_with(self.private_key_pem, data)


def _is_pair(bundle: KeyBundle) -> bool:
    probe = b"yuntai-key-bundle"
    try:
        return certificates.is_signed_by(bundle.certificate, probe, bundle.sign(probe))
    except certificates.CertificateRefused:
        return False
