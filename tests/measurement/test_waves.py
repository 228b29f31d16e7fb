"""Changes between waves worked out another way, panels, breaks, and what is left untested."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from satmeter.errors import StudyError
from satmeter.measurement.wave_breaks import find_breaks, weighting_rule
from satmeter.measurement.wave_pairs import WaveStudy
from satmeter.measurement.waves import follow_waves
from satmeter.moments import make_resampling
from satmeter.questionnaire.model import Text
from satmeter.study.plan import Comparisons, Missing, Uncertainty
from satmeter.study.sampling_plan import Design, Margin, Weighting
from satmeter.study.wave_plan import WavePlan

N = 240
AREAS = ["a"] * 100 + ["b"] * 80 + ["c"] * 60


def ratings(seed, shift=0.0, n=N, items=3):
    rng = np.random.default_rng(seed)
    true = rng.normal(size=n) + shift
    return {f"i{j}": list(np.clip(np.round(3 + true + rng.normal(size=n)), 1, 5)) for j in range(items)}


def wave(study_by_hand, label, seed, *, shift=0.0, answers=None, ids=None, replicates=100, **options):
    answers = answers or ratings(seed, shift)
    n = len(answers["i0"])
    likely = np.random.default_rng(seed + 99).integers(0, 11, n)
    study = study_by_hand(
        {"satisfaction": ("satisfaction", answers), "loyalty": ("loyalty", {"nps": list(likely)})},
        scales={"nps": (0, 10)},
        questions={"area": ("choice", (AREAS * 9)[:n])},
        groups=("area",),
        replicates=replicates,
        seed=seed,
        **options,
    )
    if ids is not None:
        other = pd.DataFrame({"respondent": list(ids)}, index=study.frame.index)
        study = dataclasses.replace(study, responses=dataclasses.replace(study.responses, other=other))
    return WaveStudy(label, study, make_resampling(study))


def followed(*waves, **keys):
    """Follow the waves under a plan of the last one."""
    plan = dataclasses.replace(waves[-1].study.plan, waves=WavePlan("wave", **keys))
    last = dataclasses.replace(waves[-1], study=dataclasses.replace(waves[-1].study, plan=plan))
    return follow_waves((*waves[:-1], last))


def one(found, measure="satisfaction", statistic="mean_score", **wanted):
    wanted = {"wave": "2026", "role": "previous", "group": ""} | wanted
    (row,) = [
        row
        for row in found.rows
        if (row.measure, row.statistic) == (measure, statistic)
        and all(getattr(row, key) == value for key, value in wanted.items())
    ]
    return row


def scores(wave, group=None, measure="satisfaction"):
    values = wave.study.construct_scores[measure].to_numpy(float)
    return values if group is None else values[(wave.study.frame["area"] == group).to_numpy()]


def test_the_change_of_two_independent_samples_is_welchs(study_by_hand):
    old, new = (wave(study_by_hand, *x, replicates=2000) for x in (("2025", 1), ("2026", 2)))
    row = one(followed(old, new))
    a, b = scores(new), scores(old)
    welch = stats.ttest_ind(a, b, equal_var=False)
    assert row.change == pytest.approx(a.mean() - b.mean(), rel=1e-12)
    assert row.estimate == pytest.approx(a.mean(), rel=1e-12)
    assert row.df == pytest.approx(welch.df, rel=1e-9)
    assert row.t == pytest.approx(welch.statistic, rel=0.05)
    assert row.p_adjusted == row.p_value
    assert row.effect_size == pytest.approx((a.mean() - b.mean()) / np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2))
    assert (row.n, row.n_other, row.n_pairs, row.paired, row.broken) == (N, N, None, False, ())


def test_a_wave_is_told_as_in_the_scores_and_the_first_has_no_change(study_by_hand):
    found = followed(wave(study_by_hand, "2025", 1), wave(study_by_hand, "2026", 2, shift=0.5))
    first = [row for row in found.rows if row.wave == "2025"]
    assert {(row.against, row.role, row.change, row.verdict) for row in first} == {("", "", None, "")}
    assert {row.group for row in found.rows} == {"", "a", "b", "c"}
    assert {row.statistic for row in found.rows if not row.group} == {
        "mean_score", "index", "top2", "nps", "mean_rating",
    }  # fmt: skip
    assert "mean_rating" not in {row.statistic for row in found.rows if row.group}
    assert one(found).verdict == "higher"
    assert one(found).conf_low < one(found).estimate < one(found).conf_high


def test_shares_and_balances_change_too(study_by_hand):
    old, new = wave(study_by_hand, "2025", 1), wave(study_by_hand, "2026", 2)
    found = followed(old, new)
    p, q = ((w.study.frame["i0"] >= 4).mean() for w in (new, old))
    top = one(found, "i0", "top2")
    assert top.change == pytest.approx(p - q, rel=1e-12)
    assert top.effect_size == pytest.approx(2 * np.arcsin(np.sqrt(p)) - 2 * np.arcsin(np.sqrt(q)), rel=1e-9)
    balance = [100 * ((w.study.frame["nps"] >= 9).mean() - (w.study.frame["nps"] <= 6).mean()) for w in (new, old)]
    assert one(found, "nps", "nps").change == pytest.approx(balance[0] - balance[1], rel=1e-12)


def test_p_values_are_adjusted_over_the_groups_of_one_measure(study_by_hand):
    old, new = wave(study_by_hand, "2025", 1), wave(study_by_hand, "2026", 2, shift=0.2)
    rows = [one(followed(old, new), group=group) for group in "abc"]
    p = np.array([row.p_value for row in rows])
    order = np.argsort(p)
    holm = np.maximum.accumulate(p[order] * [3, 2, 1])
    assert np.array([row.p_adjusted for row in rows])[order] == pytest.approx(np.minimum(holm, 1), rel=1e-12)
    plan = dataclasses.replace(new.study.plan, comparisons=Comparisons(adjust="none"))
    plain = WaveStudy("2026", dataclasses.replace(new.study, plan=plan), new.resampling)
    assert all(row.p_adjusted == row.p_value for row in (one(followed(old, plain), group=g) for g in "abc"))


def test_the_baseline_is_another_row_unless_it_is_the_wave_before(study_by_hand):
    waves = [wave(study_by_hand, label, seed) for label, seed in (("2024", 1), ("2025", 2), ("2026", 3))]
    found = followed(*waves, baseline="2024")
    assert [(row.wave, row.against, row.role) for row in found.rows if row.measure == "i0" and not row.group] == [
        ("2024", "", ""), ("2024", "", ""),
        ("2025", "2024", "previous"), ("2025", "2024", "previous"),
        ("2026", "2025", "previous"), ("2026", "2025", "previous"),
        ("2026", "2024", "baseline"), ("2026", "2024", "baseline"),
    ]  # fmt: skip
    row = one(found, role="baseline")
    assert row.change == pytest.approx(scores(waves[2]).mean() - scores(waves[0]).mean(), rel=1e-12)


def test_a_panel_is_compared_with_itself(study_by_hand):
    before = ratings(1)
    rng = np.random.default_rng(5)
    after = {k: list(np.clip(np.array(v) + rng.choice([-1, 0, 0, 1, 1], N), 1, 5)) for k, v in before.items()}
    old = wave(study_by_hand, "2025", 1, answers=before, ids=[f"p{i}" for i in range(N)], replicates=2000)
    new = wave(study_by_hand, "2026", 2, answers=after, ids=[f"p{i}" for i in range(40, N + 40)], replicates=2000)
    found = followed(old, new, panel=True)
    a, b = scores(new)[: N - 40], scores(old)[40:]
    row = one(found)
    paired = stats.ttest_rel(a, b)
    assert row.change == pytest.approx((a - b).mean(), rel=1e-12)
    assert row.change != pytest.approx(scores(new).mean() - scores(old).mean(), rel=1e-6)
    assert (row.n, row.n_other, row.n_pairs, row.paired) == (N, N, N - 40, True)
    assert (row.df, row.t) == (N - 41, pytest.approx(paired.statistic, rel=0.05))
    (note,) = [note for note in found.notes if note.code == "M261"]
    assert (note.params["n"], note.params["of"]) == (N - 40, N)
    assert "200" in note.text("en")
    share = one(found, "i0", "top2")
    x, y = np.array(after["i0"])[: N - 40] >= 4, np.array(before["i0"])[40:] >= 4
    assert share.change == pytest.approx(x.mean() - y.mean(), rel=1e-12)
    m, gain, lose = N - 40, (x & ~y).sum(), (~x & y).sum()
    error = np.sqrt(((gain + lose + 1) / (m + 2) - ((gain - lose) / (m + 2)) ** 2) / (m + 2))
    assert share.change_std_error == pytest.approx(error, rel=0.06)
    assert (share.change_conf_low + share.change_conf_high) / 2 == pytest.approx((gain - lose) / (m + 2), rel=0.01)


def test_a_panel_in_which_all_changed_alike_is_not_tested(study_by_hand):
    before = {f"i{j}": [2.0, 3.0, 4.0] * (N // 3) for j in range(3)}
    after = {name: [value + 1 for value in values] for name, values in before.items()}
    weights = list(np.random.default_rng(4).uniform(0.3, 3.0, N))
    old = wave(study_by_hand, "2025", 1, answers=before, ids=range(N))
    new = wave(study_by_hand, "2026", 2, answers=after, ids=range(N), weights=weights)
    row = one(followed(old, new, panel=True))
    assert row.change == pytest.approx(25, rel=1e-12)
    assert (row.n_pairs, row.change_std_error, row.p_value, row.verdict) == (N, None, None, "undecided")


def test_an_order_of_rows_says_nothing_in_a_panel(study_by_hand):
    ids = [f"p{i}" for i in range(N)]
    old = wave(study_by_hand, "2025", 1, ids=ids)
    new = wave(study_by_hand, "2026", 2, ids=ids)
    turned = wave(study_by_hand, "2025", 1, answers={k: v[::-1] for k, v in ratings(1).items()}, ids=ids[::-1])
    straight, other = (one(followed(w, new, panel=True)) for w in (old, turned))
    assert straight.change_std_error == pytest.approx(other.change_std_error, rel=1e-9)


def test_a_panel_without_pairs_is_an_error(study_by_hand):
    old = wave(study_by_hand, "2025", 1, ids=[f"x{i}" for i in range(N)])
    new = wave(study_by_hand, "2026", 2, ids=[f"p{i}" for i in range(N)])
    for earlier in (old, wave(study_by_hand, "2025", 1)):
        with pytest.raises(StudyError) as error:
            followed(earlier, new, panel=True)
        (problem,) = error.value.problems
        assert (problem.code, problem.params["n"]) == ("S066", 0)
        assert "`respondent`" in error.value.text("zh-CN")


def test_ids_that_return_are_told_where_waves_count_as_independent(study_by_hand):
    ids = [f"p{i}" for i in range(N)]
    found = followed(wave(study_by_hand, "2025", 1, ids=ids), wave(study_by_hand, "2026", 2, ids=ids))
    assert ("M262", N) in [(note.code, note.params.get("n")) for note in found.notes]


def reworded(old, item="i0"):
    questionnaire = old.study.questionnaire
    items = questionnaire.items | {item: dataclasses.replace(questionnaire.items[item], text=Text((("en", "other"),)))}
    asked = dataclasses.replace(questionnaire, items=items)
    responses = dataclasses.replace(old.study.responses, questionnaire=asked)
    return dataclasses.replace(old, study=dataclasses.replace(old.study, responses=responses))


def test_other_words_break_the_item_and_its_construct_and_nothing_else(study_by_hand):
    old, new = reworded(wave(study_by_hand, "2025", 1)), wave(study_by_hand, "2026", 2, shift=1)
    found = followed(old, new)
    for measure, statistic in (("satisfaction", "mean_score"), ("i0", "mean_rating"), ("i0", "top2")):
        row = one(found, measure, statistic)
        assert (row.broken, row.verdict) == (("wording",), "break")
        assert (row.change, row.p_value, row.t, row.effect_size, row.change_conf_low) == (None,) * 5
        assert row.estimate is not None
    assert one(found, "i1", "mean_rating").verdict == "higher"
    assert one(found, "satisfaction", group="a").verdict == "break"
    assert {(change.reason, change.about, change.breaks) for change in found.changes} == {("wording", "i0", True)}
    assert "措辞改变" in found.changes[0].text["zh-CN"]
    (note,) = [note for note in found.notes if note.code == "M260"]
    assert note.about == "satisfaction, i0"


def test_another_mode_breaks_everything_and_only_against_the_other_mode(study_by_hand):
    waves = [wave(study_by_hand, label, seed) for label, seed in (("2024", 1), ("2025", 2), ("2026", 3))]
    found = followed(*waves, baseline="2024", mode={"2024": "web", "2025": "phone", "2026": "web"})
    assert {row.broken for row in found.rows if row.role == "previous"} == {("mode",)}
    assert {row.broken for row in found.rows if row.role == "baseline"} == {()}
    assert "phone → web" in found.changes[-1].text["en"]


def test_a_stated_break_lies_between_two_waves(study_by_hand):
    waves = [wave(study_by_hand, label, seed) for label, seed in (("2024", 1), ("2025", 2), ("2026", 3))]
    found = followed(*waves, baseline="2024", breaks={"satisfaction": {"2025": "new hotline"}})
    assert one(found, wave="2025").broken == ("stated",)
    assert one(found, wave="2026").broken == ()
    assert one(found, wave="2026", role="baseline").broken == ("stated",)
    assert one(found, "i1", "mean_rating", wave="2025").broken == ("stated",)
    assert one(found, "nps", "nps", wave="2025").broken == ()
    (change, _) = found.changes
    assert (change.about, change.text["zh-CN"]) == ("satisfaction", "2025: new hotline")
    whole = followed(*waves, breaks={"all": {"2026": "new frame"}})
    assert {row.broken for row in whole.rows if row.wave == "2026"} == {("stated",)}


def test_other_weighting_and_missing_rules_break_what_they_touch(study_by_hand):
    old, new = wave(study_by_hand, "2025", 1), wave(study_by_hand, "2026", 2)

    def with_plan(**keys):
        plan = dataclasses.replace(old.study.plan, **keys)
        return dataclasses.replace(old, study=dataclasses.replace(old.study, plan=plan))

    rule = followed(with_plan(missing=Missing("complete")), new)
    assert one(rule).broken == ("missing_rule",)
    assert one(rule, "satisfaction", "top2").broken == ()
    assert one(rule, "loyalty", "mean_score").broken == ()  # one item: nothing to average
    weighted = with_plan(weighting=Weighting((Margin("area", {"a": 1.0}),)))
    assert {row.broken for row in followed(weighted, new).rows if row.role} == {("weighting",)}
    assert followed(weighted, new).changes[0].text["en"] == "weighted in another way: raking area → –"
    other_numbers = with_plan(weighting=Weighting((Margin("area", {"a": 2.0}),)))
    assert weighting_rule(other_numbers.study) == weighting_rule(weighted.study)
    assert weighting_rule(with_plan(design=Design(weight="w")).study) == "weight"


def test_an_item_without_answers_in_one_wave_breaks_its_construct(study_by_hand):
    answers = ratings(1) | {"i2": [np.nan] * N}
    found = followed(wave(study_by_hand, "2025", 1, answers=answers), wave(study_by_hand, "2026", 2))
    assert one(found).broken == ("missing_item",)
    assert one(found, "i0", "mean_rating").broken == ()
    assert ("missing_item", "i2") in {(change.reason, change.about) for change in found.changes}


def test_a_construct_that_is_new_begins_a_series(study_by_hand):
    new = wave(study_by_hand, "2026", 2)
    lonely = study_by_hand({"satisfaction": ("satisfaction", ratings(1))}, groups=())
    found = followed(WaveStudy("2025", lonely, make_resampling(lonely)), new)
    (row,) = [row for row in found.rows if row.statistic == "nps" and not row.group]
    assert (row.against, row.role, row.verdict, row.change) == ("", "", "", None)
    (note,) = [note for note in found.notes if note.code == "M263"]
    assert note.about == "loyalty, nps"
    groups = [row for row in found.rows if row.group_by and row.statistic == "mean_score" and row.measure != "loyalty"]
    assert {(row.n_other, row.verdict) for row in groups} == {(0, "undecided")}


def test_waves_without_a_common_item_are_an_error(study_by_hand):
    other = study_by_hand({"satisfaction": ("satisfaction", {"z0": ratings(1)["i0"]})})
    with pytest.raises(StudyError) as error:
        followed(WaveStudy("2025", other, make_resampling(other)), wave(study_by_hand, "2026", 2))
    (problem,) = error.value.problems
    assert (problem.code, problem.params) == ("S048", {"wave": "2026", "against": "2025"})
    assert "没有共同的题项" in error.value.text("zh-CN")


def test_small_groups_are_named_and_not_tested(study_by_hand):
    old, new = wave(study_by_hand, "2025", 1, answers=ratings(1, n=8)), wave(study_by_hand, "2026", 2)
    found = followed(old, new)
    row = one(found)
    assert (row.p_value, row.change_std_error, row.verdict, row.n_other) == (None, None, "undecided", 8)
    assert row.change == pytest.approx(scores(new).mean() - scores(old).mean())
    assert ("M264", "2025", 8) in [(note.code, note.about, note.params.get("n")) for note in found.notes]
    assert ("M264", "2025: area[b]", 0) in [(note.code, note.about, note.params.get("n")) for note in found.notes]


def test_weights_and_clusters_of_both_waves_enter_the_error(study_by_hand):
    cluster = [i // 6 for i in range(N)]
    old = wave(study_by_hand, "2025", 1, cluster=cluster, weights=list(np.linspace(0.5, 1.5, N)))
    new = wave(study_by_hand, "2026", 2)
    row = one(followed(old, new))
    cells = [one(followed(old, new), wave=label, role=role) for label, role in (("2025", ""), ("2026", "previous"))]
    first, second = (cell.std_error for cell in cells)
    assert row.change_std_error == pytest.approx(np.hypot(first, second), rel=1e-12)
    v = scores(new).var(ddof=1) / N
    assert row.df == pytest.approx((first**2 + v) ** 2 / (first**4 / 39 + v**2 / (N - 1)), rel=1e-9)


def test_changes_know_that_random_groups_are_few(study_by_hand):
    waves = []
    for label, seed in (("2025", 1), ("2026", 2)):
        study = wave(study_by_hand, label, seed).study
        plan = dataclasses.replace(study.plan, uncertainty=Uncertainty(100, method="groups", groups=12))
        study = dataclasses.replace(study, plan=plan)
        waves.append(WaveStudy(label, study, make_resampling(study)))
    v, w = (scores(each).var(ddof=1) / N for each in waves)
    assert one(followed(*waves)).df == pytest.approx((v + w) ** 2 / ((v**2 + w**2) / 11), rel=1e-9)


def test_breaks_of_groups_follow_the_question(study_by_hand):
    old, new = wave(study_by_hand, "2025", 1), wave(study_by_hand, "2026", 2)
    questionnaire = old.study.questionnaire
    area = questionnaire.questions["area"]
    options = tuple(
        dataclasses.replace(o, label=Text((("en", "elsewhere"),))) if o.code == "b" else o for o in area.options
    )
    asked = dataclasses.replace(questionnaire, questions={"area": dataclasses.replace(area, options=options)})
    responses = dataclasses.replace(old.study.responses, questionnaire=asked)
    changed = dataclasses.replace(old, study=dataclasses.replace(old.study, responses=responses))
    found = followed(changed, new)
    assert {row.group: row.broken for row in found.rows if row.role} == {"": (), "a": (), "b": ("group",), "c": ()}
    breaks = find_breaks(new.study, changed.study, "2026", "2025", WavePlan("wave"), ("2025", "2026"))
    assert breaks.groups == {("area", "b")}
