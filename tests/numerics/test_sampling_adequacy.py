"""KMO and Bartlett's sphericity against R psych, by hand, and where they do not exist."""

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.numerics.sampling_adequacy import bartlett_sphericity, kmo, regular


@pytest.mark.parametrize("name", ["bfi", "school"])
def test_equal_to_psych(reference, name):
    values = reference("factors")["values"][name]
    found = kmo(values["correlation"])
    np.testing.assert_allclose(found.overall, values["kmo"], rtol=1e-10)
    np.testing.assert_allclose(found.items, values["kmo_items"], rtol=1e-10)
    test = bartlett_sphericity(values["correlation"], values["n"])
    np.testing.assert_allclose(test.chi2, values["bartlett"]["chi2"], rtol=1e-10)
    assert test.df == values["bartlett"]["df"]
    np.testing.assert_allclose(test.p, values["bartlett"]["p"], rtol=1e-8)


def test_the_satisfaction_index_data(reference):
    values = reference("factors")["values"]["ecsi"]
    np.testing.assert_allclose(kmo(values["correlation"]).overall, values["kmo"], rtol=1e-10)
    assert round(float(kmo(values["correlation"]).overall), 5) == 0.92321
    test = bartlett_sphericity(values["correlation"], values["n"])
    np.testing.assert_allclose(test.chi2, values["bartlett"], rtol=1e-10)
    assert (round(float(test.chi2), 3), test.df) == (2868.585, 276)


def test_two_items_by_hand():
    # two items: the partial correlation is the correlation, so that KMO is one half
    assert kmo([[1, 0.3], [0.3, 1]]).overall == pytest.approx(0.5, rel=1e-14)
    # −(30 − 1 − 9/6) ln(1 − 0.09)
    assert bartlett_sphericity([[1, 0.3], [0.3, 1]], 30).chi2 == pytest.approx(-27.5 * np.log(0.91), rel=1e-12)


def test_a_stack_is_its_matrices_and_singular_ones_have_no_number(reference):
    good = np.array(reference("factors")["values"]["school"]["correlation"])
    copied = good.copy()
    copied[1], copied[:, 1] = copied[0], copied[:, 0]
    copied[1, 1] = copied[0, 1] = copied[1, 0] = 1.0
    constant = good.copy()
    constant[2] = constant[:, 2] = np.nan
    stack = np.stack([good, copied, constant])
    np.testing.assert_array_equal(regular(stack), [True, False, False])
    found, test = kmo(stack), bartlett_sphericity(stack, 301)
    assert found.overall[0] == kmo(good).overall
    np.testing.assert_array_equal(found.items[0], kmo(good).items)
    assert np.isnan(found.overall[1:]).all()
    assert np.isnan(found.items[1:]).all()
    assert test.chi2[0] == pytest.approx(bartlett_sphericity(good, 301).chi2, rel=1e-14)
    assert np.isnan(test.chi2[1:]).all()
    assert np.isnan(test.p[1:]).all()


def test_uncorrelated_items_have_no_adequacy_and_no_chi_square():
    assert np.isnan(kmo(np.eye(4)).overall)
    test = bartlett_sphericity(np.eye(4), 100)
    assert (float(test.chi2), float(test.p)) == (0.0, 1.0)


def test_too_few_respondents_or_items():
    with pytest.raises(NumericsError) as caught:
        bartlett_sphericity(np.eye(10), 5)
    (problem,) = caught.value.problems
    assert (problem.code, problem.params["minimum"]) == ("N020", 6)
    assert "10 items" in problem.text("en")
    assert "10 个题项" in problem.text("zh-CN")
    with pytest.raises(NumericsError) as caught:
        kmo([[1.0]])
    assert caught.value.problems[0].code == "N001"
