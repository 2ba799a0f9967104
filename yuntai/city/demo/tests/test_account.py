"""The closing lines of the demo: where to go, by a command that is there."""

from types import SimpleNamespace
from typing import cast

from yuntai.city.demo.account import _where_next
from yuntai.city.demo.findings import Findings


def test_the_next_step_is_a_target_of_make() -> None:
    city = SimpleNamespace(url=lambda code: f"http://localhost/{code}")
    cast_of_play = SimpleNamespace(city=city, trading="t", platform="p", supervision="s")
    played = SimpleNamespace(of_part=lambda part: [])

    lines = _where_next(cast("Findings", SimpleNamespace(cast=cast_of_play, played=played)))

    assert lines[0] == "下一步（用 make up 启动后打开）："
    assert "yuntai city up" not in "".join(lines)
