"""The 47 requirements of Decree 20 as data, requirements.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Requirement:
    """number: "D1" to "D47".  articles: of the decree.  otherwise: what people examine, "" for nothing."""

    number: str
    articles: str
    title: str
    otherwise: str


def _read() -> tuple[Requirement, ...]:
    rows = tomllib.loads((Path(__file__).parent / "requirements.toml").read_text(encoding="utf-8"))
    return tuple(Requirement(**row) for row in rows["requirement"])


REQUIREMENTS = _read()
