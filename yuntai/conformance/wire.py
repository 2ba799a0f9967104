"""Requests to the system under test, and answers as evidence."""

import json
import re
from dataclasses import dataclass
from typing import Any

import httpx

from yuntai.conformance.check import BadAnswer

TIMEOUT_SECONDS = 30.0
AGENT = "yuntai-conform"
SHOWN_CHARACTERS = 400
# Neither JSON in a database nor a page can keep these.
UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
CHINESE = re.compile("[\u4e00-\u9fff]")


def showable(text: str) -> str:
    """Return `text` short and without characters that no page can show."""
    clean = UNSHOWABLE.sub("\ufffd", text)
    return clean if len(clean) <= SHOWN_CHARACTERS else f"{clean[:SHOWN_CHARACTERS]}…（共 {len(clean)} 字）"


@dataclass(frozen=True)
class Answer:
    """What came back.  request: method and address.  cookies: the Set-Cookie lines."""

    request: str
    status: int
    content_type: str
    content: bytes
    headers: httpx.Headers
    cookies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    @property
    def came_back(self) -> str:
        return showable(f"HTTP {self.status} {self.content_type}\n{self.text}")

    @property
    def is_refused(self) -> bool:
        return 400 <= self.status < 500

    @property
    def is_chinese(self) -> bool:
        """Whether it says something in Chinese: in a problem document, its `detail`."""
        if "json" not in self.content_type:
            return CHINESE.search(self.text) is not None
        try:
            said = json.loads(self.content)["detail"]
        except (ValueError, KeyError, TypeError):
            return False
        return isinstance(said, str) and CHINESE.search(said) is not None

    def document(self) -> dict[str, Any]:
        """Return the JSON object that it is.

        :raises BadAnswer: it is an error or no JSON object.
        """
        try:
            value = json.loads(self.content)
        except (ValueError, RecursionError):
            value = None
        if self.status >= 300 or not isinstance(value, dict):
            raise BadAnswer(self, "成功的答复，内容为一个 JSON 对象")
        return value


@dataclass(frozen=True)
class Remark:
    """Evidence that is no single answer."""

    request: str
    came_back: str


class Wire:
    """One client.  cookies: whether it keeps what it is given.  agent: what it calls itself."""

    def __init__(self, transport: httpx.BaseTransport, *, cookies: bool = False, agent: str = AGENT) -> None:
        self._keeps = cookies
        self._http = httpx.Client(
            transport=transport, timeout=TIMEOUT_SECONDS, headers={"User-Agent": agent}, trust_env=False
        )

    def ask(self, method: str, url: str, **content: Any) -> Answer:
        """Send one request and return the answer, whatever it is; redirects are not followed.

        content: json=, content= or headers=, as httpx takes them.

        :raises BadAnswer: none came.
        """
        if not self._keeps:
            self._http.cookies.clear()
        headers = self._token() | content.pop("headers", {})
        try:
            came = self._http.request(method, url, headers=headers, **content)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise BadAnswer(
                Remark(f"{method} {url}", f"没有答复：{type(error).__name__}"), "有答复"
            ) from error
        return Answer(
            request=showable(f"{method} {url}"),
            status=came.status_code,
            content_type=came.headers.get("content-type", ""),
            content=came.content,
            headers=came.headers,
            cookies=tuple(came.headers.get_list("set-cookie")),
        )

    def get(self, url: str, **content: Any) -> Answer:
        """Read `url`."""
        return self.ask("GET", url, **content)

    def _token(self) -> dict[str, str]:
        for cookie in self._http.cookies.jar:
            if cookie.name.endswith("_csrf"):
                return {"X-CSRFToken": cookie.value or ""}
        return {}
