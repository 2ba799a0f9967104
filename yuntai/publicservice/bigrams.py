"""Full-text search that finds every substring of Chinese or Latin text, with PostgreSQL alone.

A text becomes the pairs of neighbouring characters in it.  The pairs go straight into a tsvector, past the
parser of to_tsvector, whose word borders depend on the database's locale.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Lookup

MOST_CHARACTERS = 2000  # positions of a tsvector end at 16383; titles and names are far shorter
LONGEST_QUERY = 100


@SearchVectorField.register_lookup
class Matches(Lookup):
    """`search__matches=query(text)`: the tsvector matches a tsquery that `query` made."""

    lookup_name = "matches"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the condition."""
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}::tsquery", (*left_values, *right_values)


def vector(*texts: str) -> str:
    """Return the tsvector of `texts`, written as PostgreSQL writes it back.

    The last character of a run stands alone as well, so that a search for one character finds it too.
    """
    places: dict[str, list[int]] = defaultdict(list)
    place = 0
    for run in _runs(" ".join(texts)[:MOST_CHARACTERS]):
        for lexeme in [*_pairs(run), run[-1]]:
            place += 1
            places[lexeme].append(place)
    sorted_places = sorted(places.items(), key=lambda item: item[0].encode())
    return " ".join(f"'{lexeme}':{','.join(map(str, where))}" for lexeme, where in sorted_places)


def query(text: str) -> str:
    """Return the tsquery for texts that hold every word of `text` as a substring; "" when it has no word."""
    return " & ".join(_phrase(run) for run in _runs(text[:LONGEST_QUERY]))


def _phrase(run: str) -> str:
    pairs = _pairs(run)
    return " <-> ".join(f"'{pair}'" for pair in pairs) if pairs else f"'{run}':*"


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _runs(text: str) -> Iterator[str]:
    # Letters, digits and Chinese characters only: what has a meaning to tsquery is left out with the rest.
    normal = unicodedata.normalize("NFKC", text).lower()
    for is_word, characters in groupby(normal, key=str.isalnum):
        if is_word:
            yield "".join(characters)
