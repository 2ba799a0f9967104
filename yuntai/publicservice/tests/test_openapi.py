"""The published interface: paths and schemas change only on purpose, by replacing the snapshot."""

import json
from pathlib import Path

from yuntai.publicservice.api import api

SNAPSHOT = Path(__file__).parent / "snapshots" / "openapi.json"


def test_the_interface_is_the_published_one(tmp_path: Path) -> None:
    schema = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    fresh = tmp_path / "openapi.new.json"
    fresh.write_text(
        json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8"
    )

    assert schema == json.loads(SNAPSHOT.read_text(encoding="utf-8")), f"changed; the new schema is {fresh}"


def test_every_operation_has_a_name_of_its_own() -> None:
    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]

    names = [operation["operationId"] for methods in paths.values() for operation in methods.values()]

    assert sorted(names) == [
        "answerChallenge",
        "enterSystem",
        "fetchTrialMessages",
        "handBackReceipts",
        "listSystems",
        "listTenderMessages",
        "listTenders",
        "readParticipant",
        "readSystem",
        "readUnifiedCodes",
        "receiptTrialMessage",
        "registerParticipant",
        "sendTrialMessages",
    ]
