"""Effects along the paths of a model: direct, indirect, total, and along every single route; sizes of effects."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.path_model import PathModel
from satmeter.numerics.path_solve import inverse_diagonal_last
from satmeter.numerics.path_weights import PathFit


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Effects of constructs on constructs, shape (..., m, m) each; row: outcome, column: where the effect begins.

    Attributes
    ----------
    direct
        The path coefficients.
    indirect
        Over one mediator or more.
    total
        Direct + indirect.
    """

    direct: FloatArray
    indirect: FloatArray
    total: FloatArray


def effects(paths: npt.ArrayLike, model: PathModel) -> Effects:
    """Return direct, indirect and total effects.

    Parameters
    ----------
    paths
        shape (..., m, m), row: outcome, column: predecessor.
    model
        Of `path_model`.

    Returns
    -------
    Effects
        0 where no route leads from one construct to the other.

    Notes
    -----
    Total effects are (I − B)⁻¹ − I, summed up in the order of the model: what leads to an outcome is a predecessor's
    own path and everything that arrives over it.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> model = path_model([(0,), (1,), (2,)], {1: (0,), 2: (0, 1)})
    >>> found = effects([[0, 0, 0], [0.5, 0, 0], [0.2, 0.4, 0]], model)
    >>> found.indirect[2, 0].item(), found.total[2].tolist()
    (0.2, [0.4, 0.4, 0.0])
    """
    direct = np.asarray(paths, dtype=np.float64)
    total = direct.copy(order="K")
    indirect = np.zeros_like(direct)
    for k in model.order:
        for j in model.predecessors[k]:
            indirect[..., k, :] += direct[..., k, j, None] * total[..., j, :]
        total[..., k, :] += indirect[..., k, :]
    return Effects(direct, indirect, total)


def specific_effects(paths: npt.ArrayLike, model: PathModel) -> tuple[tuple[tuple[int, ...], ...], FloatArray]:
    """Return the indirect effect along every single route.

    Parameters
    ----------
    paths
        shape (..., m, m).
    model
        Of `path_model`.

    Returns
    -------
    routes
        Constructs from the first to the last, at least three.
    values : array, shape (..., n_routes)
        Products of the paths on the route. Those from one construct to another sum to the indirect effect.

    Raises
    ------
    NumericsError
        N078 for more than 10,000 routes.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> model = path_model([(0,), (1,), (2,)], {1: (0,), 2: (0, 1)})
    >>> specific_effects([[0, 0, 0], [0.5, 0, 0], [0.2, 0.4, 0]], model)
    (((0, 1, 2),), array([0.2]))
    """
    direct = np.asarray(paths, dtype=np.float64)
    routes = model.routes()
    values = np.ones((*direct.shape[:-2], len(routes)))
    for i, route in enumerate(routes):
        for j, k in pairwise(route):
            values[..., i] *= direct[..., k, j]
    return routes, values


@dataclass(frozen=True, slots=True, eq=False)
class InnerQuality:
    """How much each predecessor adds to an outcome, and how far predecessors repeat one another.

    Attributes
    ----------
    f2
        shape (..., m, m), row: outcome, column: predecessor; NaN where the model has no path.
    vif
        shape (..., m, m), likewise.
    adjusted_r2
        shape (..., m), NaN for exogenous constructs.
    """

    f2: FloatArray
    vif: FloatArray
    adjusted_r2: FloatArray


def inner_quality(fit: PathFit, model: PathModel, n: float) -> InnerQuality:
    """Return effect sizes f², variance inflation of the predecessors and adjusted R².

    Parameters
    ----------
    fit
        Of `pls` or `consistent`.
    model
        Of `path_model`.
    n
        Respondents.

    Returns
    -------
    InnerQuality
        Adjusted R² is NaN where n is not above the number of predecessors + 1.

    Notes
    -----
    f² = (R² − R² without the predecessor)/(1 − R²), Cohen (1988), Statistical Power Analysis, 9; here b²/(VIF(1 − R²)),
    which is the same with the constructs held as they are. VIF is a diagonal element of the inverse correlation matrix
    of the predecessors.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> from satmeter.numerics.path_weights import pls
    >>> model = path_model([(0,), (1,), (2,)], {2: (0, 1)})
    >>> fit = pls([[1, 0, 0.6], [0, 1, 0], [0.6, 0, 1]], model)
    >>> inner_quality(fit, model, 100).f2[2, 0].round(4).item()
    0.5625
    """
    f2 = np.full_like(fit.paths, np.nan)
    vif = np.full_like(fit.paths, np.nan)
    adjusted = np.full_like(fit.r2, np.nan)
    for k in model.endogenous:
        before = list(model.predecessors[k])
        corr = fit.construct_corr[..., before, :][..., before]
        flat = np.moveaxis(corr.reshape(-1, len(before), len(before)), 0, -1)
        inflation = np.moveaxis(inverse_diagonal_last(flat), -1, 0).reshape(corr.shape[:-1])
        unexplained = 1 - fit.r2[..., k]
        vif[..., k, before] = inflation
        f2[..., k, before] = fit.paths[..., k, before] ** 2 / (inflation * unexplained[..., None])
        left = n - len(before) - 1
        adjusted[..., k] = 1 - unexplained * (n - 1) / (left if left > 0 else np.nan)
    return InnerQuality(f2, vif, adjusted)
