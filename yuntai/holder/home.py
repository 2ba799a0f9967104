"""A holder's home directory: whose it is, its signing key, and one key file per lot.

holder.json     {"letter": "P", "trading_key": base64url}
signing.key     Ed25519, base64, readable by its owner only
lots/<lot>.json private key of the lot, and the instant before which nothing is released
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from yuntai.holder.wire import instant
from yuntai.trust import signing
from yuntai.trust.base64url import base64url, from_base64url


class HomeError(Exception):
    """The home directory cannot be used as asked; `str(error)` says what to do."""


@dataclass(frozen=True)
class LotKey:
    """The holder's key for one lot.

    private_key, public_key: P-256, raw scalar and uncompressed point.
    opens_at: the holder's own record of the earliest release.
    released_root: root of the bid set whose shares were released, "" before.
    """

    lot: str
    tender: str
    private_key: bytes
    public_key: bytes
    opens_at: datetime
    released_root: str = ""


@dataclass(frozen=True)
class Home:
    """letter: T, P, C or R.  trading_key: public key of the trading system, None where none was given."""

    path: Path
    letter: str
    trading_key: bytes | None
    signing_key: bytes

    @classmethod
    def prepare(cls, path: Path, *, letter: str, trading_key: bytes | None = None) -> "Home":
        """Open a home, making it at the first start.

        :raises HomeError: it belongs to another letter, or is bound to another trading system.
        """
        (path / "lots").mkdir(mode=0o700, parents=True, exist_ok=True)
        record = path / "holder.json"
        known = cls._known(record) if record.exists() else None
        if known is not None and known.letter != letter:
            raise HomeError(
                f"目录 {path} 是保管方 {known.letter} 的，不是 {letter} 的。请用 --home 另指定一个目录。"
            )
        pinned = known.trading_key if known else None
        if pinned and trading_key and pinned != trading_key:
            raise HomeError(f"目录 {path} 已绑定另一个交易系统。请用 --home 另指定一个目录。")
        if not (path / "signing.key").exists():
            signing.save_private(path / "signing.key", signing.new_private_key())
        key = trading_key or pinned
        _write(record, {"letter": letter, "trading_key": base64url(key) if key else ""})
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> "Home":
        """Open a home that `prepare` made.

        :raises HomeError: there is none.
        """
        if not (path / "holder.json").exists() or not (path / "signing.key").exists():
            raise HomeError(
                f"{path} 不是保管方的目录。请先运行 yuntai holder --letter … --home {path} 建立。"
            )
        return cls._known(path / "holder.json")

    @classmethod
    def _known(cls, record: Path) -> "Home":
        try:
            known = json.loads(record.read_text(encoding="utf-8"))
            return cls(
                path=record.parent,
                letter=known["letter"],
                trading_key=from_base64url(known["trading_key"]) or None,
                signing_key=signing.load_private(record.parent / "signing.key"),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise HomeError(f"{record} 读不出来。请用备份恢复该文件。") from error

    def public_key(self) -> bytes:
        return signing.public_key(self.signing_key)

    def lot_key(self, lot: str) -> LotKey | None:
        """Return the key of a lot, None when this holder has made none."""
        file = self._lot_file(lot)
        if not file.exists():
            return None
        try:
            stored = json.loads(file.read_text(encoding="utf-8"))
            return LotKey(
                lot=stored["lot"],
                tender=stored["tender"],
                private_key=from_base64url(stored["private_key"]),
                public_key=from_base64url(stored["public_key"]),
                opens_at=datetime.fromisoformat(stored["opens_at"]),
                released_root=stored["released_root"],
            )
        except (ValueError, KeyError, TypeError) as error:
            raise HomeError(f"{file} 读不出来。请用备份恢复该文件。") from error

    def keep(self, key: LotKey) -> None:
        """Store a lot's key; returns only once it is on the disk."""
        stored = {
            "lot": key.lot,
            "tender": key.tender,
            "private_key": base64url(key.private_key),
            "public_key": base64url(key.public_key),
            "opens_at": instant(key.opens_at),
            "released_root": key.released_root,
        }
        _write(self._lot_file(key.lot), stored)

    def _lot_file(self, lot: str) -> Path:
        return self.path / "lots" / f"{lot}.json"


def _write(path: Path, document: dict[str, str]) -> None:
    """Replace a file whole: after a crash the old one or the new one is there, never half of one."""
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
