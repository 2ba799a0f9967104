"""Seals bids on the bidder's device for four holders, any three of whom can open them: the door to use.

`seal` for the bidder, `unwrap_share` and `share_matches` for a holder, `open_sealed` for the opening.
Format: docs/connect/sealing.md.
"""

import hashlib
import os
from collections.abc import Callable, Mapping

from yuntai.trust.derivation import KEY_BYTES, Derivation, share_info
from yuntai.trust.envelopes import (
    HOLDER_NAMES,
    HOLDERS,
    THRESHOLD,
    VERSION,
    Context,
    Header,
    binding,
)
from yuntai.trust.faults import (
    BidderFault,
    MalformedHeader,
    NotEnoughShares,
    PlatformFault,
    SealError,
    ShareUnreadable,
)
from yuntai.trust.hpke import PRIVATE_KEY_BYTES, PUBLIC_KEY_BYTES
from yuntai.trust.keys import read_private_key
from yuntai.trust.opening import Opened, open_sealed, share_matches
from yuntai.trust.padding import pad
from yuntai.trust.suites import INTERNATIONAL, NATIONAL, SUITES, Suite, suite_of

__all__ = [
    "HOLDERS",
    "HOLDER_NAMES",
    "INTERNATIONAL",
    "NATIONAL",
    "SUITES",
    "THRESHOLD",
    "BidderFault",
    "Context",
    "Header",
    "MalformedHeader",
    "NotEnoughShares",
    "Opened",
    "PlatformFault",
    "SealError",
    "ShareUnreadable",
    "Suite",
    "open_sealed",
    "seal",
    "share_matches",
    "unwrap_share",
]


def seal(
    context: Context,
    content: bytes,
    *,
    holder_keys: Mapping[str, bytes],
    owner_public_key: bytes,
    entropy: Callable[[int], bytes] = os.urandom,
) -> tuple[Header, bytes]:
    """Return header and body of a sealed bid.

    holder_keys: the public key of each of T, P, C, R for this lot, their signatures already checked; their
        curve decides the suite.
    owner_public_key: Ed25519, 32 bytes.
    entropy: asked once, for 32 bytes; give another only to repeat a published example.

    :raises MalformedHeader: a holder's key is missing or not a public key, the keys lie on two curves, or the
        owner's is too short.
    """
    suite = _suite_of(holder_keys, owner_public_key)
    bound_to = binding(context, suite.code, owner_public_key)
    coins = Derivation(suite, entropy(KEY_BYTES), bound_to)
    body = suite.encrypt_body(
        coins.body_key(), salt=coins.body_salt(), context=bound_to, plaintext=pad(content)
    )
    header = Header(
        version=VERSION,
        suite=suite.code,
        context=context,
        key_commitment=coins.key_commitment(),
        share_commitments=coins.share_commitments(),
        wrapped_shares=coins.wrapped_shares(holder_keys),
        body_sha256=hashlib.sha256(body).hexdigest(),
        body_length=len(body),
        owner_public_key=owner_public_key,
    )
    return header, body


def unwrap_share(header: Header, holder: str, private_key: bytes) -> bytes:
    """Return a holder's share of one envelope.

    Not checked: whether it fits the bidder's commitment (`share_matches`).  A holder releases the share all
    the same, since only the opening can tell whose fault a misfit is.

    private_key: the holder's key for this lot, 32 raw bytes or PKCS#8 PEM.

    :raises ShareUnreadable: the share was not wrapped for this key and this envelope.
    """
    info = share_info(header.binding(), holder)
    try:
        return header.algorithms.unwrap(
            _raw_scalar(private_key), info=info, wrapped=header.wrapped_shares[holder]
        )
    except ValueError as error:
        raise ShareUnreadable(
            f"保管方 {holder}（{HOLDER_NAMES[holder]}）无法解开信封 {header.context.envelope_id} 的密钥份额；"
            "请核对所用私钥是否属于本标段。"
        ) from error


def _raw_scalar(private_key: bytes) -> bytes:
    return private_key if len(private_key) == PRIVATE_KEY_BYTES else read_private_key(private_key).scalar


def _suite_of(holder_keys: Mapping[str, bytes], owner_public_key: bytes) -> Suite:
    if set(holder_keys) != set(HOLDERS):
        raise MalformedHeader(f"密封需要 {'、'.join(HOLDERS)} 四个保管方的公钥；请重新获取招标公告中的公钥。")
    for letter, key in holder_keys.items():
        if len(key) != PUBLIC_KEY_BYTES:
            raise MalformedHeader(
                f"保管方 {letter} 的公钥应为 {PUBLIC_KEY_BYTES} 字节，实际为 {len(key)} 字节；"
                "请重新获取招标公告中的公钥。"
            )
    if len(owner_public_key) != 32:
        raise MalformedHeader("投标人设备公钥应为 32 字节；请重新生成。")
    suite = suite_of(holder_keys.values())
    if suite is None:
        raise MalformedHeader(
            "四个保管方的公钥应是同一条曲线（P-256 或 SM2）上的曲线点；请重新获取招标公告中的公钥。"
        )
    return suite
