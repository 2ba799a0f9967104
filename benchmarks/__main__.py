"""Runs the benchmarks in a city of their own and prints each figure beside its baseline."""

import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks import login, messages, sealing, standard_validation, submits
from benchmarks.disk import fdatasync_rate, limit_of_commits
from benchmarks.figures import Figure
from tests.running_city import running_city
from yuntai.city.demo.cast import cast_of
from yuntai.city.demo.teller import ConsoleTeller


def main() -> int:
    """Measure and print; the city is gone afterwards."""
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="yuntai-bench-") as name:
        folder = Path(name)
        limit = limit_of_commits(fdatasync_rate(folder))
        console.print(f"本机 {os.cpu_count()} 核，当前负载 {os.getloadavg()[0]:.1f}。{limit}", soft_wrap=True)
        for line in sealing.lines():
            console.print(line, soft_wrap=True)
        figures: list[login.Logins | Figure] = [standard_validation.measure()]
        console.print("启动测量用的城市")
        with running_city(folder) as city, cast_of(city) as cast:
            teller = ConsoleTeller(console)
            figures += login.measure(cast, teller)
            figures += [submits.measure(cast, teller, limit), *messages.measure(cast, teller, limit)]
        console.print("")
        for figure in figures:
            for line in figure.lines():
                console.print(line, soft_wrap=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
