"""How many respondents a group needs to be tested and ranked: a floor of the house, and the policy's limit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LOW_BASE = "S133"
"""Note on groups that are tested and ranked, and to be read with care."""

LEAST = 10
"""Respondents that each side of a test needs whatever the policy."""


def least_tested(study: Study) -> int:
    """Return how many respondents a group needs to be tested and ranked."""
    policy = study.plan.policy
    return max(LEAST, policy.least_tested) if policy else LEAST


def tested_base(study: Study, n: npt.ArrayLike, seen: BoolArray, weights: FloatArray) -> FloatArray:
    """Return what is held against the limit: n, or the effective n where the policy says so and it is smaller.

    Parameters
    ----------
    study
        The study with its policy.
    n
        shape (q,), respondents behind each figure.
    seen
        shape (m, q), who of the group answered.
    weights
        shape (m,), their weights; Kish's effective n is (Σw)² / Σw².
    """
    base = np.asarray(n, dtype=np.float64)
    if not (study.plan.policy and study.plan.policy.use_effective_n):
        return base
    total, squares = weights @ seen, weights**2 @ seen
    return np.minimum(base, np.where(squares > 0, total**2 / np.where(squares > 0, squares, 1.0), 0.0))


def base_notes(study: Study, group_by: str, groups: Sequence[tuple[str, BoolArray]], *, code: str) -> list[Note]:
    """Return which groups are too small for a test or rank, and which are so small that they are to be read with care.

    Parameters
    ----------
    study
        The study with its policy.
    group_by, groups
        The grouping question, and its groups as masks over the respondents.
    code
        Of the note on a group below the floor of the house where no policy asks for more.
    """
    policy, least = study.plan.policy, least_tested(study)
    notes, low = [], []
    for name, mask in groups:
        used = mask & (study.weights > 0)
        n = int(mask.sum())
        base = float(tested_base(study, [n], used[used][:, None], study.weights[used])[0])
        about = f"{group_by}[{name}]"
        if base < least:
            by_policy = policy is not None and policy.least_tested > LEAST
            params = {"n": int(base) if by_policy else n, "least": least}
            notes.append(Note("S132" if by_policy else code, about, params))
        elif policy is not None and base < policy.flag_n:
            low.append(name)
    if low and policy is not None:
        notes.append(Note(LOW_BASE, group_by, {"groups": ", ".join(low), "least": policy.flag_n}))
    return notes
