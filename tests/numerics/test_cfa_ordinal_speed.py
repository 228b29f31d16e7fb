"""Processor time of the ordinal factor model of a large study, best of three."""

from __future__ import annotations

import time

import numpy as np
import pytest

from satmeter.numerics.cfa_ordinal import fit_cfa_ordinal

pytestmark = pytest.mark.speed


def test_sixty_items_of_twelve_constructs_from_two_thousand_respondents():
    rng = np.random.default_rng(1)
    common = rng.standard_normal((2000, 12)) + 0.8 * rng.standard_normal((2000, 1))
    latent = np.repeat(common, 5, axis=1) + 0.9 * rng.standard_normal((2000, 60))
    codes, blocks = np.digitize(latent, [-2, -1, 0.3, 1.5]), [tuple(range(5 * k, 5 * k + 5)) for k in range(12)]
    taken = []
    for _ in range(3):
        begin = time.process_time()
        fit = fit_cfa_ordinal(codes, blocks)
        taken.append(time.process_time() - begin)
    assert fit.indices.df == 1770 - 60 - 66
    assert min(taken) < 2.5, taken
