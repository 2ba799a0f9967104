"""Sealing and opening in both suites beside the bare ciphers: `python -m benchmarks.sealing`.

Processor time of one thread, so that what else the machine does hardly matters.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yuntai.trust.chunked import Sm4Gcm
from yuntai.trust.sealing import (
    HOLDERS,
    INTERNATIONAL,
    NATIONAL,
    Context,
    Header,
    Suite,
    open_sealed,
    seal,
    unwrap_share,
)

LARGE_BYTES, SMALL_BYTES, BIDS, RUNS = 100 * 2**20, 3000, 200, 3
AIM_OF_RATIO, AIM_OF_SECONDS = 2.0, 5.0
CIPHERS: dict[str, tuple[str, Callable[[], AESGCM | Sm4Gcm]]] = {
    INTERNATIONAL.code: ("AES-256-GCM", lambda: AESGCM(bytes(32))),
    NATIONAL.code: ("SM4-GCM", lambda: Sm4Gcm(bytes(16))),
}


@dataclass(frozen=True)
class Holders:
    """The four holders of one lot: private and public keys by letter."""

    private: dict[str, bytes]
    public: dict[str, bytes]


def lines() -> Iterator[str]:
    """Measure, and yield each figure as a Chinese line."""
    for suite in (INTERNATIONAL, NATIONAL):
        yield _large(suite)
        yield _many_small(suite)


def _large(suite: Suite) -> str:
    holders, content = _holders(suite), os.urandom(LARGE_BYTES)
    name, make_cipher = CIPHERS[suite.code]
    ours, bare = [], []
    for _ in range(RUNS):
        ours.append(_seconds(lambda: _seal_and_open(holders, content)))
        bare.append(_seconds(lambda: _bare(make_cipher(), content)))
    seconds, baseline = median(ours), median(bare)
    return (
        f"{suite.code} 密封并开启 100 MiB：{seconds:.2f} 秒；"
        f"{name} 加密、解密各一遍加两遍 SHA-256：{baseline:.2f} 秒；为其 {seconds / baseline:.2f} 倍"
        f"（目标不超过 {AIM_OF_RATIO:g} 倍）。"
    )


def _many_small(suite: Suite) -> str:
    holders = _holders(suite)
    bids = [_sealed(holders, os.urandom(SMALL_BYTES)) for _ in range(BIDS)]
    shares = [
        {letter: unwrap_share(header, letter, holders.private[letter]) for letter in HOLDERS}
        for header, _ in bids
    ]

    def open_all() -> None:
        for (header, body), released in zip(bids, shares, strict=True):
            open_sealed(header, body, shares=released, holder_keys=holders.public)

    seconds = median(_seconds(open_all) for _ in range(RUNS))
    return (
        f"{suite.code} 开启 {BIDS} 份小投标文件，逐份重新密封比对：{seconds:.2f} 秒"
        f"（目标不超过 {AIM_OF_SECONDS:g} 秒）。"
    )


def _seal_and_open(holders: Holders, content: bytes) -> None:
    header, body = _sealed(holders, content)
    shares: dict[str, bytes | None] = {
        letter: unwrap_share(header, letter, holders.private[letter]) for letter in HOLDERS
    }
    opened = open_sealed(header, body, shares=shares, holder_keys=holders.public)
    if opened.content != content:
        raise RuntimeError("开启结果与密封内容不一致，测量无效。")


def _bare(cipher: AESGCM | Sm4Gcm, content: bytes) -> None:
    sealed = cipher.encrypt(bytes(12), content, None)
    hashlib.sha256(sealed).digest()
    hashlib.sha256(sealed).digest()
    cipher.decrypt(bytes(12), sealed, None)


def _sealed(holders: Holders, content: bytes) -> tuple[Header, bytes]:
    context = Context("T-1", "L-1", "price", "ab" * 32, os.urandom(16).hex())
    return seal(context, content, holder_keys=holders.public, owner_public_key=bytes(32))


def _holders(suite: Suite) -> Holders:
    pairs = {letter: suite.new_holder_key() for letter in HOLDERS}
    return Holders(
        private={letter: private for letter, (private, _) in pairs.items()},
        public={letter: public for letter, (_, public) in pairs.items()},
    )


def _seconds(work: Callable[[], None]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    for line in lines():
        print(line, flush=True)
