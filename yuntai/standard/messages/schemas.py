"""The published JSON Schemas of the messages.

`python -m yuntai.standard.messages.schemas FOLDER` writes those that FOLDER lacks.
A schema already written is never overwritten: a released message never changes.
"""

import json
import sys
from pathlib import Path
from typing import Any

from yuntai.standard.messages import MESSAGE_TYPES

_PROSE = ("title", "description")


def schema(type_name: str) -> dict[str, Any]:
    """Return the JSON Schema of a message type, with its explanations, for publication."""
    published = MESSAGE_TYPES[type_name].model_json_schema(mode="serialization")
    # In Python the class sets its type; on the wire nothing else tells what the body is.
    published["required"] = ["type", *published["required"]]
    return published


def frozen_schema(type_name: str) -> Any:
    """Return the schema without titles and descriptions: wording may improve, rules may not."""
    return _without_prose(schema(type_name))


def write_new(folder: Path) -> list[str]:
    """Write the frozen schema of each type that has no file yet; return their names."""
    missing = [name for name in sorted(MESSAGE_TYPES) if not (folder / f"{name}.json").exists()]
    for name in missing:
        text = json.dumps(frozen_schema(name), ensure_ascii=False, indent=2, sort_keys=True)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    return missing


def _without_prose(node: object) -> object:
    if isinstance(node, dict):
        # A field may itself be called "title": its value is a schema, not text.
        return {
            key: _without_prose(value)
            for key, value in node.items()
            if key not in _PROSE or not isinstance(value, str)
        }
    return [_without_prose(part) for part in node] if isinstance(node, list) else node


if __name__ == "__main__":
    for written in write_new(Path(sys.argv[1])):
        sys.stdout.write(f"{written}.json\n")
