"""The register of clauses the code cites: each key, the rule in short, and where it is published.

A paraphrase for users and reviewers, never a substitute for the text itself.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True)
class Clause:
    """A rule of law.

    key: "tendering/24".  title: name of the law.  article: 第二十四条.  text: the rule in short.
    source: the act it was published by.
    """

    key: str
    title: str
    article: str
    text: str
    source: str

    @property
    def citation(self) -> str:
        """How a sentence cites it: 《招标投标法》第二十四条."""
        return f"《{self.title}》{self.article}"


class UnknownClause(KeyError):
    """No clause is registered under that key."""

    def __str__(self) -> str:
        return str(self.args[0])


def _read() -> dict[str, Clause]:
    register = tomllib.loads((files(__package__) / "clauses.toml").read_text(encoding="utf-8"))
    laws = register["laws"]
    clauses = {}
    for key, entry in register["clauses"].items():
        law = laws[key.partition("/")[0]]
        clauses[key] = Clause(key, law["title"], entry["article"], entry["text"], law["source"])
    return clauses


CLAUSES: Mapping[str, Clause] = MappingProxyType(_read())


def clause(key: str) -> Clause:
    """Return the clause registered under `key`.

    :raises UnknownClause: none is.
    """
    try:
        return CLAUSES[key]
    except KeyError:
        raise UnknownClause(f"条款登记中没有 {key}，请先在 yuntai/law/clauses.toml 登记。") from None
