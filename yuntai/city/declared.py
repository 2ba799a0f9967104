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

    def text_if_any(self, key: str, *, pattern: str = r".+", form: str = "不能为空") -> str:
        """Return the text under `key` as `text` does, "" when it is left out."""
        return self.text(key, pattern=pattern, form=form) if key in self._table else ""

    def region(self, key: str, default: str) -> str:
        """Return the region under `key`, six digits or "" for everywhere; `default` when it is left out."""
        if key not in self._table:
            return default
        return self.text(key, pattern=r"(\d{6})?", form="应为 6 位行政区划代码，或空文字表示不限地区")

    def choice(self, key: str, allowed: Collection[str], default: str = "") -> str:
        """Return the text under `key`, one of `allowed`; `default`, if there is one, when it is left out."""
        if default and key not in self._table:
            return default
        value = self._value(key, str)
        if value not in allowed:
            raise self.wrong(key, f"写的是 {value!r}，只能是 {'、'.join(allowed)} 之一")
        return value

    def choices(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Return the texts under `key`, each one of `allowed`; all of them when it is left out."""
        if key not in self._table:
            return tuple(allowed)
        values = self._typed(key, list)
        if not values or any(value not in allowed for value in values) or len(set(values)) != len(values):
            raise self.wrong(key, f"写的是 {values!r}，应列出 {'、'.join(allowed)} 中的至少一个，不重复")
        return tuple(values)

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
