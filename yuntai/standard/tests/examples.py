"""The published example of each message type is its sample.

`python -m yuntai.standard.tests.examples` writes those that messages/examples lacks; a changed one is removed
by hand first, on purpose.
"""

import json
import sys
from pathlib import Path
from typing import Any

from yuntai.standard.messages import Message
from yuntai.standard.tests.samples import SAMPLES

FOLDER = Path(__file__).parents[1] / "messages/examples"


def bodies() -> dict[str, Any]:
    """Return the sample of each type as JSON types."""
    return {body["type"]: body for body in map(Message.body, SAMPLES)}


def write_new(folder: Path) -> list[str]:
    """Write the example of each type that has no file yet; return their names."""
    missing = {name: body for name, body in bodies().items() if not (folder / f"{name}.json").exists()}
    for name, body in missing.items():
        text = json.dumps(body, ensure_ascii=False, indent=2)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    return sorted(missing)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for written in write_new(FOLDER):
        sys.stdout.write(f"{written}.json\n")
