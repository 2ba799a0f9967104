"""Tells the person at the terminal when the city's disk runs full, before systems refuse what comes."""

import shutil
import time
from pathlib import Path

from yuntai.city.processes import Say

LOW_MB = 200
EVERY_SECONDS = 10.0


class DiskWatch:
    """Looks at the free space of the disk of `folder`.  say: takes one Chinese line."""

    def __init__(self, folder: Path, say: Say) -> None:
        self._folder = folder
        self._say = say
        self._next_look = 0.0
        self._is_low = False

    def look(self) -> None:
        """Say once that little is left, and once that there is room again; looks every ten seconds."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + EVERY_SECONDS
        free_mb = shutil.disk_usage(self._folder).free // 1000**2
        is_low = free_mb < LOW_MB
        if is_low and not self._is_low:
            self._say(
                f"{self._folder} 所在磁盘只剩 {free_mb} MB。"
                "用完后，各系统不能保存提交的文件和数据。请马上清理磁盘。"
            )
        if self._is_low and not is_low:
            self._say(f"{self._folder} 所在磁盘已有 {free_mb} MB 可用。")
        self._is_low = is_low
