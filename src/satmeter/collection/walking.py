"""Many simulated respondents at once, each with a browser of their own, against a running server."""

from __future__ import annotations

import math
import random as randomness
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from satmeter.collection.walk_browser import Browser, Tally, check_address
from satmeter.collection.walker import Simulated, Walk, Walker
from satmeter.errors import CollectionError, Problem

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Walked:
    """What all did.

    Attributes
    ----------
    walks
        In the order of the simulated respondents.
    seconds
        From the first request to the last.
    posts, pages
        Seconds of every post and of every page that was asked for, sorted.
    trouble
        Kinds of trouble to their number.
    """

    walks: tuple[Walk, ...]
    seconds: float
    posts: tuple[float, ...]
    pages: tuple[float, ...]
    trouble: Counter[str]

    @property
    def answers(self) -> int:
        """Return how many answers were posted and taken."""
        return sum(walk.answers for walk in self.walks)

    def endings(self, ending: str) -> int:
        """Return how many respondents ended so."""
        return sum(walk.ending == ending for walk in self.walks)


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of all does not exceed; NaN of none.

    Examples
    --------
    >>> quantile([1.0, 2.0, 3.0, 4.0], 0.5)
    2.0
    """
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


def walk_all(
    url: str,
    simulated: Sequence[Simulated],
    *,
    at_once: int = 50,
    seed: int = 1,
    own_server: bool = False,
    patience: float = PATIENCE,
    progress: Callable[[float], None] = lambda share: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Walked:
    """Send simulated respondents through the form of a server.

    Parameters
    ----------
    url
        Of the server; on this machine unless `own_server`.
    simulated
        The respondents.
    at_once
        How many answer at the same time, at least 1.
    seed
        Of their habits; what they answer is simulated already.
    patience
        Seconds in which a post that was not answered is sent again as it was.
    progress
        Told the share that is done.
    stopped
        Asked now and then; True: nobody begins any more.

    Raises
    ------
    CollectionError
        C130, C131: the address; C132: nobody answers there; C133: no form of satmeter's, or another questionnaire's.
    """
    address = check_address(url, own_server=own_server)
    _look(address)
    waiting: SimpleQueue[int] = SimpleQueue()
    for number in range(len(simulated)):
        waiting.put(number)
    walks: list[Walk] = [Walk() for _ in simulated]
    tallies: list[Tally] = []
    done = SimpleQueue[int]()

    def work() -> None:
        while not stopped():
            try:
                number = waiting.get_nowait()
            except Empty:
                return
            browser = Browser(address, patience=patience, stopped=stopped)
            random = randomness.Random(f"{seed}-{number}")  # noqa: S311  habits are no secret
            walks[number] = Walker(browser, simulated[number], random).go()
            tallies.append(browser.tally)
            done.put(number)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(at_once, len(simulated)))]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(0.2)
            progress(done.qsize() / len(simulated))
    return _summed(walks, tallies, time.perf_counter() - begun)


def _look(address: str) -> None:
    """See whether there is a form before anybody is sent.

    Raises
    ------
    CollectionError
        C132 nobody answers, C133 something else answers.
    """
    browser = Browser(address, patience=0, stopped=lambda: True)
    try:
        welcome = browser.get("/")
    except CollectionError as error:
        params = error.problems[0].params
        raise CollectionError(Problem("C132", got=address, params=params)) from None
    finally:
        browser.close()
    if welcome.status != 200 or 'name="k"' not in welcome.text:
        raise CollectionError(Problem("C133", got=address, params={"status": welcome.status}))


def _summed(walks: list[Walk], tallies: list[Tally], seconds: float) -> Walked:
    trouble: Counter[str] = Counter()
    for tally in tallies:
        trouble.update(tally.trouble)
    trouble.update(walk.trouble for walk in walks if walk.trouble)
    return Walked(
        walks=tuple(walks),
        seconds=seconds,
        posts=tuple(sorted(second for tally in tallies for second in tally.seconds)),
        pages=tuple(sorted(second for tally in tallies for second in tally.asked)),
        trouble=trouble,
    )
