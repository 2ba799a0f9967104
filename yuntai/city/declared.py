"""Reads one table of a TOML file key by key; whatever is wrong is said with the key and what is allowed."""

import re
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from yuntai.city.errors import CityError

Value = TypeVar("Value", str, int, bool)
NAMES: Mapping[type, str] = {str: "文字", int: "整数", bool: "true 或 false", dict: "表", list: "数组"}


class Declared:
    """One table.  where: file and path of keys, as the person wrote them, e.g. "city.toml：system[2]"."""

    def __init__(self, table: Mapping[str, Any], where: str) -> None:
        self._table = table
        self._where = where

    def only(self, *allowed: str) -> None:
        """Refuse keys that mean nothing: a misspelt key must not be passed over.

        :raises CityError: naming the first.
        """
        for key in self._table:
            if key not in allowed:
                raise self.wrong(key, f"没有这个键，可用的键：{'、'.join(allowed)}")

    def text(self, key: str, *, pattern: str = r".+", form: str = "不能为空") -> str:
        """Return the text under `key`, which must match `pattern`; `form` says in Chinese what that means."""
        value = self._value(key, str)
        if not re.fullmatch(pattern, value):
            raise self.wrong(key, f"写的是 {value!r}，{form}")
        return value

    def text_if_any(self, key: str) -> str:
        """Return the text under `key`, "" when it is left out."""
        return self.text(key) if key in self._table else ""

    def choice(self, key: str, allowed: Collection[str]) -> str:
        """Return the text under `key`, one of `allowed`."""
        value = self._value(key, str)
        if value not in allowed:
            raise self.wrong(key, f"写的是 {value!r}，只能是 {'、'.join(allowed)} 之一")
        return value

    def port(self, key: str) -> int:
        """Return the TCP port under `key`."""
        value = self._value(key, int)
        if not 1024 <= value <= 65535:
            raise self.wrong(key, f"写的是 {value}，端口只能是 1024 到 65535")
        return value

    def flag(self, key: str) -> bool:
        """Return the truth value under `key`; false when it is left out."""
        return key in self._table and self._value(key, bool)

    def table(self, key: str) -> "Declared":
        """Return the table under `key`."""
        return Declared(self._typed(key, dict), f"{self._where}{key}.")

    def tables(self, key: str) -> list["Declared"]:
        """Return the tables under `key`, none when it is left out."""
        if key not in self._table:
            return []
        rows = self._typed(key, list)
        if not all(isinstance(row, dict) for row in rows):
            raise self.wrong(key, f"应为若干个 [[{key}]] 表")
        return [Declared(row, f"{self._where}{key}[{number}].") for number, row in enumerate(rows, start=1)]

    def wrong(self, key: str, sentence: str) -> CityError:
        """Return the refusal of what stands under `key`."""
        return CityError(f"{self._where}{key}：{sentence}。请修改后重新启动。")

    def _value(self, key: str, kind: type[Value]) -> Value:
        value: Value = self._typed(key, kind)
        return value

    def _typed(self, key: str, kind: type) -> Any:
        if key not in self._table:
            raise self.wrong(key, f"缺少这个键，应为{NAMES[kind]}")
        value = self._table[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.wrong(key, f"写的是 {value!r}，应为{NAMES[kind]}")
        return value
