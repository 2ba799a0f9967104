"""Is the platform to be believed about a system?  Only as far as the system's operator signed for it.

The platform passes messages on and tells who is connected.  If its word alone were enough, it could give any
system a key of its own and write in that system's name.
"""

import base64
from datetime import datetime

from django.conf import settings

from yuntai.kernel.peers import Peer
from yuntai.kernel.recognition.identification import identify_signer
from yuntai.standard.messages import SystemKeyFacts, SystemListed
from yuntai.standard.system_entry import EntryStatement, holds_key
from yuntai.trust import certificates
from yuntai.trust.base64url import base64url, from_base64url
from yuntai.trust.certificates import CertificateRefused


def why_not_believed(
    message: SystemListed, *, platform: str, listed: Peer | None, before: SystemListed | None
) -> str:
    """Return why `message` must not count, one Chinese sentence; "" when it may.

    platform: code of the system that tells.  listed: the system in this deployment's own list, None when it
    is not there.  before: the last message about the system that was believed.
    """
    name = message.system_code
    if name == platform or (name == settings.SYSTEM_CODE and message.kind != settings.SYSTEM_KIND):
        return f"{name} 是平台或本系统的代码，不能用于别的系统。请更换系统代码。"
    if listed and (listed.kind, listed.industry) != (message.kind, message.industry):
        return f"{name} 在本系统的对接名单中类别或行业不同，不能由平台更改。请核对名单。"
    if before and before.version >= message.version:
        return f"{name} 的登记已是第 {before.version} 版，第 {message.version} 版已过时。"
    known = {each for each in (listed and listed.operator_code, before and before.operator_code) if each}
    if known - {message.operator_code}:
        return f"{name} 的运营机构不能更换。更换运营机构的，请以新的系统代码登记。"
    for key in message.keys:
        if reason := _why_no_key(message, key, platform, listed):
            return f"{name} 的第 {key.number} 号密钥{reason}，不予采信。请核对登记。"
    return ""


def statement_of(message: SystemListed, key: SystemKeyFacts, platform: str) -> EntryStatement:
    """Return what the operator must have signed for `key`."""
    return EntryStatement(
        platform=platform,
        code=message.system_code,
        kind=message.kind,
        industry=message.industry,
        region_code=message.region_code,
        url=message.url,
        operator_code=message.operator_code,
        key_number=key.number,
        public_key=key.public_key,
    )


def why_not_signed(statement: EntryStatement, *, certificate: bytes, signature: bytes, at: datetime) -> str:
    """Return why a certificate's signature is not one of the statement's operator; "" when it is.

    certificate: DER.  signature: over `statement.to_sign()`.  at: the instant the certificate must hold for.
    """
    try:
        identity = identify_signer(certificate, at)
        signed = certificates.is_signed_by(certificate, statement.to_sign(), signature)
    except CertificateRefused as error:
        return f"所附证书不被认可：{str(error).rstrip('。')}"
    if identity.organization_code != statement.operator_code:
        return f"所附证书属于 {identity.organization_code}，不是运营机构 {statement.operator_code} 的证书"
    return "" if signed else "所附签名不是该证书对登记内容作出的"


def _why_no_key(message: SystemListed, key: SystemKeyFacts, platform: str, listed: Peer | None) -> str:
    if listed and key.public_key == base64url(listed.public_key):
        return ""
    if not message.operator_code or (listed and not listed.operator_code):
        return "没有运营机构的签名"
    statement = statement_of(message, key, platform)
    try:
        public_key, possession = from_base64url(key.public_key), from_base64url(key.possession)
        signature, certificate = from_base64url(key.signature), base64.b64decode(key.certificate)
    except ValueError:
        return "的签名无法读取"
    if not holds_key(statement, key.nonce, public_key, possession):
        return "没有证明由该系统持有"
    return why_not_signed(statement, certificate=certificate, signature=signature, at=key.valid_from)
