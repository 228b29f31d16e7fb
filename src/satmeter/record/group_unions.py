"""Groups that are made up of the groups of another question: a province and its cities."""

from __future__ import annotations

from collections import Counter
from typing import Any

from satmeter.study.model import Study


def group_unions(study: Study) -> list[dict[str, Any]]:
    """Return every group that is made up of groups of another question of `groups`, but for few respondents.

    Who knows the figure of such a group and of all its parts but one knows the last part; a publication that hides
    that part must know of it. Who knows all of them knows the figure of the few.

    Parameters
    ----------
    study
        The study; respondents who left one of the two questions unanswered are not looked at, for which town lies in
        which region is known without them. Few are fewer than the policy's minimum.

    Returns
    -------
    list of dict
        `group_by` and `group` of the whole, `of` the other question, `parts` its groups inside the whole. Two
        questions that put everybody into the same groups are told once.
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
    """Return the groups of `whole` that are unions of groups of `other`, but for few respondents."""
    outer, inner = study.groups[whole], study.groups[other]
    known = outer.notna() & inner.notna()
    counts = Counter(zip(outer[known].astype(str), inner[known].astype(str), strict=True))
    few = max(1, study.plan.policy.min_n if study.plan.policy else 0)
    holders: dict[str, set[str]] = {}
    for a, b in counts:
        holders.setdefault(b, set()).add(a)
    found = []
    for group in sorted({a for a, _ in counts}):
        parts = tuple(sorted(b for a, b in counts if a == group and holders[b] == {group}))
        rest = sum(n for (a, b), n in counts.items() if a == group and b not in parts)
        if parts and rest < few:
            found.append((group, parts))
    return found
