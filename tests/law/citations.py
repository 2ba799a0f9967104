"""Finds what cites a clause of law: keys in code and templates, and the articles that prose names."""

import ast
import re
from collections.abc import Iterator

from yuntai.law.clauses import CLAUSES

LAWS = {key.partition("/")[0] for key in CLAUSES}
# What stands beside the word "clause" is a citation whatever it says; elsewhere the form of a key makes one.
NAMED = re.compile(r"""\bclause["']?\s*[=:]\s*["']([^"'{}]*)["']""", re.IGNORECASE)
KEY = re.compile(r"[a-z]+(?:-[a-z]+)*/[0-9][0-9.]*")
# A key that is put together at run time, which nobody can look up.
PUT_TOGETHER = re.compile(rf"(?:{'|'.join(sorted(LAWS))})/")
TITLES = {clause.title: key.partition("/")[0] for key, clause in CLAUSES.items()}
ENGLISH = TITLES | {"实施条例": "tendering-rules", "Decree 20": "etendering"}
ARTICLES = {(key.partition("/")[0], clause.article): key for key, clause in CLAUSES.items()}


def _longest_first(names: dict[str, str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


CHINESE_ARTICLE = re.compile(rf"({_longest_first(TITLES)})》?(第[一二三四五六七八九十百]+条)")
ENGLISH_ARTICLE = re.compile(rf"({_longest_first(ENGLISH)}) art\.? ([0-9]+)")


def citations(text: str, *, is_python: bool = False) -> Iterator[str]:
    """Yield the clause keys that a source or a template cites; of prose, the article's key."""
    yield from (key for key in NAMED.findall(text) if key)
    yield from _in_python(text) if is_python else re.findall(rf"[\"']({KEY.pattern})[\"']", text)
    for title, article in CHINESE_ARTICLE.findall(text):
        yield ARTICLES.get((TITLES[title], article), f"{title}{article}")
    for title, number in ENGLISH_ARTICLE.findall(text):
        yield f"{ENGLISH[title]}/{number}"


def _in_python(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.JoinedStr):
            written = "".join(str(each.value) for each in node.values if isinstance(each, ast.Constant))
            if PUT_TOGETHER.match(written):
                yield f"put together: {written}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
            yield node.value
