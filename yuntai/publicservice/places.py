"""Regions as lists and filters show them; an unlisted code is shown as it is, never guessed."""

from yuntai.standard.identifiers import regions


def name(code: str) -> str:
    """Return the short name of a region, the code itself when no list has it."""
    try:
        return regions.name(code)
    except regions.UnknownRegion:
        return code


def prefix(code: str) -> str:
    """Return how the codes of a region and all those below it begin: 331100 → 3311, 330000 → 33."""
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code
