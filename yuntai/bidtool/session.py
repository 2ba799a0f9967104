"""A connection to one system over its published interface, logged in by certificate challenge or not."""

import base64
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from yuntai.bidtool.key_bundle import KeyBundle
from yuntai.bidtool.refusals import Refused, UnexpectedAnswer, Unreachable
from yuntai.trust.base64url import base64url
from yuntai.trust.challenge import challenge_bytes

TIMEOUT_SECONDS = 30.0
CSRF_ENDING = "_csrf"
PURPOSE = "login"


class Session:
    """Requests to one system.  A refusal is an exception whose text is the system's own Chinese sentence.

    url: scheme, host and port.
    transport: shared by many sessions of one process, whose owner closes it; None for one of its own.
    """

    def __init__(self, url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self.url = url.rstrip("/")
        local = urlsplit(self.url).hostname in {"localhost", "127.0.0.1"}
        # A proxy of the machine must not see what goes to the machine itself.
        self._http = httpx.Client(
            base_url=self.url, timeout=TIMEOUT_SECONDS, transport=transport, trust_env=not local
        )

    def __enter__(self) -> Self:
        """Return the session, closed at the end of the with block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._http.close()

    def log_in(self, bundle: KeyBundle) -> None:
        """Prove that `bundle` holds the key of its certificate; the session is that person's from now on.

        :raises Refused: the certificate is not recognised, or its owner is nobody in this system.
        :raises UnexpectedAnswer: the challenge is not for this system: signing it would help somebody else.
        """
        given = self.get("/login/challenge")
        try:
            origin, purpose = str(given["origin"]), str(given["purpose"])
            nonce, issued_at = bytes.fromhex(given["nonce"]), datetime.fromisoformat(given["issued_at"])
        except (KeyError, TypeError, ValueError) as error:
            raise UnexpectedAnswer(f"{self.url} 的登录挑战不符合接口标准。请核对系统地址。") from error
        if origin != self.url or purpose != PURPOSE:
            raise UnexpectedAnswer(f"登录挑战来自 {origin}，不是 {self.url}，已拒绝签名。请核对系统地址。")
        signature = bundle.sign(challenge_bytes(origin, nonce, issued_at, purpose))
        self.post(
            "/login/answer",
            {
                "certificate": base64.b64encode(bundle.certificate).decode(),
                "signature": base64url(signature),
            },
        )

    def get(self, path: str) -> Any:
        """Return the decoded JSON at `path`.

        :raises Unreachable, Refused, UnexpectedAnswer: as `request`; the latter also when it is no JSON.
        """
        return _decoded(self.request("GET", path))

    def get_bytes(self, path: str) -> bytes:
        """Return what is at `path`, undecoded."""
        return self.request("GET", path).content

    def post(self, path: str, content: object) -> Any:
        """Post `content` as JSON and return the decoded answer."""
        return _decoded(self.request("POST", path, json=content))

    def post_form(self, path: str, fields: dict[str, Any]) -> str:
        """Post the fields of a page's form and return the address the system leads to afterwards.

        :raises Refused: the page came back instead, with what was wrong.
        """
        answer = self.request("POST", path, data=fields)
        if not answer.is_redirect:
            raise Refused(
                f"{path} 没有受理提交的表单。请在浏览器中打开该页查看原因。", status=answer.status_code
            )
        return answer.headers["Location"]

    def put(self, path: str, content: bytes) -> Any:
        """Put `content` and return the decoded answer."""
        return _decoded(self.request("PUT", path, content=content))

    def request(self, method: str, path: str, **content: Any) -> httpx.Response:
        """Send one request and return the answer, unless it is a refusal.

        content: json=, data= or content=, as httpx takes them.

        :raises Unreachable: no answer; the request may have taken effect all the same.
        :raises Refused: an answer of 400 or above.
        """
        headers = {} if method == "GET" else {"X-CSRFToken": self._csrf_token()}
        try:
            answer = self._http.request(method, path, headers=headers, **content)
        except httpx.HTTPError as error:
            raise Unreachable(f"连接不上 {self.url}，没有得到答复。请检查网络，稍后重试。") from error
        if answer.is_error:
            raise _refusal(answer)
        return answer

    def _csrf_token(self) -> str:
        # The cookie's name carries the system's code, which a client need not know.
        for cookie in self._http.cookies.jar:
            if cookie.name.endswith(CSRF_ENDING):
                return cookie.value or ""
        return ""


def _decoded(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise UnexpectedAnswer(f"{answer.url} 的答复不是 JSON。请核对系统地址。") from error


def _refusal(answer: httpx.Response) -> Refused:
    try:
        problem = answer.json()
        return Refused(
            str(problem["detail"]),
            status=answer.status_code,
            kind=str(problem.get("type", "")).removeprefix("urn:problem:"),
            clause=str(problem.get("clause", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return Refused(
            f"{answer.url} 答复 HTTP {answer.status_code}，没有说明原因。", status=answer.status_code
        )
