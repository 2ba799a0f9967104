"""The guide for those who connect a system: docs/connect as pages of the published standard.

The Markdown files are the one text; here they only get the frame of the site, and addresses that lead on.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from yuntai.standard.datasets.pages.html import Markup, page

SOURCE = Path(__file__).parents[4] / "docs" / "connect"
FOLDER = "connect"
FOOTER = "本页的例子由测试逐字节核对。发现照着做不通的地方，请指出。"
_FIRST, _FIRST_PAGE = "README.md", "index.html"
_TITLE = re.compile(r"# (.+)\n")
_LINK = re.compile(r'href="([a-z-]+|README)\.md(?=["#])')
# The text names addresses of the platform as code; on its own pages they can be followed.
_ADDRESS = re.compile(r"<code>(/standard/([a-z/-]+\.html))</code>")
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_EMPTY_HEAD = re.compile(r"<thead>\s*<tr>\s*(?:<th>\s*</th>\s*)+</tr>\s*</thead>")


def guide_files() -> Iterator[tuple[str, str]]:
    """Yield the pages of the guide and its example program: path and text."""
    for source in sorted(SOURCE.iterdir()):
        text = source.read_text(encoding="utf-8")
        if source.suffix == ".md":
            yield f"{FOLDER}/{_page_of(source.stem)}", guide_page(text)
        elif source.suffix == ".py":
            yield f"{FOLDER}/{source.name}", text


def guide_page(text: str) -> str:
    """Return a page of the guide.  text: Markdown that begins with its title."""
    title = _TITLE.match(text)
    if title is None:
        raise ValueError("a page of the guide begins with its title")
    html = _reader().render(text[title.end() :])
    html = _LINK.sub(lambda found: f'href="{_page_of(found[1])}', html)
    html = _ADDRESS.sub(r'<a href="../\2"><code>\1</code></a>', html)
    html = _TABLE.sub(_scrolling, html).replace("<pre>", '<pre tabindex="0">')
    return page(title[1], Markup(html), depth=1, footer=FOOTER)


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("softbreak", _line_end)
    return reader


def _line_end(renderer: object, tokens: Sequence[Token], index: int, *_: object) -> str:
    """A line end is no space between Chinese characters."""
    words = tokens[index - 1].content, tokens[index + 1].content
    return "\n" if all(word.isascii() for word in words) else ""


def _page_of(stem: str) -> str:
    return _FIRST_PAGE if f"{stem}.md" == _FIRST else f"{stem}.html"


def _scrolling(table: re.Match[str]) -> str:
    rows = _EMPTY_HEAD.sub("", table[0])
    return f'<div class="wide prose" tabindex="0" role="region" aria-label="表">{rows}</div>'
