"""How many factors stand behind the items of all reflective constructs, and how the items load on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.dimensionality_model import CommunalityRow, Dimensionality, ScreeRow
from satmeter.measurement.plain import plain
from satmeter.measurement.repeated_items import without_copies
from satmeter.measurement.validity_model import LoadingRow, ValidityRow
from satmeter.moments import Resampling, moment_stack
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.exploratory import FactorSolution, explore_factors
from satmeter.numerics.extraction import factor_df
from satmeter.numerics.factor_fit import factor_fit
from satmeter.numerics.factor_number import ParallelAnalysis, minimum_average_partial, parallel_analysis
from satmeter.numerics.intervals import replicate_se
from satmeter.numerics.regression import find_dependence
from satmeter.numerics.sampling_adequacy import bartlett_sphericity, kmo
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]

LEAST_ITEMS = 3
"""Fewer items than this share no factor that could be determined."""

DRAWS, PERCENTILE = 500, 95.0
"""Of the parallel analysis."""


@dataclass(frozen=True, slots=True)
class _Base:
    """What everything is computed from: items with their constructs, correlations of sample and replicates, sizes."""

    items: tuple[str, ...]
    construct_of: dict[str, str]
    corr: FloatArray
    n: int
    n_eff: float
    seed: int


def dimensionality(study: Study, resampling: Resampling) -> Dimensionality:
    """Explore the dimensions of the items of all reflective constructs together.

    Parameters
    ----------
    study
        The study.
    resampling
        Its replicates; KMO has its standard error from them.

    Returns
    -------
    Dimensionality
        From the respondents who answered all these items, weighted. Constructs that fewer than half as many answered
        completely as the most answered one are left out and named, and so are items that nobody answered, or that
        everyone rated the same. Where correlations are singular, or respondents are not more than the items, there
        are notes only.

    Notes
    -----
    The number of factors is that of Horn's parallel analysis (components, 95th percentile of 500 draws, the study's
    seed); the factors are minres, turned by oblimin. For Bartlett's test, parallel analysis and fit, Kish's effective
    sample size stands for n, and strata and clusters are not used.

    Examples
    --------
    >>> from satmeter.moments import make_resampling
    >>> from satmeter.questionnaire import read_questionnaire
    >>> from satmeter.responses import read_responses, simulate, write_simulation
    >>> from satmeter.study import Plan, make_study
    >>> import tempfile
    >>> questionnaire = read_questionnaire("power-utility")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path, _ = write_simulation(simulate(questionnaire, 300, seed=1), f"{folder}/answers.csv")
    ...     responses = read_responses([path], questionnaire)
    >>> study = make_study(Plan("power-utility", (path,)), responses)
    >>> found = dimensionality(study, make_resampling(study))
    >>> found.validity[0].statistic, found.loadings[0].model, found.loadings[0].construct
    ('kmo', 'efa', 'F1')
    """
    constructs = [c for c in study.questionnaire.constructs.values() if c.mode == "reflective"]
    together, few = _together(study, {construct.id: construct.items for construct in constructs})
    single, copies = without_copies(study, together)
    construct_of = {item: construct for construct, items in single.items() for item in items}
    items, complete, notes = _usable(study, tuple(construct_of))
    notes = [*([Note("M230", "", {"constructs": ", ".join(few)})] if few else []), *copies, *notes]
    if len(items) < LEAST_ITEMS:
        notes.append(Note("M161", "", {"n": len(items), "needed": LEAST_ITEMS}))
        return Dimensionality(validity_notes=tuple(notes))
    values = np.asarray(study.frame[list(items)], dtype=np.float64)
    stack = moment_stack(resampling, values, rows=complete)
    if not stack.n_eff > len(items) + 1:
        notes.append(Note("M162", "", {"n": f"{stack.n_eff:.0f}", "items": len(items)}))
        return Dimensionality(validity_notes=tuple(notes))
    dependence = find_dependence(stack.covariance[0], tuple(range(len(items))))
    if dependence:
        sets = "; ".join(", ".join(items[j] for j in columns) for columns in dependence.collinear)
        notes.append(Note("M163", "", {"items": sets}))
        return Dimensionality(validity_notes=tuple(notes))
    corr = correlation_from(stack.covariance)
    base = _Base(items, construct_of, corr, stack.n, stack.n_eff, study.plan.uncertainty.seed)
    used = len({construct_of[item] for item in items})
    return _explored(base, used, notes)


def _together(
    study: Study, constructs: dict[str, tuple[str, ...]]
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return the constructs without those that fewer than half as many answered as the most answered, and these.

    A construct that nobody answered stays: its items are named one by one.
    """
    counts = {}
    for name, items in constructs.items():
        values = np.asarray(study.frame[list(items)], dtype=np.float64)[study.weights > 0]
        answered = ~np.isnan(values).all(axis=0)
        counts[name] = int((~np.isnan(values[:, answered])).all(axis=1).sum()) if answered.any() else 0
    few = tuple(name for name, n in counts.items() if 0 < 2 * n < max(counts.values()))
    return {name: items for name, items in constructs.items() if name not in few}, few


def _usable(study: Study, items: tuple[str, ...]) -> tuple[tuple[str, ...], npt.NDArray[np.bool_], list[Note]]:
    """Return the items that vary among the complete rows, these rows, and a note on the other items."""
    values = np.asarray(study.frame[list(items)], dtype=np.float64)
    weighty = study.weights > 0
    answered = np.asarray(~np.isnan(values[weighty]).all(axis=0))
    complete = np.asarray(~np.isnan(values[:, answered]).any(axis=1) & weighty)
    block = values[complete]
    low, high = block.min(axis=0, initial=np.inf), block.max(axis=0, initial=-np.inf)
    kept = answered & (low < high)
    names = ", ".join(item for item, use in zip(items, kept, strict=True) if not use)
    notes = [Note("M164", "", {"items": names})] if names and complete.any() else []
    return tuple(item for item, use in zip(items, kept, strict=True) if use), complete, notes


def _explored(base: _Base, n_constructs: int, notes: list[Note]) -> Dimensionality:
    rng = np.random.default_rng(base.seed)
    parallel = parallel_analysis(base.corr[0], base.n_eff, rng=rng, draws=DRAWS, percentile=PERCENTILE)
    partial = minimum_average_partial(base.corr[0])
    suggested = parallel.n_factors
    stated: dict[str, str | int | float] = {"draws": DRAWS, "percentile": f"{PERCENTILE:g}", "seed": base.seed}
    notes.append(Note("M160", "", stated | {"n": base.n, "suggested": suggested}))
    if suggested != n_constructs:
        notes.append(Note("M165", "", {"suggested": suggested, "constructs": n_constructs}))
    rows = [
        *_adequacy_rows(base),
        _row("n_factors_parallel", suggested, base.n),
        _row("n_factors_map", partial.n_factors, base.n),
    ]
    p = len(base.items)
    most = max(m for m in range(1, p) if factor_df(p, m) >= 0)
    if not 0 < suggested <= most:
        unfit = Note("M166", "", {"suggested": suggested, "items": p, "maximum": most})
        return Dimensionality(tuple(rows), (), (), _scree(parallel), tuple(notes), (unfit,))
    solution = explore_factors(base.corr[0], suggested)
    return Dimensionality(
        validity=(*rows, *_solution_rows(base, solution)),
        loadings=tuple(_loading_rows(base, solution)),
        communalities=_communalities(base, solution),
        scree=_scree(parallel),
        validity_notes=tuple(notes),
        loading_notes=tuple(_solution_notes(base, solution)),
    )


def _adequacy_rows(base: _Base) -> Iterator[ValidityRow]:
    adequacy, test = kmo(base.corr), bartlett_sphericity(base.corr[0], base.n_eff)
    yield _row("kmo", adequacy.overall[0], base.n, std_error=_replicate_error(adequacy.overall))
    for j, item in enumerate(base.items):
        error = _replicate_error(adequacy.items[:, j])
        yield _row("kmo", adequacy.items[0, j], base.n, (base.construct_of[item], item), std_error=error)
    yield _row("bartlett", float(test.chi2), base.n, df=test.df, p_value=float(test.p))


def _replicate_error(values: FloatArray) -> float:
    return float(replicate_se(values[1:]))


def _solution_rows(base: _Base, solution: FactorSolution) -> Iterator[ValidityRow]:
    fit = factor_fit(base.corr[0], solution.loadings, base.n_eff, phi=solution.phi)
    yield _row("efa_chi2", fit.chi2, base.n, df=fit.df, p_value=fit.p)
    yield _row("efa_rmsea", fit.rmsea, base.n, ends=(fit.rmsea_low, fit.rmsea_high))
    for name, value in (("efa_tli", fit.tli), ("efa_bic", fit.bic), ("efa_rmsr", fit.rmsr)):
        yield _row(name, value, base.n)
    m = solution.phi.shape[0]
    for a in range(m):
        for b in range(a + 1, m):
            yield _row("efa_correlation", solution.phi[a, b], base.n, (f"F{a + 1}", f"F{b + 1}"))


def _solution_notes(base: _Base, solution: FactorSolution) -> Iterator[Note]:
    improper = [item for item, flag in zip(base.items, solution.heywood, strict=True) if flag]
    if improper:
        yield Note("M167", "", {"items": ", ".join(improper)})
    if not solution.converged:
        yield Note("M168")


def _loading_rows(base: _Base, solution: FactorSolution) -> Iterator[LoadingRow]:
    for k in range(solution.loadings.shape[1]):
        for j, item in enumerate(base.items):
            value = plain(solution.loadings[j, k])
            yield LoadingRow("efa", f"F{k + 1}", item, value, None, None, None, base.n)


def _communalities(base: _Base, solution: FactorSolution) -> tuple[CommunalityRow, ...]:
    return tuple(
        CommunalityRow(item, plain(shared), plain(own), bool(flag))
        for item, shared, own, flag in zip(
            base.items, solution.communality, solution.uniqueness, solution.heywood, strict=True
        )
    )


def _scree(parallel: ParallelAnalysis) -> tuple[ScreeRow, ...]:
    values = zip(parallel.observed, parallel.reference, parallel.mean, strict=True)
    return tuple(ScreeRow(j, *(plain(value) for value in row)) for j, row in enumerate(values, start=1))


def _row(
    statistic: str,
    value: float,
    n: int,
    about: tuple[str, str] = ("", ""),
    *,
    std_error: float | None = None,
    ends: tuple[float, float] | None = None,
    df: float | None = None,
    p_value: float | None = None,
) -> ValidityRow:
    low, high = (None, None) if ends is None else (plain(ends[0]), plain(ends[1]))
    return ValidityRow(statistic, *about, plain(value), plain(std_error), low, high, df, plain(p_value), n)
