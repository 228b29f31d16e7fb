"""What microdata tell beyond the tables: figures that a policy hides, and answers that all of one profile gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from satmeter.errors import Problem
from satmeter.publication.profile import profile_of
from satmeter.publication.recompute import WITHOUT_ANSWERS, names_question, unreleased_questions
from satmeter.publication.suppress import HiddenCell
from satmeter.publication.suppress_cells import Document, rows_of


def told_hidden(document: Document, hidden: Iterable[HiddenCell], columns: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem (P033) for every section of which microdata would tell hidden figures.

    Parameters
    ----------
    document
        The results, nothing hidden yet.
    hidden
        What the public document hides of them.
    columns
        Those of the microdata. Rows on questions that are not among them stay hidden, and so does what rests on texts,
        earlier waves and people who are not in the release. The ends of a number question are shared by k rows. Where
        nobody answered there is no figure.
    """
    lost = unreleased_questions(document, columns)
    told = Counter(
        cell.section
        for cell in hidden
        if cell.section not in WITHOUT_ANSWERS
        and cell.reason != "single"
        and not rests_on_nobody(row := rows_of(document, cell.section)[cell.row])
        and not names_question(row, lost)
    )
    for section, n in told.items():
        yield Problem("P033", about=("section", section), got=str(n))


def rests_on_nobody(row: Mapping[str, Any]) -> bool:
    """Tell whether there is no figure because nobody, on one side at least, answered.

    Examples
    --------
    >>> rests_on_nobody({"estimate": None, "n": 0}), rests_on_nobody({"estimate": None, "n": 3})
    (True, False)
    """
    return 0 in (row.get("n"), row.get("n_other")) and row.get("estimate") is None and row.get("share") is None


def alike(columns: Mapping[str, Sequence[str]], profile: Sequence[str], items: Sequence[str]) -> dict[str, int]:
    """Return, for every item, how many rows are of a profile of which all gave the same answer, where any are.

    Whoever knows that somebody has this profile knows the answer: k-anonymity hides who somebody is, and not what all
    who are alike said (Machanavajjhala and others 2007, l-diversity).

    Examples
    --------
    >>> alike({"region": ["n", "n", "s", "s"], "s1": ["4", "4", "2", "5"]}, ["region"], ["s1"])
    {'s1': 2}
    """
    found = profile_of(columns, profile)
    keys = pd.Series(list(zip(*found.values(), strict=True)) if found else [()] * len(next(iter(columns.values()))))
    groups = pd.DataFrame({item: list(columns[item]) for item in items}).groupby(keys, sort=False)
    single = groups.transform("nunique") == 1
    return {item: n for item in items if (n := int(single[item].sum()))}
