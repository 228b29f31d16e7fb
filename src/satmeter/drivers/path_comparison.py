"""The path model by other methods, and between groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from satmeter.drivers.path_base import PathBase
from satmeter.drivers.path_rows import PathGroupRow, PathModelRow, PathQualityRow
from satmeter.errors import Note, NumericsError
from satmeter.measurement.plain import plain
from satmeter.numerics.intervals import percentile_interval, replicate_se
from satmeter.numerics.multiplicity import holm
from satmeter.numerics.path_consistent import consistent
from satmeter.numerics.path_effects import effects
from satmeter.numerics.path_groups import GroupComparison, PermutationTest, compare_groups
from satmeter.numerics.structural_robust import RobustStructuralFit, fit_structural_robust
from satmeter.numerics.tails import normal_quantile

FloatArray = npt.NDArray[np.float64]

PERMUTATIONS = 1000
LEAST_STRUCTURAL = 100
"""Respondents below which a covariance-based model says little (Boomsma 1982): it is not fitted."""
MOST_ERROR = 0.5
"""Standard error of a standardised path above which it says nothing: twice that is the whole range of correlations."""


def model_rows(base: PathBase) -> tuple[tuple[PathModelRow, ...], tuple[PathQualityRow, ...], tuple[Note, ...]]:
    """Return the same paths by partial least squares, consistent partial least squares, and maximum likelihood.

    Parameters
    ----------
    base
        The estimated model, in one stage.

    Returns
    -------
    paths, quality, notes
        `plsc` where the study file asks for it; its figures are given even where they are not admissible, with a note.
        `sem` with robust (Satorra–Bentler) errors and normal intervals; formative constructs cannot be in it.
    """
    rows = list(_pls_rows(base, "pls", base.fit.paths))
    quality: list[PathQualityRow] = []
    notes: list[Note] = []
    if base.two_stages:
        return tuple(rows), (), (Note("D157"),)
    if base.study.plan.paths.consistent:
        corrected = consistent(base.corr, base.fit, base.model)
        rows += _pls_rows(base, "plsc", corrected.fit.paths)
        quality += [
            _quality(base, "plsc", "r2", name, corrected.fit.r2[0, j])
            for j, name in enumerate(base.names)
            if np.isfinite(corrected.fit.r2[0, j])
        ]
        if not corrected.admissible[0]:
            notes.append(Note("D158", "", {"eigenvalue": f"{corrected.smallest_eigenvalue[0]:.3f}"}))
        else:
            bad = float(1 - corrected.admissible[1:].mean()) if len(corrected.admissible) > 1 else 0.0
            notes += [Note("D159", "", {"share": f"{100 * bad:.0f}"})] if bad > 0.05 else []
    found = _structural(base, rows, quality)
    return tuple(rows), tuple(quality), (*notes, *found)


def _pls_rows(base: PathBase, model: str, stack: FloatArray) -> Iterator[PathModelRow]:
    level = base.study.plan.uncertainty.conf_level
    for source, target in base.arrows:
        values = stack[:, target, source]
        low, high = percentile_interval(values[1:], level)
        yield PathModelRow(
            model=model,
            source=base.names[source],
            target=base.names[target],
            estimate=plain(values[0]),
            std_error=plain(replicate_se(values[1:])),
            conf_low=plain(low),
            conf_high=plain(high),
            n=base.n,
        )


def _structural(base: PathBase, rows: list[PathModelRow], quality: list[PathQualityRow]) -> tuple[Note, ...]:
    """Add the rows of the covariance-based model and return what is to be noted about it."""
    formative = [n for n, mode in zip(base.names, base.model.modes, strict=True) if mode == "B"]
    if formative:
        return (Note("D160", "", {"constructs": ", ".join(formative)}),)
    if base.n < LEAST_STRUCTURAL:
        return (Note("D161", "", {"n": base.n, "needed": LEAST_STRUCTURAL}),)
    paths = {target: before for target, before in enumerate(base.model.predecessors) if before}
    study = base.study
    try:
        fit = fit_structural_robust(base.rows, base.model.blocks, paths, weights=study.weights[base.kept])
    except NumericsError as error:
        return (Note("D162", "", {"code": error.problems[0].code}),)
    reach = float(normal_quantile((1 + study.plan.uncertainty.conf_level) / 2))
    for source, target in base.arrows:
        value = float(fit.paths.std_paths[target, source])
        error_of = float(fit.paths.std_paths_se[target, source])
        rows.append(
            PathModelRow(
                model="sem",
                source=base.names[source],
                target=base.names[target],
                estimate=plain(value),
                std_error=plain(error_of),
                conf_low=plain(value - reach * error_of),
                conf_high=plain(value + reach * error_of),
                n=base.n,
            )
        )
    quality += _structural_quality(base, fit)
    notes = [] if fit.normal.admissible else [Note("D163")]
    errors = fit.paths.std_paths_se
    vague = [f"{base.names[a]}–{base.names[b]}" for a, b in base.arrows if not errors[b, a] <= MOST_ERROR]
    if vague:
        notes.append(Note("D216", "", {"paths": ", ".join(vague), "limit": MOST_ERROR}))
    if study.strata is not None or study.cluster is not None:
        notes.append(Note("D164"))
    return tuple(notes)


def _structural_quality(base: PathBase, fit: RobustStructuralFit) -> Iterator[PathQualityRow]:
    for j, name in enumerate(base.names):
        if np.isfinite(fit.paths.r2[j]):
            yield _quality(base, "sem", "r2", name, fit.paths.r2[j])
    indices, scaled = fit.normal.indices, fit.scaled
    n = base.n
    yield PathQualityRow("sem", "chi2", "", "", plain(indices.chi2), None, None, plain(indices.p_value), n)
    yield PathQualityRow("sem", "chi2_scaled", "", "", plain(scaled.chi2), None, None, plain(scaled.p_value), n)
    yield _quality(base, "sem", "df", "", float(indices.df))
    yield _quality(base, "sem", "cfi_robust", "", scaled.cfi)
    yield _quality(base, "sem", "tli_robust", "", scaled.tli)
    low, high = plain(scaled.rmsea_low), plain(scaled.rmsea_high)
    yield PathQualityRow("sem", "rmsea_robust", "", "", plain(scaled.rmsea), low, high, None, n)
    yield _quality(base, "sem", "srmr", "", indices.srmr)


def _quality(base: PathBase, model: str, statistic: str, construct: str, value: float) -> PathQualityRow:
    return PathQualityRow(model, statistic, construct, "", plain(float(value)), None, None, None, base.n)


def group_rows(base: PathBase) -> tuple[tuple[PathGroupRow, ...], tuple[Note, ...]]:
    """Compare the path models of all pairs of groups by permutation.

    Parameters
    ----------
    base
        The estimated model; `paths.groups` names the questions.

    Returns
    -------
    rows, notes
        MICOM (composition, means, variances of the constructs), differences of paths and of total effects; Holm over
        the paths of a pair. Weights go with their respondents; strata and clusters are not used, which a note says.
    """
    questions = base.study.plan.paths.groups
    if not questions:
        return (), ()
    rows: list[PathGroupRow] = []
    notes: list[Note] = []
    rng = np.random.default_rng(base.study.plan.uncertainty.seed)
    for question in questions:
        answers = np.asarray(base.study.frame[question], dtype=object)[base.kept]
        codes = [o.code for o in base.study.questionnaire.questions[question].options if (answers == o.code).any()]
        for a, first in enumerate(codes):
            for second in codes[a + 1 :]:
                found = _compared(base, answers, (first, second), rng)
                if found is None:
                    notes.append(Note("D166", question, {"first": first, "second": second}))
                else:
                    counts = (int((answers == first).sum()), int((answers == second).sum()))
                    rows += _comparison(base, question, (first, second), counts, found)
    if rows and (base.study.strata is not None or base.study.cluster is not None):
        notes.append(Note("D167"))
    return tuple(rows), tuple(notes)


def _compared(
    base: PathBase, answers: npt.NDArray[np.object_], pair: tuple[str, str], rng: np.random.Generator
) -> GroupComparison | None:
    member = np.asarray((answers == pair[0]) | (answers == pair[1]), dtype=np.bool_)
    weights = base.study.weights[base.kept][member]
    try:
        return compare_groups(
            base.rows[member],
            answers[member] == pair[0],
            base.stages,
            permutations=PERMUTATIONS,
            rng=rng,
            weights=weights,
            scheme=base.study.plan.paths.scheme,
        )
    except NumericsError:
        return None


def _comparison(
    base: PathBase, question: str, pair: tuple[str, str], counts: tuple[int, int], found: GroupComparison
) -> Iterator[PathGroupRow]:
    blank = PathGroupRow(question, *pair, "", "", "", None, None, None, None, None, None, None, *counts)
    micom = found.micom
    for j, name in enumerate(base.names):
        yield replace(
            blank,
            statistic="composition",
            target=name,
            estimate=plain(micom.composition[j]),
            low=plain(micom.composition_limit[j]),
            p_value=plain(micom.composition_p[j]),
        )
        for statistic, test in (("mean", micom.mean_difference), ("variance", micom.log_variance_ratio)):
            yield _tested(replace(blank, statistic=statistic, target=name), test, j)
    sides = [effects(fit.paths, base.items_model) for fit in (found.first, found.second)]
    at = tuple(np.array(base.arrows).T)
    adjusted = holm(found.paths.p_value[at[1], at[0]])
    for k, (source, target) in enumerate(base.arrows):
        row = replace(blank, source=base.names[source], target=base.names[target])
        for statistic, test in (("path", found.paths), ("total", found.total)):
            values = [side.direct if statistic == "path" else side.total for side in sides]
            compared = replace(
                row,
                statistic=statistic,
                first=plain(values[0][target, source]),
                second=plain(values[1][target, source]),
                p_adjusted=plain(adjusted[k]) if statistic == "path" else None,
            )
            yield _tested(compared, test, (target, source))


def _tested(row: PathGroupRow, test: PermutationTest, place: int | tuple[int, int]) -> PathGroupRow:
    """Return a row with what a permutation test found."""
    return replace(
        row,
        estimate=plain(test.value[place]),
        low=plain(test.low[place]),
        high=plain(test.high[place]),
        p_value=plain(test.p_value[place]),
    )
