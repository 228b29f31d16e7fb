"""Groups that are made up of the groups of another question: a province and its cities."""

from __future__ import annotations

from typing import Any

from satmeter.study.model import Study


def group_unions(study: Study) -> list[dict[str, Any]]:
    """Return every group that holds exactly the respondents of some groups of another question of `groups`.

    Who knows the figure of such a group and of all its parts but one knows the last part; a publication that hides
    that part must know of it.

    Parameters
    ----------
    study
        The study; a group of which a respondent left one of the two questions unanswered is no union, but where a
        league table tells in which group of the other question a unit lies.

    Returns
    -------
    list of dict
        `group_by` and `group` of the whole, `of` the other question, `parts` its groups. Two questions that put
        everybody into the same groups are told once.
    """
    found, told = [], set[frozenset[tuple[str, str]]]()
    for whole in study.plan.groups:
        for other in study.plan.groups:
            for group, parts in _unions(study, whole, other) if whole != other else ():
                same = frozenset([(whole, group), *((other, part) for part in parts)])
                if same not in told:
                    told.add(same)
                    found.append({"group_by": whole, "group": group, "of": other, "parts": list(parts)})
    return found


def _unions(study: Study, whole: str, other: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the groups of `whole` that are unions of groups of `other`."""
    outer, inner = study.groups[whole], study.groups[other]
    ranks = study.plan.ranks
    if ranks is not None and ranks.within == whole and other in ranks.units:
        known = outer.notna() & inner.notna()
        outer, inner = outer[known], inner[known]
    pairs = sorted({(str(a), str(b)) for a, b in zip(outer.fillna(""), inner.fillna(""), strict=True)})
    holders: dict[str, set[str]] = {}
    for a, b in pairs:
        holders.setdefault(b, set()).add(a)
    parts: dict[str, list[str]] = {}
    for a, b in pairs:
        parts.setdefault(a, []).append(b)
    return [
        (group, tuple(some))
        for group, some in parts.items()
        if group and all(part and holders[part] == {group} for part in some)
    ]
