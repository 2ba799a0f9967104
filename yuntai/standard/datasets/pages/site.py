"""All files of the published standard, by path."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from yuntai.standard.code_lists import code_lists
from yuntai.standard.datasets.definitions import data_sets
from yuntai.standard.datasets.json_schema import json_schema
from yuntai.standard.datasets.pages import list_pages, message_pages, reference_pages, set_pages
from yuntai.standard.datasets.pages.guide_pages import guide_files
from yuntai.standard.datasets.pages.html import json_text
from yuntai.standard.messages import MESSAGE_TYPES

ASSETS = ("standard.css", "search.js")
SHARED = ("families.toml", "common.toml", "rules.toml")


def files() -> dict[str, str]:
    """Return every file of the site: path, with "/" between folders, to text."""
    return dict([*guide_files(), *_sets(), *_lists(), *_messages(), *_reference(), *_assets()])


def write(folder: Path) -> int:
    """Write the site into `folder`, made when missing; return how many files that were."""
    site = files()
    for path, content in site.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    return len(site)


def _sets() -> Iterator[tuple[str, str]]:
    yield "index.html", set_pages.index()
    here = resources.files("yuntai.standard.datasets")
    for known in data_sets():
        yield f"datasets/{known.no}.html", set_pages.set_page(known)
        yield f"datasets/{known.no}.json", json_text(json_schema(known.no)) + "\n"
        definition = here / "sets" / f"{known.no}-{known.name}.toml"
        yield f"datasets/{known.no}.toml", definition.read_text(encoding="utf-8")
    for name in SHARED:
        yield f"datasets/{name}", (here / name).read_text(encoding="utf-8")


def _lists() -> Iterator[tuple[str, str]]:
    yield "codes/index.html", list_pages.index()
    for known in code_lists():
        yield f"codes/{known.name}.html", list_pages.list_page(known)
        yield f"codes/{known.name}.csv", list_pages.list_csv(known)


def _messages() -> Iterator[tuple[str, str]]:
    yield "messages/index.html", message_pages.index()
    yield "envelope.html", message_pages.envelope_page()
    for name in sorted(MESSAGE_TYPES):
        yield from message_pages.message_files(name).items()


def _reference() -> Iterator[tuple[str, str]]:
    yield "errors.html", reference_pages.errors()
    yield "errors.csv", reference_pages.errors_csv()
    yield "rules.html", reference_pages.rules_page()
    yield "identifiers.html", reference_pages.identifiers()
    yield "catalogue.html", reference_pages.data_catalogue()
    yield "catalogue.csv", reference_pages.catalogue_csv()


def _assets() -> Iterator[tuple[str, str]]:
    here = resources.files(__package__)
    for name in ASSETS:
        yield name, (here / name).read_text(encoding="utf-8")
