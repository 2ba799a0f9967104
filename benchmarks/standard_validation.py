"""Validations per second of the largest data set, and the same fields in a pydantic model.

The model knows lengths, patterns and closed lists from the published JSON Schema; check characters, dates
that exist, control characters and rules between fields are ours alone.
`python -m benchmarks.standard_validation` needs no city.
"""

import time
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, create_model

from benchmarks.figures import Figure
from yuntai.standard.datasets import data_set, data_sets
from yuntai.standard.datasets.checks import validator
from yuntai.standard.datasets.json_schema import json_schema
from yuntai.standard.datasets.samples import sample

RECORDS, RUNS = 3_000, 5
TEXT_CHARACTERS = 2_000


def measure() -> Figure:
    """Measure both by turns, on one core."""
    no = max(data_sets(), key=lambda known: len(known.fields)).no
    record = _record(no)
    model, check = _model(no), validator(no)
    if check(record):
        raise RuntimeError(f"例记录不符合 {no} 号数据集，测量无效。")
    model.model_validate(record)
    runs, baseline_runs = [], []
    spent = 0.0
    for _ in range(RUNS):
        used = time.process_time()
        runs.append(_rate(lambda: check(record)))
        spent += time.process_time() - used
        baseline_runs.append(_rate(lambda: model.model_validate(record)))
    return Figure(
        name=f"校验 {no} 号数据集（字段最多，{len(record)} 个）的记录",
        unit="条/秒",
        runs=runs,
        baseline_name="同样字段的 pydantic 模型：长度、格式、代码表",
        baseline_runs=baseline_runs,
        cost_ms=spent / (RECORDS * RUNS) * 1000,
        conditions=f"每轮 {RECORDS:,} 条，正文 {TEXT_CHARACTERS:,} 字；另核对校验码、日期和字段间规则。",
        limit="在一个核上，不含磁盘和网络。",
    )


def _record(no: int) -> dict[str, object]:
    texts = {field.name for field in data_set(no).fields if field.field_type.kind == "text"}
    longer = {name: (value * TEXT_CHARACTERS)[:TEXT_CHARACTERS] for name, value in sample(no).items()}
    return {name: longer[name] if name in texts else value for name, value in sample(no).items()}


def _rate(once: Callable[[], object]) -> float:
    started = time.perf_counter()
    for _ in range(RECORDS):
        once()
    return RECORDS / (time.perf_counter() - started)


def _model(no: int) -> type[BaseModel]:
    schema = json_schema(no)
    required = set(schema["required"])
    fields: dict[str, Any] = {
        name: (_type(rule), ... if name in required else None) for name, rule in schema["properties"].items()
    }
    return create_model("Record", __config__=ConfigDict(extra="forbid"), **fields)


def _type(rule: dict[str, Any]) -> Any:
    if "enum" in rule:
        return Literal[tuple(rule["enum"])]
    limits = StringConstraints(
        min_length=rule.get("minLength"), max_length=rule.get("maxLength"), pattern=rule.get("pattern")
    )
    return Annotated[str, limits]


if __name__ == "__main__":
    for line in measure().lines():
        print(line)
