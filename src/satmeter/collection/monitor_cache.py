"""The monitor's figures, worked out beside the respondents' requests and kept for some seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from satmeter.collection.monitor_figures import Figures

KEPT_SECONDS = 10.0
REST = 10.0
"""Figures that took long are kept this many times as long, so that they never take more than a tenth of the time."""


class LatestFigures:
    """Figures that are made again when they are asked for and too old.

    Parameters
    ----------
    make
        Works out the figures at a time in seconds since 1970; runs in a thread, one at a time.
    clock
        Seconds that never go backwards.
    """

    def __init__(self, make: Callable[[float], Figures], clock: Callable[[], float] = time.monotonic) -> None:
        self._make = make
        self._clock = clock
        self._figures: Figures | None = None
        self._made = 0.0
        self._task: asyncio.Task[Figures] | None = None

    async def get(self) -> Figures:
        """Return figures that are not too old; several who ask at once wait for the same ones."""
        kept = self._figures
        if kept is not None and self._clock() - self._made < max(KEPT_SECONDS, REST * kept.took):
            return kept
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._renew())
        return await asyncio.shield(self._task)

    async def _renew(self) -> Figures:
        found = await asyncio.to_thread(self._make, time.time())
        self._figures, self._made = found, self._clock()
        return found
