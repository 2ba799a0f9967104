"""Which files will do as tender documents: their names and sizes, the same at every door."""

from yuntai.trading.tenders.refusals import DocumentRefused

MEGABYTE = 1024 * 1024
GIGABYTE = 1024 * MEGABYTE
MOST_BYTES = 200 * MEGABYTE  # one file
MOST_BYTES_TOGETHER = 2 * GIGABYTE  # all documents of a tender
LONGEST_NAME = 120
# What runs when it is opened is no document, whatever it says: bidders open tender documents trustingly.
SCRIPTS = ("bat", "cmd", "hta", "js", "jse", "ps1", "reg", "sh", "vbe", "vbs", "ws", "wsf", "wsh")
PROGRAMS = ("apk", "app", "com", "cpl", "dll", "exe", "jar", "lnk", "msc", "msi", "msp", "pif", "scr")
FORBIDDEN = '/\\:*?"<>|'


def require_name(name: str) -> None:
    """Check a file's name.

    :raises DocumentRefused: it is empty, too long, hidden, has characters that no file system likes, or is a
        program's.
    """
    plain = name.isprintable() and name == name.strip() and not name.startswith(".")
    if plain and 0 < len(name) <= LONGEST_NAME and not any(mark in name for mark in FORBIDDEN):
        _require_no_program(name)
        return
    shown = "".join(each if each.isprintable() else "□" for each in name[:LONGEST_NAME])
    raise DocumentRefused(
        f"文件名“{shown}”不能用：须为 1 至 {LONGEST_NAME} 个字，不得以点开头，首尾不得有空格，"
        f"不得含换行等控制字符和 {' '.join(FORBIDDEN)}。改名后重新选择。"
    )


def _require_no_program(name: str) -> None:
    _, dot, ending = name.rstrip(".").lower().rpartition(".")  # Windows takes "a.exe." for "a.exe"
    if dot and ending in (*SCRIPTS, *PROGRAMS):
        raise DocumentRefused(
            f"{name} 是程序或脚本（.{ending}），不能作招标文件。"
            "请核对是否选错；须为文档、图纸、清单或压缩包。"
        )


def require_size(name: str, size: int) -> None:
    """Check the size of one file in bytes.

    :raises DocumentRefused: it is empty, or larger than MOST_BYTES.
    """
    if not size:
        raise DocumentRefused(f"{name} 是空文件，没有保存。核对后重新选择。")
    if size > MOST_BYTES:
        raise DocumentRefused(
            f"{name} 有 {in_megabytes(size)}，超过每份 {MOST_BYTES // MEGABYTE} MB 的上限。"
            "压缩或拆分后重新选择。"
        )


def require_room(name: str, size: int, *, others: int) -> None:
    """Check that a tender has room for one more file.  others: bytes of its other documents.

    :raises DocumentRefused: together they would exceed MOST_BYTES_TOGETHER.
    """
    if others + size > MOST_BYTES_TOGETHER:
        raise DocumentRefused(
            f"{name} 有 {in_megabytes(size)}，连同已有的招标文件 {in_megabytes(others)}，"
            f"超过每个招标项目 {MOST_BYTES_TOGETHER // GIGABYTE} GB 的上限。压缩后重新选择。"
        )


def in_megabytes(size: int) -> str:
    """Return a size in bytes as "1.5 MB"."""
    return f"{size / MEGABYTE:.1f} MB"
