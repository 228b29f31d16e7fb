"""A simulated respondent: reads what a page asks by the names of its controls, and is as people are.

They leave things out until they are told, write nonsense, go back and change their mind, press a button twice, load a
page again, and some go away in the middle.
"""

from __future__ import annotations

import random as randomness
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from satmeter.collection.walk_browser import Answer, Browser
from satmeter.collection.walk_page import Control, WalkPage, read_page
from satmeter.errors import CollectionError

JOINER = ";"
_SLIPS = 0.06  # shares of pages on which it happens
_BACK = 0.06
_TWICE = 0.03
_AGAIN = 0.03
_CHANGES = 0.5  # of those who went back
_MOST_PAGES = 400
_MOST_TRIES = 4

Filled = dict[str, Sequence[str]]
Ending = Literal["complete", "broke_off", "turned_away", "failed"]


@dataclass(frozen=True, slots=True)
class Simulated:
    """One respondent as simulated.

    Attributes
    ----------
    answers
        Variable to cell as text: codes joined by ``;``, empty for none.
    breaks_off
        Goes away on the page after which there is no answer any more.
    """

    language: str
    answers: Mapping[str, str]
    breaks_off: bool = False


@dataclass(slots=True)
class Walk:
    """What one respondent did.

    Attributes
    ----------
    key
        Of the personal link; empty when no response was opened.
    given
        Variable to cell as text: what the server took, as the respondent must believe.
    unsure
        What was posted without an answer at the end: it may be stored or not.
    answers
        How many answers were posted and taken, changes of mind included.
    habits
        What happened how often: ``corrected``, ``back``, ``changed``, ``twice``, ``again``.
    trouble
        Why it failed, of kinds that say nothing of an answer.
    """

    key: str = ""
    ending: Ending = "failed"
    given: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, str] = field(default_factory=dict)
    answers: int = 0
    habits: dict[str, int] = field(default_factory=dict)
    trouble: str = ""


class Walker:
    """Takes one simulated respondent through the form.

    Parameters
    ----------
    browser
        The respondent's.
    simulated
        What they would answer.
    random
        Decides about their habits.
    """

    def __init__(self, browser: Browser, simulated: Simulated, random: randomness.Random) -> None:
        self._browser = browser
        self._simulated = simulated
        self._random = random
        self._mind = dict(simulated.answers)
        self._changing = ""
        self.walk = Walk()

    def go(self) -> Walk:
        """Walk to the end, or as far as it goes."""
        try:
            self._begin()
        except CollectionError as error:
            self.walk.trouble = error.problems[0].code
        except _TroubleError as error:
            self.walk.trouble = str(error)
        finally:
            self._browser.close()
        return self.walk

    def _begin(self) -> None:
        welcome = self._page(self._browser.get("/", language=self._simulated.language))
        begun = self._browser.post(welcome.action, welcome.fields({}, language=self._simulated.language))
        if begun.status == 403:
            self.walk.ending = "turned_away"
            return
        place = self._led(begun)
        self.walk.key = place.split("/")[2]
        for _ in range(_MOST_PAGES):
            shown = self._browser.get(place)
            while shown.place:  # a page that is asked no more leads on
                shown = self._browser.get(shown.place)
            if shown.status == 200 and read_page(shown.text) is None:
                self.walk.ending = "complete"
                return
            place = self._answered(self._page(shown))
            if not place:
                return
        raise _TroubleError("endless")

    def _answered(self, page: WalkPage) -> str:
        """Fill in one page until the server is content; return where it leads, empty: the respondent is gone."""
        if self._happens("again", _AGAIN):
            page = self._page(self._browser.get(page.action))
        self._check_filled(page)
        if self._changing:
            self._change(page)
        filled: Filled = {name: self._filled(name, control) for name, control in page.controls.items()}
        if self._leaves(page):
            self.walk.ending = "broke_off"
            return ""
        if page.has_back and self._happens("back", _BACK):
            self._changing = "maybe" if self._random.random() < _CHANGES else ""
            return self._led(self._posted(page, filled, "back"))
        slip = self._slip(page, filled) if self._random.random() < _SLIPS else {}
        answer = self._posted(page, {**filled, **slip}, "next")
        for _ in range(_MOST_TRIES):
            if answer.status == 403:
                self.walk.ending = "turned_away"
                return ""
            if answer.status != 422:
                return self._led(answer)
            page = self._page(answer)
            if any(name[2:] not in page.wrong for name in slip):
                raise _TroubleError("wrong complaint")
            if slip:
                self._count("corrected")
            elif self._simulated.breaks_off:
                self.walk.ending = "broke_off"
                return ""
            slip = {}
            filled = {name: self._mended(page, name, control) for name, control in page.controls.items()}
            answer = self._posted(page, filled, "next")
        raise _TroubleError("stuck")

    def _slip(self, page: WalkPage, filled: Mapping[str, Sequence[str]]) -> Filled:
        """Return how one question is left out by mistake, or written with letters for figures."""
        written = [name for name, control in page.controls.items() if control.kind == "text" and filled[name]]
        ticked = [name for name, control in page.controls.items() if control.kind == "radio" and filled[name]]
        if not (written or ticked):
            return {}
        return {self._random.choice(written or ticked): ("x" * 5,) if written else ()}

    def _posted(self, page: WalkPage, filled: Mapping[str, Sequence[str]], go: str) -> Answer:
        """Post a page and note what the server has taken."""
        fields = page.fields(filled, go=go)
        cells = {name: _cell(filled, name) for name in dict.fromkeys(f"v.{n[2:]}" for n in page.controls)}
        given = {name[2:]: cell for name, cell in cells.items()}
        self.walk.unsure = given
        answer = self._browser.post(page.action, fields)
        if answer.status == 303 and self._happens("twice", _TWICE):
            answer = self._browser.post(page.action, fields)
        if answer.status not in (303, 422):
            return answer
        wrong = read_page(answer.text) if answer.status == 422 else None
        kept = {name: cell for name, cell in given.items() if not (wrong and name in wrong.wrong and cell)}
        self.walk.answers += sum(1 for name, cell in kept.items() if cell and self.walk.given.get(name) != cell)
        self.walk.given = {name: cell for name, cell in {**self.walk.given, **kept}.items() if cell}
        self.walk.unsure = {}
        return answer

    def _filled(self, name: str, control: Control) -> tuple[str, ...]:
        """Return what the respondent ticks or writes in one control.

        Raises
        ------
        _TroubleError
            When the page asks what was not simulated, or lacks an answer that was.
        """
        if name[2:] not in self._mind:
            raise _TroubleError("unknown question")
        cell = self._mind[name[2:]]
        codes = tuple(cell.split(JOINER)) if control.kind == "checkbox" else (cell,)
        if name.startswith("m."):
            return (cell,) if cell in control.offered else ()
        if not cell:
            return ()
        if not control.offered:
            return () if cell in self._missing_codes(name) else (cell,)
        if not set(codes) <= set(control.offered):
            raise _TroubleError("unknown answer")
        return tuple(code for code in control.offered if code in codes)

    def _missing_codes(self, name: str) -> tuple[str, ...]:
        control = self._shown.controls.get(f"m.{name[2:]}")
        return control.offered if control else ()

    def _mended(self, page: WalkPage, name: str, control: Control) -> tuple[str, ...]:
        """Return what is filled in after a complaint: what is needed and was left out is answered after all."""
        if name[2:] in page.wrong and not self._mind.get(name[2:]) and name.startswith("v."):
            self._mind[name[2:]] = self._random.choice(control.offered) if control.offered else "1"
            self._count("told")
        return self._filled(name, control)

    def _change(self, page: WalkPage) -> None:
        """Change one's mind about one question of a page to which one went back."""
        self._changing = ""
        choices = [name for name, control in page.controls.items() if control.kind == "radio" and control.given]
        if choices:
            name = self._random.choice(choices)
            self._mind[name[2:]] = self._random.choice(page.controls[name].offered)
            self._count("changed")

    def _check_filled(self, page: WalkPage) -> None:
        """See whether what was given stands on the page."""
        for name in page.controls:
            given = self.walk.given.get(name[2:], "")
            shown = {n: control.given for n, control in page.controls.items() if n[2:] == name[2:]}
            if _cell(shown, f"v.{name[2:]}") != given:
                raise _TroubleError("forgotten")

    def _leaves(self, page: WalkPage) -> bool:
        """Tell whether the respondent goes away here: nothing more was to be answered."""
        if not self._simulated.breaks_off:
            return False
        return not any(self._mind.get(name[2:]) for name in page.controls)

    def _happens(self, habit: str, share: float) -> bool:
        happens = self._random.random() < share
        if happens:
            self._count(habit)
        return happens

    def _count(self, habit: str) -> None:
        self.walk.habits[habit] = self.walk.habits.get(habit, 0) + 1

    def _page(self, answer: Answer) -> WalkPage:
        if answer.status not in (200, 422):
            raise _TroubleError(str(answer.status))
        page = read_page(answer.text)
        if page is None:
            raise _TroubleError("no form")
        self._shown = page
        return page

    def _led(self, answer: Answer) -> str:
        if not answer.place:
            raise _TroubleError(str(answer.status))
        return answer.place


class _TroubleError(Exception):
    """The server did what no respondent expects; its text is the kind."""


def _cell(filled: Mapping[str, Sequence[str]], name: str) -> str:
    """Return what stands for one variable: codes, a text, or the code of a missing answer."""
    return JOINER.join(filled.get(name) or filled.get(f"m.{name[2:]}") or ())
