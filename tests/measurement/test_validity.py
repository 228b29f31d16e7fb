"""Validity of a study: against semTools, over missing answers and weights, and every construct that cannot have it."""

import json
from pathlib import Path

import numpy as np
import pytest

from satmeter.measurement.validity import validate
from satmeter.moments import make_resampling

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "discriminant.json").read_text("utf-8"))["values"]


SOURCES = ("ave", "htmt", "htmt2", "factor_correlation", "fornell_larcker", "single_factor_share")
"""What comes from the replicates; the rest is the confirmatory model's."""


def exact_sample(correlation, n):
    """Rows whose sample correlation is exactly the one given."""
    target = np.asarray(correlation)
    rows = np.random.default_rng(5).normal(size=(n, len(target)))
    rows -= rows.mean(axis=0)
    rows = rows @ np.linalg.inv(np.linalg.cholesky(rows.T @ rows / (n - 1))).T
    return rows @ np.linalg.cholesky(target).T


def two_constructs(rng, n, phi=0.5):
    latent = rng.normal(size=(n, 2)) @ np.linalg.cholesky(np.array([[1, phi], [phi, 1]])).T
    rows = np.repeat(latent, 3, axis=1) * 0.8 + rng.normal(size=(n, 6)) * 0.6
    return np.clip(np.round(3 + rows), 1, 5)


def study_of(study_by_hand, rows, **options):
    ratings = {f"i{j}": list(rows[:, j]) for j in range(rows.shape[1])}
    names = list(ratings)
    return study_by_hand(
        {
            "first": ("driver", {i: ratings[i] for i in names[:3]}),
            "second": ("driver", {i: ratings[i] for i in names[3:]}),
        },
        **options,
    )


def validated(study):
    return validate(study, make_resampling(study))


def estimates(found, statistic):
    return {(r.construct, r.other): r.estimate for r in found.validity if r.statistic == statistic}


@pytest.mark.parametrize("name", ["holzinger", "ecsi", "bfi"])
def test_rows_are_the_figures_of_semtools_psych_and_lm(study_by_hand, name):
    expected = REFERENCE[name]
    rows = exact_sample(expected["correlation"], expected["n"])
    column = {item: j for j, item in enumerate(expected["items"])}
    constructs = {c: ("driver", {i: list(rows[:, column[i]]) for i in own}) for c, own in expected["blocks"].items()}
    found = validated(study_by_hand(constructs, replicates=20))
    loose = 2e-3 if name == "ecsi" else 1e-4  # from loadings, which psych has to 2e-5 (at the bound to 5e-4)
    names = list(constructs)
    for a, first in enumerate(names):
        assert estimates(found, "ave")[first, ""] == pytest.approx(expected["ave"][a], abs=loose)
        for b in range(a + 1, len(names)):
            pair = (first, names[b])
            for statistic in ("htmt", "htmt2"):
                assert estimates(found, statistic)[pair] == pytest.approx(expected[statistic][a][b], rel=1e-9)
            phi = expected["factor_correlations"][a][b]
            assert estimates(found, "factor_correlation")[pair] == pytest.approx(phi, abs=loose)
            margin = min(expected["ave"][a], expected["ave"][b]) - phi**2
            assert estimates(found, "fornell_larcker")[pair] == pytest.approx(margin, abs=2 * loose)
    share = estimates(found, "single_factor_share")["", ""]
    assert share == pytest.approx(expected["first_component"], rel=1e-9)
    cells = {(row.item, row.construct): row.estimate for row in found.loadings if row.model == "structure"}
    table = [[cells[item, construct] for construct in names] for item in expected["items"]]
    np.testing.assert_allclose(table, expected["structure"], atol=loose)
    assert {row.n for row in (*found.validity, *found.loadings)} == {expected["n"]}
    assert [note.about for note in found.validity_notes] == (["loyalty"] if name == "ecsi" else [])


def test_a_heywood_case_has_a_note_in_both_languages(study_by_hand):
    expected = REFERENCE["ecsi"]
    at = [expected["items"].index(item) for item in expected["blocks"]["loyalty"]]
    rows = exact_sample(np.array(expected["correlation"])[np.ix_(at, at)], 250)
    found = validated(study_by_hand({"loyalty": ("loyalty", {f"l{j}": list(rows[:, j]) for j in range(3)})}))
    (note,) = found.validity_notes
    assert (note.code, note.about) == ("M142", "loyalty")
    assert "at its limit (a Heywood case)" in note.text("en")
    assert "到达上限（Heywood 情形）" in note.text("zh-CN")
    assert {row.statistic for row in found.validity if row.construct} == {"ave"}
    assert {row.construct for row in found.loadings} == {"loyalty"}
    assert [note.code for note in found.loading_notes] == ["M148", "M170"]


def test_every_pair_rests_on_those_who_answered_both(study_by_hand):
    rows = two_constructs(np.random.default_rng(1), 400)
    rows[:100, 4] = np.nan
    found = validated(study_of(study_by_hand, rows, replicates=50))
    complete = validated(study_of(study_by_hand, rows[100:], replicates=50))
    first = validated(study_of(study_by_hand, rows[:, [0, 1, 2, 0, 1, 2]], replicates=50))
    n = {(r.statistic, r.construct): r.n for r in found.validity}
    assert n["ave", "first"] == 400
    assert n["ave", "second"] == n["htmt", "first"] == n["single_factor_share", ""] == 300
    assert estimates(found, "ave")["first", ""] == estimates(first, "ave")["first", ""]
    assert estimates(found, "ave")["second", ""] == pytest.approx(estimates(complete, "ave")["second", ""])
    by_cell = {(row.item, row.construct): row for row in found.loadings if row.model == "structure"}
    assert by_cell["i0", "first"].n == 400
    assert by_cell["i0", "second"].n == 300
    corr = np.corrcoef(rows[100:].T)
    within = [np.corrcoef(rows[:, :3].T)[np.triu_indices(3, 1)].mean(), corr[3:, 3:][np.triu_indices(3, 1)].mean()]
    expected = corr[:3, 3:].mean() / np.sqrt(within[0] * within[1])
    assert estimates(found, "htmt")["first", "second"] == pytest.approx(expected, rel=1e-9)


def test_whole_weights_are_as_good_as_rows(study_by_hand):
    rows = two_constructs(np.random.default_rng(2), 120)
    counts = np.random.default_rng(3).integers(1, 4, 120)
    weighted = validated(study_of(study_by_hand, rows, weights=list(counts.astype(float)), replicates=20))
    repeated = validated(study_of(study_by_hand, np.repeat(rows, counts, axis=0), replicates=20))
    pairs = zip(*([r for r in found.validity if r.statistic in SOURCES] for found in (weighted, repeated)), strict=True)
    for one, other in pairs:
        assert one.estimate == pytest.approx(other.estimate, rel=1e-9)
        assert one.n == 120


def test_intervals_hold_the_estimate_and_come_from_the_replicates(study_by_hand):
    found = validated(study_of(study_by_hand, two_constructs(np.random.default_rng(4), 300), replicates=400))
    by_replicates = [row for row in found.validity if row.statistic in SOURCES]
    for row in (*by_replicates, *(row for row in found.loadings if row.model == "structure")):
        assert row.conf_low < row.estimate < row.conf_high
        assert row.conf_high - row.conf_low == pytest.approx(2 * 1.96 * row.std_error, rel=0.25)
    frames = found.to_frame(), found.to_frame("loadings")
    assert [len(frame) for frame in frames] == [len(found.validity), len(found.loadings)] == [7 + 14 + 6, 12 + 6 + 6]


def test_constructs_without_validity_are_named(study_by_hand):
    rows = two_constructs(np.random.default_rng(5), 60)
    columns = [list(rows[:, j]) for j in range(6)]
    study = study_by_hand(
        {
            "one": ("driver", {"a": columns[0]}),
            "formed": ("driver", {"b": columns[1], "c": columns[2]}),
            "silent": ("driver", {"d": [np.nan] * 60, "e": [np.nan] * 60}),
            "equal": ("driver", {"f": [3.0] * 60, "g": columns[3]}),
        },
        modes={"formed": "formative"},
    )
    found = validated(study)
    assert found.validity == found.loadings == ()
    (note,) = found.validity_notes
    assert (note.code, note.params["constructs"]) == ("M140", "one, formed, silent, equal")
    assert note.text("en").startswith("No validity statistics for one, formed")
    assert "没有效度统计量" in note.text("zh-CN")


def test_two_constructs_that_nobody_answered_both(study_by_hand):
    rows = two_constructs(np.random.default_rng(6), 200)
    rows[:100, :3] = np.nan
    rows[100:, 3:] = np.nan
    found = validated(study_of(study_by_hand, rows))
    assert [row.statistic for row in found.validity] == ["ave", "ave"]
    (note,) = found.validity_notes
    assert (note.code, note.about, note.params["other"], note.params["n"]) == ("M143", "first", "second", 0)
    assert "cannot be had from the 0 respondents" in note.text("en")
    assert "无法得出 HTMT" in note.text("zh-CN")
    cells = {(row.item, row.construct): row.estimate for row in found.loadings}
    assert cells["i0", "first"] is not None
    assert cells["i0", "second"] is None


def test_nine_respondents_say_nothing_about_two_constructs(study_by_hand):
    rows = two_constructs(np.random.default_rng(8), 60)
    rows[9:30, :3] = np.nan
    rows[30:, 3:] = np.nan
    found = validated(study_of(study_by_hand, rows))
    assert [row.statistic for row in found.validity] == ["ave", "ave"]
    assert [(note.code, note.params["n"]) for note in found.validity_notes][:1] == [("M143", 9)]
    assert {row.estimate for row in found.loadings if (row.construct == "first") == (row.item > "i2")} == {None}


def test_no_standard_error_from_replicates_that_divide_by_nothing(study_by_hand):
    rng = np.random.default_rng(1)
    rows = two_constructs(rng, 30)
    rows[:, 3:] = rng.integers(1, 6, size=(30, 3))
    found = validated(study_of(study_by_hand, rows, replicates=500))
    errors = {row.statistic: row.std_error for row in found.validity if row.other}
    assert errors["htmt2"] is None
    assert 0 < errors["htmt"] < 1


def test_progress_reaches_the_end(study_by_hand):
    study = study_of(study_by_hand, two_constructs(np.random.default_rng(7), 50), replicates=20)
    told = []
    validate(study, make_resampling(study), progress=told.append)
    assert told == [0.5, 1.0]
