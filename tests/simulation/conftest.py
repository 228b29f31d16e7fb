"""Simulations that `make test` leaves to `make simulation`: a shorter one looks at it, or a weakness is told."""

import pytest

LONG = {
    "test_coverage.py": ("items-250", "ceiling-250", "unequal items-60"),
    "test_reliability_coverage.py": ("coverage[300",),
    "test_reliability2_coverage.py": (
        "alpha_under_em[300",
        "differences[1000-",
        "differences[300-",
        "hierarchical[1000",
        "retest[True-1000",
        "retest[False-1000",
    ),
    "test_validity2.py": ("alarms[0.0-5", "alarms[0.5-3", "criterion_hold_the_truth[300"),
    "test_further_coverage.py": (
        "shares[1000",
        "coefficients[1000",
        "coefficients[300",
        "lower_bounds_of_reliability[300",
    ),
    "test_path_coverage.py": ("coverage[1000",),
    "test_pseudo_share_coverage.py": ("r2[1000", "r2[300-400"),
    "test_importance_coverage.py": ("[satisfied-1000", "[weak-", "[related-", "weights[1000", "group[1000"),
    "test_validity_coverage.py": ("truth[1000", "truth[100-0.4", "truth[300-", "truth[300]", "unrelated_constructs"),
    "test_ordinal_coverage.py": (
        "replicates_hold_the_truth[100",
        "test_intervals_hold_the_truth[1000",
        "test_intervals_hold_the_truth[300",
        "should[True",
    ),
    "test_cfa_ordinal.py": ("test_covariance_of", "test_weights_that_go", "cover[1000", "cover[300"),
    "test_invariance_alarm.py": ("apart[500",),
    "test_path_statistics_coverage.py": ("map[1000", "scores[1000", "scores[300-0.0"),
    "test_mediation_coverage.py": ("structural_paths[False-", "structural_paths[True-1000", "effects[1000"),
    "test_design_coverage.py": ("slopes_from_jackknife_weights[15", "population[False"),
    "test_answer_coverage.py": ("lognormal[250",),
    "test_wave_coverage.py": ("test_long",),
    "test_published_coverage.py": ("test_long",),
    "test_weighting_coverage.py": ("shares[600-",),
}


def pytest_collection_modifyitems(items):
    for item in items:
        if any(part in item.name for part in LONG.get(item.path.name, ())):
            item.add_marker(pytest.mark.long)
