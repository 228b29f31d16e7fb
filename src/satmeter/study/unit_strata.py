"""Units of a league table and the stratum that each belongs to: branches and their regions."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from satmeter.errors import Problem, StudyError
from satmeter.questionnaire.spec import listed
from satmeter.study.plan import Plan

_SHOWN = 5


def unit_strata(groups: Mapping[str, pd.Series], units: str, within: str) -> dict[str, tuple[str, ...]]:
    """Return every unit with the strata that its respondents name, sorted; none where all left the question open.

    Parameters
    ----------
    groups
        Grouping question to the option of every respondent, as in a `Study`.
    units, within
        The question whose options are the units, and the one whose options are the strata.

    Examples
    --------
    >>> groups = {"branch": pd.Series(["b1", "b1", "b2"]), "region": pd.Series(["n", None, None])}
    >>> unit_strata(groups, "branch", "region")
    {'b1': ('n',), 'b2': ()}
    """
    pairs = pd.DataFrame({"unit": groups[units], "stratum": groups[within]}).dropna(subset=["unit"]).drop_duplicates()
    found: dict[str, set[str]] = {}
    for unit, stratum in zip(pairs["unit"], pairs["stratum"], strict=True):
        found.setdefault(str(unit), set()).update([] if pd.isna(stratum) else [str(stratum)])
    return {unit: tuple(sorted(strata)) for unit, strata in found.items()}


def check_unit_strata(plan: Plan, groups: Mapping[str, pd.Series]) -> None:
    """Hold the units that are ranked within strata against the data.

    Raises
    ------
    StudyError
        S010 for units that lie in two strata, a problem for every question of units.
    """
    if plan.ranks is None or not plan.ranks.within:
        return
    problems = []
    for question in plan.ranks.units:
        if question == plan.ranks.within:
            continue
        strata = unit_strata(groups, question, plan.ranks.within)
        several = [f"{unit} ({listed(names, _SHOWN)})" for unit, names in sorted(strata.items()) if len(names) > 1]
        if several:
            params: dict[str, str | int | float] = {
                "n": len(several),
                "units": listed(several, _SHOWN),
                "within": plan.ranks.within,
            }
            problems.append(Problem("S010", plan.file, about=("key", f"ranks.units: {question}"), params=params))
    if problems:
        raise StudyError(problems)
