"""Progress on stderr for work that takes longer than two seconds, and how long each step took."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from satmeter.cli.words import words

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE = 2.0  # seconds of silence before a bar is shown


class Steps:
    """The steps of one command, in order.

    Parameters
    ----------
    keys
        Names of the steps: keys of ``[steps]`` in texts.py.
    patience
        Seconds of silence before anything is shown; infinite: nothing ever is.
    """

    def __init__(self, *keys: str, patience: float = PATIENCE) -> None:
        self.keys = keys
        self.patience = patience
        self.timings: dict[str, float] = {}
        self._began = time.perf_counter()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._told = ""

    @contextmanager
    def step(self, key: str) -> Iterator[Callable[[float], None]]:
        """Time one step; the yielded function takes the share of the step that is done, 0 to 1."""
        start = time.perf_counter()
        self._show(key, 0.0)
        yield lambda done: self._show(key, done)
        self.timings[key] = self.timings.get(key, 0.0) + time.perf_counter() - start
        self._show(key, 1.0)

    def _show(self, key: str, done: float) -> None:
        if time.perf_counter() - self._began < self.patience:
            return
        label = words(f"steps.{key}")
        if not sys.stderr.isatty():
            if label != self._told:
                click.echo(f"… {label}", err=True)
                self._told = label
            return
        total = len(self.keys)
        completed = (self.keys.index(key) + done) / total
        if self._bar is None:
            self._start()
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=completed, description=label)

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self._bar = Progress(console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("", total=1.0)
        self._bar.start()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def table(self) -> str:
        """Return the seconds of every step, one line each."""
        lines = [f"{seconds:8.3f} s  {words(f'steps.{key}')}" for key, seconds in self.timings.items()]
        return "\n".join([*lines, f"{sum(self.timings.values()):8.3f} s"])
