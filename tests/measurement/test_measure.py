"""The door of the room: what it refuses, what does not change the numbers, and its readable forms."""

import dataclasses

import numpy as np
import pytest

from satmeter.errors import MeasurementError
from satmeter.measurement import measure
from satmeter.moments import Resampling, make_resampling

NAN = float("nan")


def sample(n=40, seed=4):
    rng = np.random.default_rng(seed)
    true = rng.normal(size=n)
    return {f"i{j}": list(np.clip(np.round(3 + true + rng.normal(size=n)), 1, 5)) for j in range(3)}


def resampling_of(n):
    return Resampling(np.ones(n), np.arange(n), np.ones((5, n), dtype=np.uint16), np.ones(n), n - 1)


def test_nobody_left(study_by_hand):
    with pytest.raises(MeasurementError) as raised:
        measure(study_by_hand({"c": ("driver", {"a": []})}), resampling_of(0))
    assert [p.code for p in raised.value.problems] == ["M001"]


def test_replicates_of_another_study(study_by_hand):
    with pytest.raises(MeasurementError) as raised:
        measure(study_by_hand({"c": ("driver", {"a": [1, 2, 3]})}), resampling_of(4))
    (problem,) = raised.value.problems
    assert (problem.code, problem.got, problem.params["n"]) == ("M002", "4", 3)
    assert "3 respondents" in problem.text("en")
    assert "3 位受访者" in problem.text("zh-CN")


def test_no_item_answered(study_by_hand):
    with pytest.raises(MeasurementError) as raised:
        measure(study_by_hand({"c": ("driver", {"a": [NAN, NAN]})}), resampling_of(2))
    assert [p.code for p in raised.value.problems] == ["M003"]


def test_same_seed_same_numbers_and_another_seed_others(study_by_hand):
    def run(seed):
        study = study_by_hand({"satisfaction": ("satisfaction", sample())}, seed=seed)
        return measure(study, make_resampling(study))

    assert run(1) == run(1)
    assert run(1).scores[0].std_error != run(2).scores[0].std_error
    assert run(1).scores[0].estimate == run(2).scores[0].estimate


def test_order_of_respondents_and_scale_of_weights_do_not_matter(study_by_hand):
    ratings, weights = sample(), list(np.linspace(0.5, 2.0, 40))
    order = np.random.default_rng(9).permutation(40)
    mixed = {k: [v[i] for i in order] for k, v in ratings.items()}

    def run(rows, w):
        study = study_by_hand({"satisfaction": ("satisfaction", rows)}, weights=w)
        return measure(study, make_resampling(study))

    base = run(ratings, weights)
    scaled = run(ratings, [7 * w for w in weights])
    permuted = run(mixed, [weights[i] for i in order])
    for part in ("items", "reliability", "scores"):
        for a, b, c in zip(getattr(base, part), getattr(scaled, part), getattr(permuted, part), strict=True):
            first, second, third = (dataclasses.asdict(row) for row in (a, b, c))
            for key, value in first.items():
                if isinstance(value, float):
                    assert second[key] == pytest.approx(value, rel=1e-8)
                    if key not in ("std_error", "conf_low", "conf_high"):
                        assert third[key] == pytest.approx(value, rel=1e-8)
                else:
                    assert second[key] == third[key] == value


def test_progress_ends_at_one(study_by_hand):
    study = study_by_hand({"satisfaction": ("satisfaction", sample()), "d": ("driver", {"a": sample()["i0"]})})
    told = []
    measure(study, make_resampling(study), progress=told.append)
    assert told == [pytest.approx(1 / 3), pytest.approx(2 / 3), 1.0]


def test_items_are_described(study_by_hand):
    ratings = [1, 5, NAN, 5, 3]
    study = study_by_hand({"c": ("driver", {"a": ratings, "b": [2, 2, 2, 3, NAN]})}, weights=[2, 1, 1, 1, 1])
    study.missing.loc["r3", "a"] = "not_asked"
    row = measure(study, make_resampling(study)).items[0]
    mean = (2 * 1 + 5 + 5 + 3) / 5
    assert row.n == 4
    assert row.mean == pytest.approx(mean)
    spread = 2 * (1 - mean) ** 2 + 2 * (5 - mean) ** 2 + (3 - mean) ** 2
    assert row.sd == pytest.approx((spread / 5 * 4 / 3) ** 0.5)
    assert (row.floor_share, row.ceiling_share) == (pytest.approx(0.4), pytest.approx(0.4))
    assert row.missing_share == 0.0  # the one missing answer was never asked for


def test_missing_share_counts_those_who_were_asked(study_by_hand):
    study = study_by_hand({"c": ("driver", {"a": [1, 5, NAN, NAN]})})
    study.missing.loc["r3", "a"] = "not_asked"
    assert measure(study, make_resampling(study)).items[0].missing_share == pytest.approx(1 / 3)
    study.missing.loc[:, "a"] = "not_asked"
    study.frame.loc[:, "a"] = NAN
    study.frame.loc["r1", "a"] = 1.0
    assert measure(study, make_resampling(study)).items[0].missing_share == 0.0


def test_frames_and_summary(study_by_hand):
    study = study_by_hand({"satisfaction": ("satisfaction", sample()), "x": ("driver", {"a": [NAN] * 40})})
    found = measure(study, make_resampling(study))
    assert list(found.to_frame("items")["item"]) == ["i0", "i1", "i2", "a"]
    assert found.to_frame("scores").shape[0] == len(found.scores)
    assert found.to_frame("reliability")["n_items"].tolist() == [3] * 16
    alpha = found.reliability[0].estimate
    english, chinese = found.summary("en"), found.summary("zh-CN")
    assert f"satisfaction: alpha {alpha:.3f} (n = 40, 3 items, 95 % interval" in english
    assert "x: mean score (0–100) not available (n = 0)" in english
    assert "x: nobody answered this construct" in english
    assert f"satisfaction：alpha {alpha:.3f}（n = 40，3 个题项，95% 置信区间" in chinese
    assert "x：无人回答该构念的题项" in chinese
