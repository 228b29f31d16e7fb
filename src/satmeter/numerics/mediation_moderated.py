"""Moderated mediation: an indirect effect that depends on a third variable, from moments with a product column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, square_stack
from satmeter.numerics.regression import least_squares

Stage = Literal["first", "second"]


@dataclass(frozen=True, slots=True)
class ModeratedMediation:
    """How an indirect effect changes with a moderator.

    Attributes
    ----------
    index
        shape (...), change of the indirect effect per point of the moderator: the index of moderated mediation.
    conditional
        shape (..., L), indirect effect at each asked value of the moderator.
    direct
        shape (...), direct effect of the source.
    moderated, constant
        shape (...), the step that is moderated at moderator 0 and the other step.
    interaction
        shape (...), coefficient of the product.
    """

    index: FloatArray
    conditional: FloatArray
    direct: FloatArray
    moderated: FloatArray
    constant: FloatArray
    interaction: FloatArray


def moderated_mediation(
    cov: npt.ArrayLike,
    *,
    source: int,
    mediator: int,
    outcome: int,
    moderator: int,
    product: int,
    stage: Stage,
    at: Sequence[float],
    covariates: Sequence[int] = (),
    mediator_covariates: Sequence[int] = (),
    outcome_covariates: Sequence[int] = (),
) -> ModeratedMediation:
    """Estimate source → mediator → outcome with one of the two steps moderated.

    Parameters
    ----------
    cov
        shape (..., p, p); index 0 of the leading axes is the full sample.
    source, mediator, outcome, moderator
        Column numbers.
    product
        Column of source × moderator ("first") or mediator × moderator ("second"), made from the rows before the moments
        (`moderation.centred_product`). With centred columns the moderator's values are distances from its mean.
    stage
        "first": the step source → mediator is moderated (Hayes's model 7); "second": mediator → outcome (model 14).
    at
        Values of the moderator, on the scale that the product was made with.
    covariates
        Columns that enter both regressions.
    mediator_covariates, outcome_covariates
        More columns of the one or the other; the moderator may be among those of the regression without the product.

    Returns
    -------
    ModeratedMediation
        Intervals come from the replicates (percentile or `bca.bca_interval`); the index differs from 0 when its
        interval leaves 0 out.

    Raises
    ------
    NumericsError
        N004, N005 for constant or collinear columns, N010 for a column named twice.

    Notes
    -----
    Hayes (2015), Multivariate Behavioral Research 50, 1–22.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x, w = rng.standard_normal((2, 500))
    >>> m = (0.4 + 0.2 * w) * x + rng.standard_normal(500)
    >>> y = 0.5 * m + rng.standard_normal(500)
    >>> found = moderated_mediation(
    ...     np.cov([x, m, y, w, x * w]), source=0, mediator=1, outcome=2, moderator=3, product=4, stage="first",
    ...     at=(-1, 0, 1),
    ... )
    >>> bool(abs(found.index - 0.1) < 0.08), found.conditional.shape
    (True, (3,))
    """
    stack = square_stack(cov)
    zero = np.zeros(stack.shape[:-1])
    extra = (moderator, product)
    of_mediator, of_outcome = (*covariates, *mediator_covariates), (*covariates, *outcome_covariates)
    first = (source, *extra, *of_mediator) if stage == "first" else (source, *of_mediator)
    second = (mediator, source, *of_outcome) if stage == "first" else (mediator, source, *extra, *of_outcome)
    main = (source, mediator, outcome, moderator, product)
    for columns in (main, (mediator, outcome, *first), (outcome, *second)):
        if len(set(columns)) < len(columns):
            raise NumericsError(Problem("N010", got=str(columns), params={"expected": "different columns"}))
    to_mediator = least_squares(stack, zero, mediator, first).b
    to_outcome = least_squares(stack, zero, outcome, second).b
    if stage == "first":
        moderated, constant, interaction = to_mediator[..., 0], to_outcome[..., 0], to_mediator[..., 2]
    else:
        moderated, constant, interaction = to_outcome[..., 0], to_mediator[..., 0], to_outcome[..., 3]
    values = np.asarray(at, dtype=np.float64)
    slopes = moderated[..., None] + interaction[..., None] * values
    return ModeratedMediation(
        index=interaction * constant,
        conditional=slopes * constant[..., None],
        direct=to_outcome[..., 1],
        moderated=moderated,
        constant=constant,
        interaction=interaction,
    )
