"""Figures worked out beside the respondents' requests and kept for some seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Generic, TypeVar

KEPT_SECONDS = 10.0
REST = 10.0
"""What took long is kept this many times as long, so that it never takes more than a tenth of the time."""

T = TypeVar("T")


class Latest(Generic[T]):
    """Something that is made again when it is asked for and too old.

    Parameters
    ----------
    make
        Makes it; runs in a thread, one at a time.
    clock
        Seconds that never go backwards.
    """

    def __init__(self, make: Callable[[], T], clock: Callable[[], float] = time.monotonic) -> None:
        self._make = make
        self._clock = clock
        self._kept: tuple[T] | None = None
        self._good_until = 0.0
        self._task: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """Return one that is not too old; several who ask at once wait for the same."""
        if self._kept is not None and self._clock() < self._good_until:
            return self._kept[0]
        return await asyncio.shield(self._renewal())

    async def soon(self, seconds: float) -> T | None:
        """Return one that is not too old if it can be had within some seconds, else an older one, else None."""
        try:
            return await asyncio.wait_for(self.get(), seconds)
        except TimeoutError:
            return self._kept[0] if self._kept else None

    def _renewal(self) -> asyncio.Task[T]:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._renew())
            self._task.add_done_callback(_seen)
        return self._task

    async def _renew(self) -> T:
        began = self._clock()
        made = await asyncio.to_thread(self._make)
        took = self._clock() - began
        self._kept, self._good_until = (made,), self._clock() + max(KEPT_SECONDS, REST * took)
        return made


def _seen(task: asyncio.Task[T]) -> None:
    """Take notice of an error that nobody waits for any more: who asks next gets it, or something better."""
    if not task.cancelled():
        task.exception()
