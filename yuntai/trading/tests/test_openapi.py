"""The published interface: paths and schemas change only on purpose, by replacing the snapshot."""

import json
from pathlib import Path

import pytest
from ninja import NinjaAPI

from yuntai.trading.urls import api, holders_api

SNAPSHOTS = Path(__file__).parent / "snapshots"
INTERFACES = {"api": (api, "/api/v1/"), "holders": (holders_api, "/holders/v1/")}


@pytest.mark.parametrize("name", INTERFACES)
def test_the_interface_is_the_published_one(name: str, tmp_path: Path) -> None:
    fresh = tmp_path / f"{name}.json"
    fresh.write_text(written(*INTERFACES[name]), encoding="utf-8")

    published = (SNAPSHOTS / f"{name}.json").read_text(encoding="utf-8")
    assert fresh.read_text(encoding="utf-8") == published, f"changed; the new schema is {fresh}"


def written(interface: NinjaAPI, prefix: str) -> str:
    schema = json.loads(json.dumps(interface.get_openapi_schema(path_prefix=prefix)))
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
