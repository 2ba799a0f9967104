"""Strict reading of JSON objects that came from outside: each field has exactly one accepted form."""

import re
from collections.abc import Sequence

from yuntai.trust.base64url import from_base64url
from yuntai.trust.faults import MalformedHeader

LARGEST_NUMBER = 2**53 - 1  # beyond it JavaScript and RFC 8785 lose digits


class Fields:
    """One JSON object with a known set of keys.  path: how its fields are called in a refusal."""

    def __init__(self, document: object, *, names: Sequence[str], path: str = "") -> None:
        self._path = path
        if not isinstance(document, dict):
            raise MalformedHeader(
                f"密封文件头{path and f'的 {path} '}应为 JSON 对象；请重新密封。", field=path
            )
        self._values: dict[str, object] = document
        for name in names:
            if name not in document:
                raise self.refuse(name, "缺失")
        for name in document:
            if name not in names:
                raise self.refuse(str(name)[:40], "不是规定的字段")

    def refuse(self, name: str, reason: str) -> MalformedHeader:
        """Make the error that names a field and the rule it breaks."""
        field = f"{self._path}.{name}" if self._path else name
        return MalformedHeader(f"密封文件头的 {field} {reason}；请重新密封。", field=field)

    def inner(self, name: str, *, names: Sequence[str]) -> "Fields":
        return Fields(self._values[name], names=names, path=name)

    def text(self, name: str) -> str:
        value = self._values[name]
        if not isinstance(value, str):
            raise self.refuse(name, "应为文本")
        return value

    def whole_number(self, name: str) -> int:
        value = self._values[name]
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_NUMBER:
            raise self.refuse(name, f"应为 0 至 {LARGEST_NUMBER} 的整数")
        return value

    def hexadecimal(self, name: str, length: int) -> bytes:
        value = self.text(name)
        if not re.fullmatch(f"[0-9a-f]{{{2 * length}}}", value):
            raise self.refuse(name, f"应为 {2 * length} 位小写十六进制数")
        return bytes.fromhex(value)

    def base64url(self, name: str, length: int) -> bytes:
        try:
            raw = from_base64url(self.text(name))
        except ValueError:
            raise self.refuse(name, "应为不带填充的 base64url") from None
        if len(raw) != length:
            raise self.refuse(name, f"应为 {length} 字节，实际为 {len(raw)} 字节")
        return raw
