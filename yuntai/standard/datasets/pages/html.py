"""Small pieces of HTML: frame, tables, lists of facts.  Text is escaped here and nowhere else."""

import json
from collections.abc import Iterable, Sequence
from html import escape

NAME = "数据接口标准 第 1 版"

NAVIGATION = (
    ("index.html", "数据集"),
    ("connect/index.html", "接入指南"),
    ("codes/index.html", "代码表"),
    ("messages/index.html", "报文"),
    ("envelope.html", "信封与回执"),
    ("identifiers.html", "标识码"),
    ("rules.html", "规则"),
    ("errors.html", "错误码"),
    ("catalogue.html", "数据目录"),
)


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(value: object) -> Markup:
    """Return `value` as HTML: markup as it stands, anything else escaped."""
    return value if isinstance(value, Markup) else Markup(escape(str(value)))


def link(address: str, words: object) -> Markup:
    return Markup(f'<a href="{escape(address)}">{text(words)}</a>')


def code(value: object) -> Markup:
    return Markup(f"<code>{text(value)}</code>")


def join(parts: Iterable[object], between: str = "") -> Markup:
    return Markup(text(between).join(text(part) for part in parts))


def paragraph(*parts: object) -> Markup:
    return Markup(f"<p>{join(parts)}</p>\n")


def heading(words: object, *, anchor: str = "") -> Markup:
    mark = f' id="{escape(anchor)}"' if anchor else ""
    return Markup(f"<h2{mark}>{text(words)}</h2>\n")


def bullets(items: Iterable[object]) -> Markup:
    return Markup("<ul>" + "".join(f"<li>{text(item)}</li>" for item in items) + "</ul>\n")


def facts(pairs: Iterable[tuple[str, object]]) -> Markup:
    """Return named facts; those without a value are left out."""
    rows = "".join(f"<dt>{text(name)}</dt><dd>{text(value)}</dd>" for name, value in pairs if value)
    return Markup(f"<dl>{rows}</dl>\n")


def table(
    heads: Sequence[str], rows: Iterable[Sequence[object]], *, caption: str, searched: bool = False
) -> Markup:
    """Return a table that scrolls inside itself on a phone.

    searched: the script adds a search field that hides the rows without the words typed.
    """
    head = "".join(f'<th scope="col">{text(each)}</th>' for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    mark = " data-searched" if searched else ""
    return Markup(
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}"><table{mark}>'
        f"<caption>{text(caption)}</caption><thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n"
    )


def example(value: object, caption: str) -> Markup:
    """Return a JSON value, or text as it stands, as an example to copy."""
    words = value if isinstance(value, str) else json_text(value)
    return Markup(
        f'<figure><figcaption>{text(caption)}</figcaption><pre tabindex="0">{text(words)}</pre></figure>\n'
    )


def json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


FOOTER = (
    "本页由标准的定义文件自动生成，与程序执行的检查一致。发现与上位规范不符的，请指出，以修改定义文件为准。"
)


def page(title: str, *parts: object, depth: int = 0, footer: str = FOOTER) -> str:
    """Return a whole page.  depth: how many folders it lies below the first page."""
    root = "../" * depth
    links = "".join(f"<li>{link(root + address, words)}</li>" for address, words in NAVIGATION)
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)} · 数据接口标准</title>\n"
        f'<link rel="stylesheet" href="{root}standard.css">\n'
        f'<script src="{root}search.js" defer></script>\n</head>\n<body>\n'
        '<a class="skip" href="#main">跳到正文</a>\n'
        f'<header><p class="name"><a href="{root}index.html"><b>云台</b> {NAME}</a></p>\n'
        f'<nav aria-label="标准各部分"><ul>{links}</ul></nav></header>\n'
        f'<main id="main">\n<h1>{text(title)}</h1>\n{join(parts)}</main>\n'
        f"<footer><p>{text(footer)}</p></footer>\n</body>\n</html>\n"
    )
