"""Opens a sealed bid from released shares and says whose fault it is when that fails.

Not checked here: that the header is the one its owner signed.  The caller compares digests before.
Order of the checks: docs/connect/sealing.md, section 8.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from yuntai.trust import shamir
from yuntai.trust.derivation import POINTS, Derivation, share_commitment
from yuntai.trust.envelopes import HOLDER_NAMES, HOLDERS, THRESHOLD, Header
from yuntai.trust.faults import BidderFault, NotEnoughShares, PlatformFault
from yuntai.trust.padding import BadPadding, unpad


@dataclass(frozen=True)
class Opened:
    """An opened bid.

    key: K, with which anybody can open and check the envelope again.
    holder_faults: holders that released a wrong share or called a good one unreadable.
    """

    content: bytes
    key: bytes
    holder_faults: tuple[str, ...]


def open_sealed(
    header: Header, body: bytes, *, shares: Mapping[str, bytes | None], holder_keys: Mapping[str, bytes]
) -> Opened:
    """Open a sealed bid and compute every byte of its header again.

    shares: what holders released, by letter; None where a holder called its share unreadable.
    holder_keys: the four public keys as published in the tender notice.

    :raises PlatformFault: the body is not the one the header names.
    :raises NotEnoughShares: fewer than three good shares.
    :raises BidderFault: the bid was not sealed by the rule.
    """
    if len(body) != header.body_length or hashlib.sha256(body).hexdigest() != header.body_sha256:
        raise PlatformFault(
            "投标文件正文与投标人签名确认的摘要不符，正文在递交后被改动或丢失；请调取异地副本后重新开启。"
        )
    derivation = _find_key(header, shares)
    _check_header(header, derivation, holder_keys)
    content = _content(header, body, derivation)
    true_shares = derivation.shares()
    faults = tuple(h for h in HOLDERS if h in shares and shares[h] != true_shares[h])
    return Opened(content=content, key=derivation.key, holder_faults=faults)


def share_matches(header: Header, holder: str, share: bytes) -> bool:
    """Is this the share the bidder committed to?  Says nothing about the other three."""
    expected = header.share_commitments[holder]
    return share_commitment(header.algorithms, header.binding(), holder, share) == expected


def _find_key(header: Header, shares: Mapping[str, bytes | None]) -> Derivation:
    """Try each three shares until one gives the key the header commits to."""
    bound_to = header.binding()
    for key in _candidate_keys(shares):
        derivation = Derivation(header.algorithms, key, bound_to)
        if derivation.key_commitment() == header.key_commitment:
            return derivation
    good = [h for h, share in shares.items() if share is not None and share_matches(header, h, share)]
    if len(good) >= THRESHOLD:
        raise BidderFault("投标人承诺的密钥与密封份额不一致，投标文件无法开启；责任在投标人。")
    doubtful = [h for h in HOLDERS if h in shares and h not in good]
    raise NotEnoughShares(
        f"开启需要 {THRESHOLD} 份有效密钥份额，现有 {len(good)} 份"
        f"{_named('；未通过核对的保管方：', doubtful)}；投标文件仍处于密封状态，请补足份额后重新开启。",
        doubtful=doubtful,
    )


def _candidate_keys(shares: Mapping[str, bytes | None]) -> Iterator[bytes]:
    usable = {POINTS[h]: share for h, share in shares.items() if share is not None and len(share) == 32}
    for points in combinations(sorted(usable), THRESHOLD):
        yield shamir.combine({x: usable[x] for x in points})


def _check_header(header: Header, derivation: Derivation, holder_keys: Mapping[str, bytes]) -> None:
    commitments, wrapped = derivation.share_commitments(), derivation.wrapped_shares(holder_keys)
    wrong = [
        h
        for h in HOLDERS
        if header.share_commitments[h] != commitments[h] or header.wrapped_shares[h] != wrapped[h]
    ]
    if wrong:
        raise BidderFault(
            f"投标人密封的密钥份额与重新计算的结果不一致{_named('：', wrong)}；"
            "投标文件未按规定密封，责任在投标人。"
        )


def _content(header: Header, body: bytes, derivation: Derivation) -> bytes:
    salt = derivation.body_salt()
    try:
        if body[: len(salt)] != salt:
            raise BadPadding("another salt")
        padded = header.algorithms.decrypt_body(derivation.body_key(), context=derivation.bound_to, body=body)
        return unpad(padded)
    except ValueError as error:
        raise BidderFault("投标文件正文不能用其承诺的密钥解开，未按规定密封；责任在投标人。") from error


def _named(before: str, holders: list[str]) -> str:
    return before + "、".join(f"{h}（{HOLDER_NAMES[h]}）" for h in holders) if holders else ""
