"""Answers chosen as examples of themes: masked, of medium length, typical, and the same ones every time."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import numpy.typing as npt

from satmeter.measurement.themes import comparable, says_nothing
from satmeter.measurement.verbatim_rows import QuoteRow
from satmeter.study.masking import HAN, mask, unmarked

BoolArray = npt.NDArray[np.bool_]

LEAST_ANSWERS = 5
"""A theme with fewer answers is not quoted, for its authors could be guessed."""

SHORTEST, LONGEST = 4, 300
"""Characters of a quote; the shortest without its marks."""

_WRITTEN = re.compile(rf"[\u0020-\u024f\u2010-\u2026\u3001-\u3015{HAN}\uff01-\uff5e\uffe5\u20ac]*")
_PICTURES = ("So", "Sk", "Cs", "Co", "Cn", "Cf", "Cc", "Mn", "Me")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a text question: who gave it (a name that may be shown), what it says."""

    respondent: str
    text: str


def choose_quotes(
    question: str, answers: Sequence[Answer], found: BoolArray, themes: Sequence[str], *, each: int, seed: int
) -> tuple[QuoteRow, ...]:
    """Return quotes for every theme with at least `LEAST_ANSWERS` answers.

    Parameters
    ----------
    question
        Its id.
    answers
        All answers to it.
    found
        shape (answers, themes), which themes stand in which answers.
    themes
        Ids, one a column.
    each
        Quotes a theme.
    seed
        Of the study; it decides among answers that are equally good.

    Notes
    -----
    Answers that were quoted for an earlier theme come last; then those much shorter or longer than the theme's median;
    then those with more other themes; then chance decides, by a hash of seed, theme, respondent and answer. Equal
    answers are quoted once.

    Examples
    --------
    >>> said = [Answer(f"r{i}", f"电费太贵，打138123456{i}0也没用") for i in range(6)]
    >>> [q.text for q in choose_quotes("why", said, np.ones((6, 1), bool), ("price",), each=2, seed=1)]
    ['电费太贵，打〔电话〕也没用']
    """
    if not each:
        return ()
    texts = [quotable_text(answer.text) for answer in answers]
    rows: list[QuoteRow] = []
    used: set[str] = set()
    others = found.sum(axis=1) - 1
    for column, theme in enumerate(themes):
        places = np.flatnonzero(found[:, column]).tolist()
        if len(places) < LEAST_ANSWERS:
            continue
        middle = median(len(answers[place].text) for place in places)
        quotable: dict[str, tuple[tuple[bool, bool, int, str], QuoteRow]] = {}
        for place in places:
            text = texts[place]
            if not text:
                continue
            name = answers[place].respondent
            chance = hashlib.sha256(f"{seed}|{question}|{theme}|{name}|{text}".encode()).hexdigest()
            unusual = not middle / 2 <= len(text) <= 2 * middle
            rank = (comparable(text) in used, unusual, int(others[place]), chance)
            known = quotable.get(comparable(text))
            if known is None or rank < known[0]:
                quotable[comparable(text)] = (rank, QuoteRow(question, theme, name, text))
        chosen = sorted(quotable.values(), key=lambda pair: pair[0])[:each]
        rows += [row for _, row in chosen]
        used |= {comparable(row.text) for _, row in chosen}
    return tuple(rows)


def quotable_text(answer: str) -> str:
    """Return an answer as it may be quoted, masked and without pictographs; nothing where it cannot be.

    Answers that say nothing, are too short or too long, or are written in letters other than Latin and Chinese ones
    (reports carry no font for them) are not quoted.

    Examples
    --------
    >>> quotable_text("电费贵，找13812345678 😡"), quotable_text("贵"), quotable_text("无。")
    ('电费贵，找〔电话〕', '', '')
    """
    if len(answer) > 2 * LONGEST or says_nothing(answer):
        return ""
    plain = "".join(c for c in " ".join(answer.split()) if unicodedata.category(c) not in _PICTURES)
    text = mask(plain)
    letters = re.sub(r"[\W_]", "", unmarked(text))
    fits = len(letters) >= SHORTEST and len(text) <= LONGEST and _WRITTEN.fullmatch(text)
    return text if fits else ""


def shown_names(names: Sequence[str], lines: Mapping[str, int]) -> list[str]:
    """Return ids of respondents as they may be shown: the line in the source where an id may itself be personal.

    Parameters
    ----------
    names
        Ids of respondents; ``name#2`` is a further respondent that a row with a frequency stands for.
    lines
        Id to line in the source.

    Examples
    --------
    >>> shown_names(["r7", "13812345678", "王芳"], {"r7": 8, "13812345678": 9, "王芳": 10})
    ['r7', '#9', '#10']
    """
    shown = []
    for name in names:
        row = name if name in lines else name.rpartition("#")[0]
        personal = mask(row) != row or re.search(rf"[\s{HAN}]", row)
        shown.append(f"#{lines[row]}" if personal else row)
    return shown
