"""Released messages never change: their schemas are frozen in snapshots/."""

import json
from pathlib import Path

import pytest

from yuntai.standard.messages import MESSAGE_TYPES
from yuntai.standard.messages.schemas import frozen_schema, schema, write_new

SNAPSHOTS = Path(__file__).parent / "snapshots"


def test_every_type_has_a_snapshot_and_every_snapshot_a_type() -> None:
    """A new type: run python -m yuntai.standard.messages.schemas yuntai/standard/tests/snapshots."""
    assert {path.stem for path in SNAPSHOTS.glob("*.json")} == set(MESSAGE_TYPES)


@pytest.mark.parametrize("type_name", sorted(MESSAGE_TYPES))
def test_a_released_message_never_changes(type_name: str) -> None:
    frozen = json.loads((SNAPSHOTS / f"{type_name}.json").read_text(encoding="utf-8"))

    assert frozen_schema(type_name) == frozen


def test_freezes_rules_but_not_wording() -> None:
    published, frozen = schema("trading.tender.suspended.v1"), frozen_schema("trading.tender.suspended.v1")

    assert "description" in published
    assert "description" not in frozen
    assert frozen["properties"]["reason"]["maxLength"] == 200


@pytest.mark.parametrize("type_name", sorted(MESSAGE_TYPES))
def test_requires_the_type_and_takes_no_other(type_name: str) -> None:
    published = schema(type_name)

    assert "type" in published["required"]
    assert published["properties"]["type"]["const"] == type_name


def test_keeps_a_field_that_is_called_title() -> None:
    assert "title" in frozen_schema("trading.tender.registered.v1")["properties"]


def test_writes_a_missing_schema_and_never_overwrites_one(tmp_path: Path) -> None:
    kept = tmp_path / "trading.tender.ended.v1.json"
    kept.write_text("as released", encoding="utf-8")

    written = write_new(tmp_path)

    assert sorted([*written, "trading.tender.ended.v1"]) == sorted(MESSAGE_TYPES)
    assert kept.read_text(encoding="utf-8") == "as released"
    assert write_new(tmp_path) == []
