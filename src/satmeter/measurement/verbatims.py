"""Open answers counted by theme or by word, with quotes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.answer_words import frequent_words
from satmeter.measurement.estimates import estimate
from satmeter.measurement.plain import plain
from satmeter.measurement.quantity import Quantity
from satmeter.measurement.quotes import LEAST_ANSWERS, Answer, choose_quotes, shown_names
from satmeter.measurement.scores import group_masks
from satmeter.measurement.themes import find_themes, says_nothing
from satmeter.measurement.verbatim_rows import QuoteRow, VerbatimRow, Verbatims, WordRow
from satmeter.moments import Resampling
from satmeter.study.model import Study
from satmeter.study.plan import Verbatim

BoolArray = npt.NDArray[np.bool_]

MUCH_UNSAID = 0.3
"""Share of answers without a theme from which the reader is told."""

OTHER = {"zh-CN": "其他", "en": "Other"}
NONE = {"zh-CN": "没有意见", "en": "Nothing to say"}


def read_out(study: Study, resampling: Resampling) -> Verbatims:
    """Count what open answers say.

    Parameters
    ----------
    study, resampling
        The study and its replicates.

    Returns
    -------
    Verbatims
        Nothing without ``verbatims`` in the plan, and of a question that nobody answered.

    Notes
    -----
    Shares are those of `satmeter.measurement.estimates`: weighted, with their interval, the design behind it. The base
    is everybody who answered the question, also those who say that there is nothing to say.
    """
    rows: list[VerbatimRow] = []
    words: list[WordRow] = []
    quotes: list[QuoteRow] = []
    notes: list[Note] = []
    for verbatim in study.plan.verbatims:
        texts = [str(a).strip() if isinstance(a, str) else "" for a in study.frame[verbatim.question]]
        answered = np.array([bool(text) for text in texts], dtype=np.bool_)
        said = [text for text in texts if text]
        if not said:
            continue
        if not verbatim.themes:
            words += [WordRow(verbatim.question, word, n) for word, n in frequent_words(said)]
            continue
        found = _found(study, verbatim, said, answered)
        rows += _rows(study, resampling, verbatim, found, answered)
        names = shown_names([str(n) for n in study.frame.index[answered]], _lines(study))
        answers = [Answer(name, text) for name, text in zip(names, said, strict=True)]
        themes = [theme.id for theme in verbatim.themes]
        seed = study.plan.uncertainty.seed
        quotes += choose_quotes(verbatim.question, answers, found[:, :-2], themes, each=verbatim.quotes, seed=seed)
        notes += _notes(verbatim, found)
    labels = {theme.id: theme.label for verbatim in study.plan.verbatims for theme in verbatim.themes}
    return Verbatims(tuple(rows), tuple(words), tuple(quotes), tuple(notes), labels)


def _lines(study: Study) -> dict[str, int]:
    row = study.responses.row
    return {str(name): int(line) for name, line in zip(row.index, row.to_numpy(), strict=True)}


def _found(study: Study, verbatim: Verbatim, said: list[str], answered: BoolArray) -> BoolArray:
    """Return which themes, and at last which of the rest, stand in which answers: shape (answers, themes + 2)."""
    if verbatim.coded:
        themes = study.codes[verbatim.question].to_numpy(dtype=np.bool_)[answered]
    else:
        themes = find_themes(said, verbatim.themes)
    nothing = np.array([says_nothing(text) for text in said], dtype=np.bool_)
    without = ~themes.any(axis=1)
    return np.column_stack([themes, without & ~nothing, without & nothing])


def _rows(
    study: Study, resampling: Resampling, verbatim: Verbatim, found: BoolArray, answered: BoolArray
) -> list[VerbatimRow]:
    values = np.full((study.n, found.shape[1]), np.nan)
    values[answered] = found
    named = [(theme.id, _label(study, theme.label)) for theme in verbatim.themes]
    named += [("other", OTHER), ("none", NONE)]
    shares = values[answered].T @ study.weights[answered]
    order = sorted(range(len(verbatim.themes)), key=lambda k: -shares[k])
    order += [len(order), len(order) + 1]
    quantities = [Quantity((k,), "share", 0.0, 1.0) for k in order]
    everybody = np.ones(study.n, dtype=np.bool_)
    groups = [(by, name, mask) for by in study.plan.groups for name, mask in group_masks(study, by)]
    rows = []
    for group_by, group, mask in [("", "", everybody), *groups]:
        base = int((mask & answered).sum())
        if not base:
            continue
        e = estimate(study, resampling, values, quantities, rows=mask)
        for j, k in enumerate(order):
            mentions = int(np.nansum(values[mask, k]))
            share, error = plain(e.estimate[j]), plain(e.std_error[j])
            low, high = plain(e.conf_low[j]), plain(e.conf_high[j])
            theme, label = named[k]
            numbers = (mentions, share, error, low, high, base)
            rows.append(VerbatimRow(verbatim.question, theme, label, group_by, group, *numbers))
    return rows


def _label(study: Study, label: Mapping[str, str]) -> dict[str, str]:
    """Return a label by language; one that the study file gives without a language serves for all."""
    alone = label.get("und")
    return dict(label) if alone is None else dict.fromkeys(study.questionnaire.languages, alone)


def _notes(verbatim: Verbatim, found: BoolArray) -> list[Note]:
    counts, n = found.sum(axis=0), len(found)
    notes = []
    if counts[-2] >= MUCH_UNSAID * n:
        notes.append(Note("S118", verbatim.question, {"n": int(counts[-2]), "all": n}))
    few = [t.id for t, count in zip(verbatim.themes, counts, strict=False) if 0 < count < LEAST_ANSWERS]
    if verbatim.quotes and few:
        notes.append(Note("S119", verbatim.question, {"themes": ", ".join(few), "least": LEAST_ANSWERS}))
    return notes
