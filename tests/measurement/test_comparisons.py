"""Groups, rests, targets and ranks: figures worked out another way, false alarms, and what is left untested."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

from satmeter.measurement.comparisons import compare
from satmeter.measurement.ranking import rank_units
from satmeter.measurement.scores import score_rows
from satmeter.moments import make_resampling
from satmeter.numerics.multiplicity import benjamini_hochberg, holm
from satmeter.study.plan import Comparisons, Ranks

N = 360
GROUPS = ["a"] * 150 + ["b"] * 120 + ["c"] * 90


def ratings(seed=3, shift=(0.0, 0.3, 0.8)):
    rng = np.random.default_rng(seed)
    move = np.repeat(shift, (150, 120, 90))
    true = rng.normal(size=N) + move
    return {f"i{j}": list(np.clip(np.round(3 + true + rng.normal(size=N)), 1, 5)) for j in range(3)}


def made(
    study_by_hand, *, against=("rest", "pairs"), adjust="none", targets=None, groups=GROUPS, ranks=None, **options
):
    study = study_by_hand(
        {
            "satisfaction": ("satisfaction", ratings()),
            "money": ("cost", {f"m{j}": v for j, v in enumerate(ratings(5, (0.8, 0.3, 0.0)).values())}),
        },
        questions={"area": ("choice", list(groups))},
        **options,
    )
    plan = dataclasses.replace(
        study.plan, groups=("area",), comparisons=Comparisons(against, adjust, targets or {}), ranks=ranks
    )
    return dataclasses.replace(study, plan=plan, groups={"area": study.frame["area"]})


def scores(study, measure="satisfaction"):
    values = study.construct_scores[measure].to_numpy(dtype=float)
    return {g: values[(study.frame["area"] == g).to_numpy()] for g in "abc"}


def rows_of(study, **wanted):
    rows, _ = compare(study, make_resampling(study))
    return [r for r in rows if all(getattr(r, key) == value for key, value in wanted.items())]


def test_a_pair_has_welchs_difference_and_degrees_of_freedom(study_by_hand):
    study = made(study_by_hand, replicates=2000)
    (row,) = rows_of(study, measure="satisfaction", statistic="mean_score", method="pair", group="a", other="c")
    a, _, c = scores(study).values()
    welch = stats.ttest_ind(a, c, equal_var=False)
    assert row.estimate == pytest.approx(a.mean() - c.mean(), rel=1e-12)
    assert row.df == pytest.approx(welch.df, rel=1e-9)
    assert row.t == pytest.approx(welch.statistic, rel=0.05)  # the error is that of 2,000 replicates
    pooled = (149 * a.var(ddof=1) + 89 * c.var(ddof=1)) / 238
    assert row.effect_size == pytest.approx((a.mean() - c.mean()) / np.sqrt(pooled), rel=1e-9)
    assert (row.n, row.n_other, row.verdict) == (150, 90, "lower")
    assert row.conf_high < 0


def test_the_rest_is_everybody_else_and_not_the_total(study_by_hand):
    study = made(study_by_hand, against=("rest",))
    (row,) = rows_of(study, measure="satisfaction", statistic="mean_score", group="b")
    a, b, c = scores(study).values()
    assert row.estimate == pytest.approx(b.mean() - np.concatenate([a, c]).mean(), rel=1e-12)
    assert (row.other, row.method, row.n_other) == ("", "rest", 240)


def test_shares_have_cohens_h(study_by_hand):
    study = made(study_by_hand)
    (row,) = rows_of(study, measure="satisfaction", statistic="top2", method="pair", group="a", other="b")
    items = study.frame[["i0", "i1", "i2"]].to_numpy(dtype=float)
    p, q = ((items[np.array(GROUPS) == g] >= 4).mean() for g in "ab")
    assert row.estimate == pytest.approx(p - q, rel=1e-12)
    assert row.effect_size == pytest.approx(2 * np.arcsin(np.sqrt(p)) - 2 * np.arcsin(np.sqrt(q)), rel=1e-9)


def test_a_small_group_that_answers_all_alike_raises_no_alarm(study_by_hand):
    best = [5.0] * 12 + list(np.random.default_rng(2).choice([3, 4, 5], N - 12, p=[0.1, 0.4, 0.5]))
    study = study_by_hand(
        {"satisfaction": ("satisfaction", {"i0": best})}, questions={"area": ("choice", ["a"] * 12 + ["b"] * (N - 12))}
    )
    plan = dataclasses.replace(study.plan, groups=("area",), comparisons=Comparisons(("pairs",), "none", {}))
    rows = rows_of(dataclasses.replace(study, plan=plan, groups={"area": study.frame["area"]}), method="pair")
    top = next(r for r in rows if r.statistic == "top2")
    assert top.estimate == pytest.approx(1 - np.mean(np.array(best[12:]) >= 4), rel=1e-12)
    assert top.p_value > 0.2  # nine in ten of all do: a dozen who do are no news; the plain test says p < 1e-9
    assert top.conf_low < 0 < top.conf_high
    mean = next(r for r in rows if r.statistic == "mean_score")
    assert (mean.p_value, mean.std_error, mean.verdict) == (None, None, "undecided")


def test_a_side_that_answers_all_alike_is_not_tested_under_weights_either(study_by_hand):
    best = [5.0] * 40 + ratings()["i0"][40:]
    study = study_by_hand(
        {"satisfaction": ("satisfaction", {"i0": best, "i1": best, "i2": best})},
        questions={"area": ("choice", ["a"] * 40 + ["b"] * (N - 40))},
        weights=list(
            np.random.default_rng(4).uniform(0.3, 3.0, N)
        ),  # whose mean of equal scores is not quite the score
    )
    wanted = Comparisons(("pairs",), "none", {"satisfaction": 60.0})
    plan = dataclasses.replace(study.plan, groups=("area",), comparisons=wanted)
    rows = rows_of(
        dataclasses.replace(study, plan=plan, groups={"area": study.frame["area"]}), statistic="mean_score", group="a"
    )
    assert [(r.method, r.n, r.std_error, r.p_value, r.verdict) for r in rows] == [
        ("pair", 40, None, None, "undecided"),
        ("target", 40, None, None, "undecided"),
    ]


@pytest.mark.parametrize(("adjust", "by"), [("holm", holm), ("bh", benjamini_hochberg)])
def test_p_values_are_adjusted_over_the_pairs_of_one_measure(study_by_hand, adjust, by):
    rows = rows_of(made(study_by_hand, adjust=adjust), measure="money", statistic="mean_score", method="pair")
    assert len(rows) == 3
    assert [r.p_adjusted for r in rows] == pytest.approx(list(by([r.p_value for r in rows])))
    assert all((r.verdict == "undecided") == (r.p_adjusted >= 0.05) for r in rows)


def test_benjamini_and_hochberg_by_hand():
    # R: p.adjust(c(0.005, 0.009, 0.019, 0.022, 0.051, 0.101, 0.361, 0.387), "BH")
    p = [0.005, 0.009, 0.019, 0.022, 0.051, 0.101, 0.361, 0.387]
    expected = [0.036, 0.036, 0.044, 0.044, 0.0816, 0.808 / 6, 0.387, 0.387]
    assert benjamini_hochberg(p) == pytest.approx(expected, rel=1e-12)
    assert np.isnan(benjamini_hochberg([0.01, np.nan])[1])
    assert benjamini_hochberg([0.01, np.nan])[0] == 0.01


def test_weights_and_clusters_enter_the_error(study_by_hand):
    cluster = [i // 6 for i in range(N)]
    plain = rows_of(made(study_by_hand), measure="satisfaction", statistic="mean_score", method="pair", group="a")[0]
    study = made(study_by_hand, weights=list(np.linspace(0.5, 1.5, N)), cluster=cluster)
    row = rows_of(study, measure="satisfaction", statistic="mean_score", method="pair", group="a")[0]
    weights = np.linspace(0.5, 1.5, N)
    values = study.construct_scores["satisfaction"].to_numpy(dtype=float)
    a, b = (np.array(GROUPS) == g for g in "ab")
    assert row.estimate == pytest.approx(
        np.average(values[a], weights=weights[a]) - np.average(values[b], weights=weights[b])
    )
    assert row.df == 45 - 1 - 1
    assert row.std_error != pytest.approx(plain.std_error, rel=1e-6)


def asked_of_few(study_by_hand, **options):
    """Make a study in which 40 respondents each of the areas a and b answer `help`, and all answer the rest."""
    few = [r if i < 40 or 150 <= i < 190 else None for i, r in enumerate(ratings()["i0"])]
    study = study_by_hand(
        {"satisfaction": ("satisfaction", ratings()), "help": ("other", {"h0": few})},
        questions={"area": ("choice", list(GROUPS))},
        weights=list(np.linspace(0.5, 1.5, N)),
        **options,
    )
    plan = dataclasses.replace(
        study.plan, groups=("area",), comparisons=Comparisons(("rest", "pairs"), "none", {"help": 50.0})
    )
    return dataclasses.replace(study, plan=plan, groups={"area": study.frame["area"]})


@pytest.mark.parametrize(
    ("cluster", "units", "both"), [(None, (80, 40, 40), 80), ([i // 7 for i in range(N)], (13, 6, 7), 13)]
)
def test_only_those_who_answered_give_degrees_of_freedom(study_by_hand, cluster, units, both):
    study = asked_of_few(study_by_hand, cluster=cluster)
    rows = rows_of(study, measure="help", statistic="mean_score")
    targets = [r for r in rows if r.method == "target" and r.n]
    assert [(r.group, r.df) for r in targets] == [("", units[0] - 1), ("a", units[1] - 1), ("b", units[2] - 1)]
    (pair,) = [r for r in rows if r.method == "pair" and (r.group, r.other) == ("a", "b")]
    assert pair.df == both - 2
    scores = [
        r for r in score_rows(study, make_resampling(study))[0] if (r.measure, r.statistic) == ("help", "mean_score")
    ]
    published = {(r.group_by, r.group): r for r in scores}
    for row in targets:
        score = published[row.group_by, row.group]
        assert row.conf_low + 50 == pytest.approx(score.conf_low, rel=1e-12)
        assert row.conf_high + 50 == pytest.approx(score.conf_high, rel=1e-12)


@pytest.mark.parametrize("part", [0.5, 1.0])
def test_a_census_meets_its_target_or_does_not(study_by_hand, part):
    """Everybody in a and b was asked, of c a part: nothing is left to chance in a and b."""
    study = made(study_by_hand, targets={"satisfaction": 0, "money": 0})
    fraction = np.where((study.frame["area"] == "c").to_numpy(), part, 1.0)
    strata = (study.frame["area"] == "c").to_numpy().astype(np.int64)
    mean = study.construct_scores.loc[(study.frame["area"] == "a").to_numpy(), "satisfaction"].mean()
    for gap, verdict in ((0.0, "met"), (-1e-6, "met"), (1e-6, "not_met")):
        wanted = dataclasses.replace(study.plan.comparisons, targets={"satisfaction": mean + gap, "money": 99.9})
        asked = dataclasses.replace(
            study, fraction=fraction, strata=strata, plan=dataclasses.replace(study.plan, comparisons=wanted)
        )
        found = {r.group: r for r in rows_of(asked, measure="satisfaction", method="target")}
        assert found["a"].verdict == verdict
        assert (found["a"].std_error, found["a"].t, found["a"].df, found["a"].p_value) == (0.0, None, None, None)
        assert found["a"].conf_low == found["a"].estimate == found["a"].conf_high == pytest.approx(-gap, abs=1e-9)
        assert found["b"].verdict in ("met", "not_met")
        assert (found["c"].std_error > 0, found[""].std_error > 0) == (part < 1, part < 1)
        costs = {r.group: r.verdict for r in rows_of(asked, measure="money", method="target")}
        assert costs["a"] == "met"


@pytest.mark.parametrize("part", [0.5, 1.0])
def test_units_of_a_census_are_ranked_for_certain(study_by_hand, part):
    """Everybody in a and b was asked, of c a part; by cost the order is that from the lowest."""
    study = made(study_by_hand, ranks=Ranks(("area",), ("satisfaction", "money")))
    own = (study.frame["area"] == "c").to_numpy()
    asked = dataclasses.replace(study, fraction=np.where(own, part, 1.0), strata=own.astype(np.int64))
    rows, notes = rank_units(asked, make_resampling(asked))
    assert not [note for note in notes if note.code == "M241"]
    for measure, sign in (("satisfaction", -1), ("money", 1)):
        found = {row.unit: row for row in rows if row.measure == measure}
        means = {unit: sign * np.nanmean(values) for unit, values in scores(study, measure).items()}
        assert sorted(found, key=lambda unit: found[unit].rank) == sorted(means, key=lambda unit: means[unit])
        assert {unit: row.std_error > 0 for unit, row in found.items()} == {"a": False, "b": False, "c": part < 1}
        one, two = sorted((found["a"], found["b"]), key=lambda row: row.rank)
        assert one.rank_high < two.rank_high
        assert one.rank_low < two.rank_low
        if part == 1:
            for row in found.values():
                assert {row.rank_low, row.rank_high, row.marginal_low, row.marginal_high} == {row.rank}


@pytest.mark.parametrize("part", [0.5, 1.0])
def test_groups_of_a_census_differ_without_a_test(study_by_hand, part):
    study = made(study_by_hand)
    own = (study.frame["area"] == "c").to_numpy()
    asked = dataclasses.replace(study, fraction=np.where(own, part, 1.0), strata=own.astype(np.int64))
    means = {group: np.nanmean(values) for group, values in scores(study).items()}
    for row in rows_of(asked, measure="satisfaction", statistic="mean_score", method="pair"):
        gap = means[row.group] - means[row.other]
        assert row.estimate == pytest.approx(gap, rel=1e-12)
        if part == 1 or "c" not in (row.group, row.other):
            assert (row.std_error, row.t, row.df, row.p_value, row.p_adjusted) == (0.0, None, None, 0.0, 0.0)
            assert row.conf_low == row.conf_high == row.estimate
            assert row.verdict == ("higher" if gap > 0 else "lower")
        else:
            assert row.std_error > 0
            assert row.p_value is not None


@pytest.mark.parametrize(("target", "verdict"), [(0, "met"), (100, "not_met")])
def test_targets_are_judged_by_the_interval(study_by_hand, target, verdict):
    rows = rows_of(made(study_by_hand, targets={"satisfaction": target}), method="target")
    assert [r.group for r in rows] == ["", "a", "b", "c"]
    assert {r.verdict for r in rows} == {verdict}
    values = made(study_by_hand).construct_scores["satisfaction"]
    assert rows[0].estimate == pytest.approx(values.mean() - target, rel=1e-12)
    assert rows[0].other == f"{target}"


def test_a_target_within_the_interval_is_undecided(study_by_hand):
    mean = float(made(study_by_hand).construct_scores["satisfaction"].mean())
    (row, *_) = rows_of(made(study_by_hand, targets={"satisfaction": round(mean, 1)}), method="target")
    assert row.verdict == "undecided"


def test_the_target_of_a_cost_is_met_from_below(study_by_hand):
    rows = rows_of(made(study_by_hand, targets={"money": 95, "satisfaction": 95}), method="target", group="")
    assert {r.measure: r.verdict for r in rows} == {"money": "met", "satisfaction": "not_met"}


def test_two_groups_against_the_rest_are_one_test(study_by_hand):
    groups = ["a"] * 200 + ["b"] * 160
    rows = rows_of(made(study_by_hand, adjust="holm", groups=groups), measure="money", statistic="mean_score")
    (pair,) = [r for r in rows if r.method == "pair"]
    rests = [r for r in rows if r.method == "rest"]
    assert [r.p_adjusted for r in rests] == [r.p_value for r in rests] == pytest.approx([pair.p_value] * 2, rel=1e-9)


def test_small_groups_are_named_and_not_tested(study_by_hand):
    groups = ["a"] * 200 + ["b"] * 155 + ["c"] * 5
    study = made(study_by_hand, groups=groups, ranks=Ranks(("area",)))
    rows, notes = compare(study, make_resampling(study))
    assert all(r.p_value is None and r.verdict == "undecided" for r in rows if "c" in (r.group, r.other))
    assert all(r.p_value is not None for r in rows if (r.group, r.other) == ("a", "b"))
    assert [(n.code, n.about) for n in notes] == [("M240", "area[c]")]
    ranks, told = rank_units(study, make_resampling(study))
    assert [r.unit for r in ranks] == ["b", "a"]
    assert [(n.code, n.about) for n in told] == [("M241", "area[c]")]


def test_ranks_come_with_their_sets_best_first_and_costs_from_the_lowest(study_by_hand):
    study = made(study_by_hand, ranks=Ranks(("area",), ("satisfaction", "money")))
    rows, notes = rank_units(study, make_resampling(study))
    by_measure = {m: [(r.unit, r.rank) for r in rows if r.measure == m] for m in ("satisfaction", "money")}
    assert by_measure == {"satisfaction": [("c", 1), ("b", 2), ("a", 3)], "money": [("c", 1), ("b", 2), ("a", 3)]}
    assert notes == ()
    assert all(r.rank_low <= r.marginal_low <= r.rank <= r.marginal_high <= r.rank_high for r in rows)
    first = rows[0]
    assert first.estimate == pytest.approx(scores(study)["c"].mean(), rel=1e-12)
    assert first.tie_group == 1
    assert rows[2].rank_low > first.rank_high - 1


def ranked_within(study_by_hand, areas, towns, **options):
    """A study of towns in areas, ranked within these."""
    study = study_by_hand(
        {"satisfaction": ("satisfaction", ratings())},
        questions={"area": ("choice", areas), "town": ("choice", towns)},
        **options,
    )
    wanted = Ranks(("town", "area"), within="area")
    plan = dataclasses.replace(study.plan, groups=("area", "town"), ranks=wanted)
    return dataclasses.replace(study, plan=plan, groups={name: study.frame[name] for name in plan.groups})


def test_units_are_ranked_within_their_strata_and_strata_as_a_whole(study_by_hand):
    areas = ["y"] * 200 + ["x"] * 160
    towns = [f"t{i // 40}" for i in range(N)]
    study = ranked_within(study_by_hand, areas, towns)
    rows, notes = rank_units(study, make_resampling(study))
    assert notes == ()
    values = study.construct_scores["satisfaction"].to_numpy(dtype=float)
    mean = {town: values[(study.frame["town"] == town).to_numpy()].mean() for town in set(towns)}
    for stratum, own in (("y", range(5)), ("x", range(5, 9))):
        table = [r for r in rows if (r.group_by, r.within, r.stratum) == ("town", "area", stratum)]
        names = sorted((f"t{i}" for i in own), key=lambda town: -mean[town])
        assert [(r.unit, r.rank) for r in table] == [(name, place) for place, name in enumerate(names, 1)]
        assert [r.estimate for r in table] == pytest.approx([mean[name] for name in names], rel=1e-12)
        assert all(1 <= r.rank_low <= r.marginal_low <= r.rank for r in table)
        assert all(r.rank <= r.marginal_high <= r.rank_high <= len(names) for r in table)
        assert table[0].tie_group == 1
    assert [(r.unit, r.within, r.stratum) for r in rows if r.group_by == "area"] == [("x", "", ""), ("y", "", "")]
    assert len(rows) == 11


def test_a_unit_without_peers_or_without_a_stratum_is_named(study_by_hand):
    areas = ["x"] * 150 + ["y"] * 120 + [None] * 90
    towns = ["a"] * 80 + ["b"] * 70 + ["c"] * 115 + ["d"] * 5 + ["e"] * 90
    study = ranked_within(study_by_hand, areas, towns)
    rows, notes = rank_units(study, make_resampling(study))
    assert [r.unit for r in rows if r.within] == ["a", "b"] or [r.unit for r in rows if r.within] == ["b", "a"]
    assert {r.rank_high for r in rows if r.within} <= {1, 2}
    told = [(n.code, n.about) for n in notes]
    assert told == [("M241", "town[d]"), ("M266", "town[e]"), ("M265", "area[y]")]
    assert all(n.text("en") and n.text("zh-CN") for n in notes)


def test_one_unit_is_no_league(study_by_hand):
    study = made(study_by_hand, groups=["a"] * N, ranks=Ranks(("area",)))
    rows, notes = rank_units(study, make_resampling(study))
    assert (rows, [n.code for n in notes]) == ((), ["M242"])


def test_nothing_is_compared_unless_asked(study_by_hand):
    study = made(study_by_hand)
    plan = dataclasses.replace(study.plan, comparisons=None)
    study = dataclasses.replace(study, plan=plan)
    assert compare(study, make_resampling(study)) == ((), ())
    assert rank_units(study, make_resampling(study)) == ((), ())


@pytest.mark.slow
def test_false_alarms_stay_at_their_level_when_groups_do_not_differ(study_by_hand):
    """A/A: groups dealt at random, 300 times; any alarm within one measure in at most 5 % with Holm."""
    base = made(study_by_hand, replicates=200, adjust="holm")
    resampling = make_resampling(base)
    rng = np.random.default_rng(11)
    alone, any_of = [], []
    for _ in range(300):
        dealt = base.frame["area"].to_numpy()[rng.permutation(N)]
        frame = base.frame.assign(area=dealt)
        study = dataclasses.replace(base, frame=frame, groups={"area": frame["area"]})
        rows, _ = compare(study, resampling)
        pairs = [r for r in rows if (r.measure, r.statistic, r.method) == ("satisfaction", "mean_score", "pair")]
        alone.append(pairs[0].p_value < 0.05)
        any_of.append(any(r.verdict != "undecided" for r in pairs))
    assert 0.05 - 3 * 0.0126 < np.mean(alone) < 0.05 + 3 * 0.0126
    assert np.mean(any_of) < 0.05 + 3 * 0.0126
