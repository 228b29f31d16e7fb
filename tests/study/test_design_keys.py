"""Finite populations, clusters in two strata, strata of one unit, replicate weights: the study file and its data."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.errors import StudyError
from satmeter.measurement import measure
from satmeter.moments import make_resampling
from satmeter.study.sampling_plan import Population, ReplicateColumns

ITEMS = ("p1", "p2", "p3", "s1", "s2", "s3", "l1")
QUIET = "quality: {too_many_missing: off, straightlining: off, duplicates: off}\n"
HEADER = (*ITEMS, "h", "c", "size", "w", "rw1", "rw2", "rw3", "rw4")


def rows_of(strata="aaaaabbbbb", cluster="1122334455", sizes="10,10,10,10,10,20,20,20,20,20", replicates=None):
    """Ten respondents in two strata and five clusters; replicate weights leave out a pair of clusters each."""
    rng = np.random.default_rng(3)
    rows = []
    for i, (h, c, size) in enumerate(zip(strata, cluster, sizes.split(","), strict=True)):
        answers = (*rng.integers(1, 6, 5), *rng.integers(0, 11, 2))
        weights = (0 if i % 4 == k else 8 / 3 for k in range(4)) if replicates is None else replicates[i]
        rows.append((*answers, h, c, size, 2, *weights))
    return rows


def problems_of(call):
    with pytest.raises(StudyError) as caught:
        call()
    return [(p.code, p.about[1] if p.about else "") for p in caught.value.problems], caught.value.problems


def of(study_of, text, rows=None):
    return study_of(rows or rows_of(), QUIET + text, HEADER)


def test_a_weight_and_a_probability_are_one_too_many(plan_of):
    ((told,), _) = problems_of(lambda: plan_of("design: {weight: w, probability: size}\n"))
    assert told == ("S135", "design.probability")
    chosen, weighted = plan_of("design: {probability: size}\n"), plan_of("design: {weight: size}\n")
    assert (chosen.design.base, weighted.design.base) == ("size", "size")
    assert chosen.digest != weighted.digest


def test_probabilities_give_the_figures_of_their_weights(study_of):
    rows = [
        (*row[:9], chance, *row[10:])
        for row, chance in zip(rows_of(cluster="1122346677"), [0.2] * 5 + [0.625] * 5, strict=True)
    ]
    inverse = [(*row[:9], 1 / row[9], *row[10:]) for row in rows]
    found = []
    for key, data in (("probability", rows), ("weight", inverse)):
        text = f"design: {{{key}: size, strata: h, cluster: c, population: {{a: 12, b: 16}}}}\n"
        study = of(study_of, text + "uncertainty: {replicates: 100}\n", data)
        found.append([(r.estimate, r.std_error, r.deff) for r in measure(study, make_resampling(study)).scores])
    assert [r[0] for r in found[0]] == pytest.approx([r[0] for r in found[1]], rel=1e-13)
    known = [(a, b) for one, two in zip(*found, strict=True) for a, b in zip(one[1:], two[1:], strict=True) if a]
    assert len(known) > 20
    assert [a for a, _ in known] == pytest.approx([b for _, b in known], rel=1e-12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{population: 6194}", Population({"": 6194.0}, line=4)),
        ("{strata: h, population: {a: 120, b: 80}}", Population({"a": 120.0, "b": 80.0}, line=4)),
        ("{strata: h, population: {h: {a: 120, b: 80}}}", Population({"a": 120.0, "b": 80.0}, line=4)),
        ("{strata: h, population: size}", Population(column="size", line=4)),
    ],
)
def test_forms_of_a_population(plan_of, text, expected):
    assert plan_of(f"design: {text}\n").design.population == expected


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("{population: 0}", [("S081", "design.population")]),
        ("{population: -5}", [("S081", "design.population")]),
        ("{population: '12 000'}", [("S081", "design.population")]),
        ("{strata: h, population: {a: many, b: 0.5}}", [("S081", "design.population")] * 2),
        ("{strata: h, population: 6194}", [("S083", "design.population")]),
        ("{population: {a: 120, b: 80}}", [("S083", "design.population")]),
        ("{strata: h, population: {region: {a: 120, b: 80}}}", [("S083", "design.population")]),
        ("{strata: h, population: {}}", [("S083", "design.population")]),
        ("{replicates: {columns: rw*, type: brr}, population: 900}", [("S084", "design.replicates")]),
        ("{replicates: {columns: rw*, type: fay}}", [("S084", "design.replicates")]),
        ("{replicates: {columns: rw*, type: fay, rho: 1}}", [("S084", "design.replicates")]),
        ("{replicates: {columns: rw*, type: jk1, rho: 0.5}}", [("S084", "design.replicates")]),
        ("{replicates: {columns: rw*, type: brr, scale: 0.1}}", [("S084", "design.replicates")]),
        ("{replicates: {columns: rw*, type: jk1, scale: -1}}", [("S084", "design.replicates")]),
        ("{replicates: {columns: rw*, type: other}}", [("S084", "design.replicates")]),
        ("{replicates: {columns: rw*, type: other, rscales: [1, x]}}", [("S084", "design.replicates")]),
        ("{replicates: {columns: rw*, type: jk1}}\nuncertainty: {method: jackknife}", [("S084", "design.replicates")]),
        ("{}\nuncertainty: {method: groups, groups: 4}", [("S019", "uncertainty")]),
    ],
)
def test_what_the_file_may_not_say(plan_of, text, codes):
    found, problems = problems_of(lambda: plan_of(f"design: {text}\n"))
    assert found == codes
    assert all(problem.line >= 4 for problem in problems)


def test_files_without_the_keys_keep_their_digest(plan_of):
    plain = "design: {weight: w, strata: region, cluster: branch}\nuncertainty: {replicates: 300}\n"
    # made before these keys were known
    assert (
        plan_of(plain).digest == plan_of(plain.replace("replicates: 300", "replicates: 300, method: bootstrap")).digest
    )
    others = [
        plan_of(plain.replace("cluster: branch", more)).digest
        for more in (
            "cluster: branch",
            "cluster: branch, nested: true",
            "cluster: branch, population: size",
            "cluster: branch, replicates: {columns: rw*, type: brr}",
        )
    ]
    assert len(set(others)) == 4
    moved = plan_of("groups: [city]\n" + plain.replace("cluster: branch", "cluster: branch, population: size")).digest
    again = plan_of(
        "groups: [city]\n\n\n" + plain.replace("cluster: branch", "cluster: branch, population: size")
    ).digest
    assert moved == again


@pytest.mark.parametrize("population", ["{a: 10, b: 20}", "{h: {a: 10, b: 20}}", "size"])
def test_fractions_by_respondents(study_of, population):
    study = of(study_of, f"design: {{strata: h, population: {population}}}\n")
    assert study.fraction.tolist() == [0.5] * 5 + [0.25] * 5


def test_fractions_by_clusters_and_of_everybody(study_of):
    study = of(study_of, "design: {cluster: c, population: 50}\n")
    assert study.fraction.tolist() == [0.1] * 10
    assert of(study_of, "design: {population: 10}\n").fraction.tolist() == [1.0] * 10
    assert of(study_of, "design: {cluster: c}\n").fraction is None


def test_a_row_counts_as_often_as_its_frequency(study_of):
    rows = [(*row[:-1], 3) for row in rows_of()]
    study = study_of(rows, QUIET + "design: {frequency: rw4, population: 60}\n", HEADER)
    assert study.fraction.tolist() == [0.5] * 30


@pytest.mark.parametrize(
    ("design", "rows", "codes", "named"),
    [
        ("{strata: h, population: {a: 4, b: 20}}", {}, ["S082"], "a: 4 < 5"),
        ("{population: 9}", {}, ["S082"], "–: 9 < 10"),
        ("{strata: h, population: {a: 40}}", {}, ["S083"], "'b': –"),
        ("{strata: h, population: {a: 40, b: 40, x: 7}}", {}, ["S083"], "'x': 7, n = 0"),
        ("{strata: h, population: {a: 4, x: 7}}", {}, ["S083", "S083", "S082"], "a: 4 < 5"),
        ("{strata: h, population: size}", {"sizes": "9,9,9,9,8" + ",20" * 5}, ["S081"], "'a': 8 / 9"),
        ("{strata: h, population: size}", {"sizes": "9,,9,none,-1" + ",20" * 5}, ["S081"], "3, 5, 6"),
        ("{strata: h, population: sise}", {}, ["S020"], ""),
        ("{strata: h, cluster: c}", {"cluster": "1122311455"}, ["S080"], "1 (a, b)"),
        ("{strata: h, cluster: c, population: {a: 1, b: 9}}", {"cluster": "1122311455"}, ["S080", "S082"], "a: 1 < 3"),
        ("{strata: h, population: {a: 9, b: 9, c: 1}}", {"strata": "aaaaaabbbc"}, [], ""),
        ("{strata: h, population: {a: 9, b: 9, c: 2}}", {"strata": "aaaaaabbbc"}, ["S025"], "c"),
    ],
)
def test_what_the_data_may_not_say(study_of, design, rows, codes, named):
    if not codes:
        assert of(study_of, f"design: {design}\n", rows_of(**rows)).fraction[-1] == 1
        return
    found, problems = problems_of(lambda: of(study_of, f"design: {design}\n", rows_of(**rows)))
    assert [code for code, _ in found] == codes
    last = problems[-1]
    assert named in f"{last.got} {' '.join(map(str, last.params.values()))}"


def test_numbers_that_start_anew_in_every_stratum(study_of):
    study = of(study_of, "design: {strata: h, cluster: c, nested: true}\n", rows_of(cluster="1122311455"))
    assert len(np.unique(study.cluster)) == 6
    assert [(note.code, note.params["n"]) for note in study.notes if note.code == "S110"] == [("S110", 1)]


def test_a_stratum_of_one_unit_may_be_certain(study_of):
    text = "design: {strata: h, single_unit: certainty}\nuncertainty: {replicates: 120}\n"
    study = of(study_of, text, rows_of(strata="aaaaaabbbc"))
    assert study.fraction.tolist() == [0.0] * 9 + [1.0]
    assert [note.params["strata"] for note in study.notes if note.code == "S122"] == ["c"]
    resampling = make_resampling(study)
    assert set(resampling.multipliers()[:, -1].tolist()) == {1.0}
    assert resampling.multipliers()[1:, :9].std() > 0.5
    joined = of(study_of, text.replace(": certainty", ": collapse"), rows_of(strata="aaaaaabbbc"))
    assert joined.strata.tolist() == [0] * 6 + [1] * 4
    assert joined.fraction is None


def test_a_stratum_of_one_unit_may_be_held_against_the_mean(study_of):
    text = "design: {strata: h, single_unit: centre}\nuncertainty: {replicates: 120, method: jackknife}\n"
    study = of(study_of, text, rows_of(strata="aaaaaabbbc"))
    assert [note.params["strata"] for note in study.notes if note.code == "S124"] == ["c"]
    resampling = make_resampling(study)
    assert set(resampling.multipliers()[1:, -1].tolist()) == {0.0, 2.0}
    assert resampling.for_scores.replicates == 10
    assert len(measure(study, resampling).scores) > 5
    whole = of(study_of, text)
    assert (whole.fraction, [note for note in whole.notes if note.code == "S124"]) == (None, [])


def test_joined_strata_have_the_sizes_of_both(study_of):
    text = "design: {strata: h, single_unit: collapse, population: {a: 12, b: 6, c: 2}}\n"
    study = of(study_of, text, rows_of(strata="aaaaaabbbc"))
    assert study.fraction.tolist() == [0.5] * 10


def test_replicate_weights_are_read(plan_of, study_of):
    text = "design: {weight: w, replicates: {columns: rw*, type: jk1, scale: 0.75}}\nuncertainty: {replicates: 150}\n"
    assert plan_of(text).design.replicates == ReplicateColumns(("rw*",), "jk1", 0.75, line=4)
    study = of(study_of, text)
    np.testing.assert_allclose(
        study.replicates.factor[:, study.replicates.unit][0], [0, 4 / 3, 4 / 3, 4 / 3] * 2 + [0, 4 / 3]
    )
    assert study.cluster.tolist() == study.replicates.unit.tolist()  # what changes alike is a unit
    resampling = make_resampling(study)
    assert (resampling.replicates, resampling.for_scores.replicates, resampling.df) == (150, 4, 3)
    assert not any(note.code == "R110" and "rw1" in str(note.params) for note in study.notes)
    rows = {row.measure: row for row in measure(study, resampling).scores if row.statistic == "mean_score"}
    scores = study.construct_scores["product"].to_numpy()
    means = [scores[np.arange(10) % 4 != k].mean() for k in range(4)]
    expected = np.sqrt(0.75 * sum((mean - scores.mean()) ** 2 for mean in means))
    assert rows["product"].std_error == pytest.approx(expected, rel=1e-12)
    assert rows["product"].df == 3


@pytest.mark.parametrize(
    ("design", "replicates", "code"),
    [
        ("weight: w, replicates: {columns: [rw1, rx*], type: brr}", None, "S020"),
        ("weight: w, replicates: {columns: rw*, type: brr}", [(2, 2, 2, -1)] * 10, "S045"),
        ("weight: w, replicates: {columns: rw*, type: brr}", [(2, "", 2, 2)] + [(2, 2, 2, 2)] * 9, "S045"),
        ("replicates: {columns: rw*, type: brr}", [(30, 40, 20, 30)] * 10, "S084"),
        ("weight: w, replicates: {columns: rw1, type: brr}", None, "S084"),
        ("weight: w, replicates: {columns: rw*, type: other, rscales: [1, 1]}", None, "S084"),
        ("weight: w, replicates: {columns: rw*, type: jkn}", [(1, 2.1, 3, 2.2)] * 5 + [(2.2, 1, 1.9, 3)] * 5, "S084"),
    ],
)
def test_replicate_weights_that_are_none(study_of, design, replicates, code):
    found, problems = problems_of(lambda: of(study_of, f"design: {{{design}}}\n", rows_of(replicates=replicates)))
    assert [found_code for found_code, _ in found] == [code]
    assert problems[0].line == 5


def test_few_balanced_replicates_are_told(study_of):
    study = of(study_of, "design: {weight: w, replicates: {columns: rw*, type: bootstrap}}\n")
    assert [note.params["n"] for note in study.notes if note.code == "S121"] == [4]
    resampling = make_resampling(study)
    np.testing.assert_allclose(resampling.multipliers()[1:], study.replicates.factor)


def test_more_groups_than_respondents(study_of):
    study = of(study_of, "uncertainty: {method: groups, groups: 30}\n")
    assert [(note.params["n"], note.params["units"]) for note in study.notes if note.code == "S123"] == [(30, 10)]
    assert make_resampling(study).for_scores.replicates == 10
