"""The folder of one bid on the bidder's own device: form, attachments, the sealed bid, receipt, owner key."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yuntai.bidtool.lots import PublishedLot
from yuntai.bidtool.refusals import BadFolder, BidToolError
from yuntai.bidtool.sealed_bid import SealedBid
from yuntai.trust import signing
from yuntai.trust.sealing import Header, MalformedHeader


@dataclass(frozen=True)
class BidFolder:
    """The paths of one bid.

    lot.json     the lot as published, and the system's address
    form.json    the bid form
    files/       attachments
    sealed/      header.json, body.bin, owner.key (readable by its owner only), receipt.json, withdrawn.json
    sealed-…/    earlier sealings, by envelope; never deleted
    """

    home: Path

    @property
    def form_file(self) -> Path:
        return self.home / "form.json"

    @property
    def files(self) -> Path:
        return self.home / "files"

    @property
    def sealed(self) -> Path:
        return self.home / "sealed"

    def prepare(self, system: str, lot: PublishedLot, form: dict[str, Any]) -> None:
        """Make the folder with the lot and a form to complete.

        :raises BadFolder: it holds a form already, which would be lost.
        """
        if self.form_file.exists():
            raise BadFolder(f"{self.form_file} 已存在，未覆盖。请在其中修改，或换一个文件夹。")
        self.files.mkdir(parents=True, exist_ok=True)
        self.keep_lot(system, lot)
        write_json(self.form_file, form)

    def keep_lot(self, system: str, lot: PublishedLot) -> None:
        """Store the lot as published now."""
        write_json(self.home / "lot.json", {"system": system, "lot": lot.document})

    def lot(self) -> PublishedLot:
        """Return the lot as it was published when it was fetched."""
        return PublishedLot.from_json(self._lot_document()["lot"])

    def system(self) -> str:
        """Return the address of the trading system, "" when the lot came from a file."""
        return str(self._lot_document()["system"])

    def attachments(self) -> dict[str, bytes]:
        """Return the attachments by name, in the order of their names.

        :raises BadFolder: one is empty.
        """
        if not self.files.is_dir():
            return {}
        found = {path.name: path.read_bytes() for path in sorted(self.files.iterdir()) if path.is_file()}
        empty = [name for name, content in found.items() if not content]
        if empty:
            raise BadFolder(f"附件 {'、'.join(empty)} 是空文件（0 字节）。请核对后换上正确的文件，或移走它。")
        return found

    def keep_sealed(self, bid: SealedBid) -> None:
        """Store a sealed bid; an earlier one steps aside, its owner key with it.

        :raises BadFolder: a bid of this folder is handed in and not withdrawn.
        """
        self.require_replaceable()
        if self.sealed.exists():
            earlier = self.sealed_bid().envelope_id
            self.sealed.rename(self.home / f"sealed-{earlier}")
        draft = self.home / f"sealed-{bid.envelope_id}.new"
        draft.mkdir(parents=True)
        signing.save_private(draft / "owner.key", bid.owner_key)
        write_bytes(draft / "body.bin", bid.body)
        write_json(draft / "header.json", bid.header.to_json())
        draft.rename(self.sealed)

    def require_replaceable(self) -> None:
        """Check that no bid of this folder stands at the trading system.

        :raises BadFolder: one does.
        """
        if self.receipt() is not None and not self._withdrawn_file.exists():
            raise BadFolder(f"{self.home} 中的投标文件已递交。如需更换，请先用 yuntai bid withdraw 撤回。")

    def sealed_bid(self) -> SealedBid:
        """Return the sealed bid.

        :raises BadFolder: there is none, or a file of it is damaged.
        """
        try:
            header = Header.from_json(json.loads((self.sealed / "header.json").read_text(encoding="utf-8")))
            body = (self.sealed / "body.bin").read_bytes()
            owner_key = signing.load_private(self.sealed / "owner.key")
        except FileNotFoundError as error:
            raise BadFolder(f"{self.home} 中还没有密封好的投标文件。请先用 yuntai bid seal 密封。") from error
        except (OSError, ValueError, MalformedHeader) as error:
            raise BadFolder(f"{self.sealed} 中的文件读不出来或已损坏。请从备份恢复，或重新密封。") from error
        return SealedBid(header, body, owner_key)

    def keep_receipt(self, receipt: dict[str, Any]) -> None:
        write_json(self.sealed / "receipt.json", receipt)

    def receipt(self) -> dict[str, Any] | None:
        """Return the receipt of the sealed bid, None before it is handed in."""
        return _read(self.sealed / "receipt.json")

    def keep_withdrawal(self, facts: dict[str, Any]) -> None:
        write_json(self._withdrawn_file, facts)

    def is_withdrawn(self) -> bool:
        return self._withdrawn_file.exists()

    @property
    def _withdrawn_file(self) -> Path:
        return self.sealed / "withdrawn.json"

    def _lot_document(self) -> dict[str, Any]:
        document = _read(self.home / "lot.json")
        if document is None or not {"system", "lot"} <= set(document):
            raise BadFolder(
                f"{self.home} 中没有标段信息 lot.json。请先用 yuntai bid prepare 生成投标文件夹。"
            )
        return document


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write `document` whole."""
    write_bytes(path, (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole and come back when it is on the disk: a receipt must not be lost to a power cut.

    :raises BadFolder: it can't be written.
    """
    draft = path.with_name(path.name + ".new")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise BadFolder(f"不能写入 {path}。请检查磁盘空间和权限。") from error


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object from a file that a person named.

    :raises BadFolder: it can't be read or is no JSON object.
    """
    document = _read(path)
    if document is None:
        raise BadFolder(f"没有文件 {path}。请检查路径。")
    return document


def _read(path: Path) -> dict[str, Any] | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(path) from error
    if not isinstance(document, dict):
        raise _unreadable(path)
    return document


def _unreadable(path: Path) -> BidToolError:
    return BadFolder(f"{path} 读不出来或不是 JSON。请从备份恢复，或重新生成。")
