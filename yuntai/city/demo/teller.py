"""Tells the person watching how far the play is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Teller(Protocol):
    """say: one Chinese line.  counting: a bar of `steps`, moved on by calling what the with block gets."""

    def say(self, line: str) -> None: ...

    def counting(self, what: str, steps: int) -> AbstractContextManager[Callable[[], None]]: ...


class ConsoleTeller:
    """Tells it in a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, line: str) -> None:
        """Print one line."""
        self._console.print(line, soft_wrap=True)

    @contextmanager
    def counting(self, what: str, steps: int) -> Iterator[Callable[[], None]]:
        """Show a bar while the with block runs; when it is done, one line stays."""
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task(what, total=steps)
            yield lambda: progress.advance(task)


class SilentTeller:
    """Tells nobody; for tests."""

    def say(self, line: str) -> None:
        """Say nothing."""

    @contextmanager
    def counting(self, what: str, steps: int) -> Iterator[Callable[[], None]]:
        """Count for nobody."""
        yield lambda: None
