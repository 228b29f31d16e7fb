"""Themes counted with intervals: weights, groups, coders, the rest, notes; nothing without the key."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from satmeter.measurement import measure
from satmeter.measurement.verbatims import read_out
from satmeter.moments import make_resampling
from satmeter.study.plan import Theme, Verbatim

THEMES = (
    Theme("price", {"zh-CN": "价格", "en": "Price"}, ("电费", "bill")),
    Theme("outage", {"und": "停电"}, ("停电",)),
)
SAID = [
    "电费太贵了",
    "my bill is high",
    "停电太多了",
    "电费贵还停电",
    "无",
    "服务态度好",
    None,
    "",
    "停电很久",
    "停电没人管",
]
AREA = ["n", "s"] * 50


def made(study_by_hand, verbatim=None, *, said=SAID, times=10, groups=(), codes=None, **options):
    answers = list(said) * times
    n = len(answers)
    study = study_by_hand(
        {"c": ("satisfaction", {"a": [1 + k % 5 for k in range(n)]})},
        questions={"why": ("text", answers), "area": ("choice", AREA[:n])},
        groups=groups,
        **options,
    )
    plan = dataclasses.replace(study.plan, verbatims=(verbatim or Verbatim("why", THEMES, quotes=2),))
    return dataclasses.replace(study, plan=plan, codes={"why": codes} if codes is not None else {})


def rows_of(study, **wanted):
    found = read_out(study, make_resampling(study))
    return [r for r in found.themes if all(getattr(r, key) == value for key, value in wanted.items())]


def test_shares_are_of_those_who_answered_with_wilsons_interval(study_by_hand):
    rows = rows_of(made(study_by_hand))
    assert [(r.theme, r.mentions, r.n) for r in rows] == [
        ("outage", 40, 80),
        ("price", 30, 80),
        ("other", 10, 80),
        ("none", 10, 80),
    ]
    assert [r.estimate for r in rows] == pytest.approx([0.5, 0.375, 0.125, 0.125])
    wilson = stats.binomtest(30, 80).proportion_ci(0.95, "wilson")
    assert (rows[1].conf_low, rows[1].conf_high) == pytest.approx((wilson.low, wilson.high), abs=1e-9)
    assert rows[1].std_error == pytest.approx(np.sqrt(0.375 * 0.625 / 79), rel=0.2)  # of 200 replicates
    assert rows[0].label == {"zh-CN": "停电", "en": "停电"}
    assert rows[1].label == {"zh-CN": "价格", "en": "Price"}


def test_weights_count(study_by_hand):
    weights = [3.0 if said == "my bill is high" else 1.0 for said in SAID] * 10
    (row,) = rows_of(made(study_by_hand, weights=weights), theme="price")
    assert (row.mentions, row.n) == (30, 80)
    assert row.estimate == pytest.approx((10 + 10 + 3 * 10) / (80 + 2 * 10))


def test_clusters_widen_the_interval(study_by_hand):
    alone = rows_of(made(study_by_hand), theme="price")[0]
    cluster = [k % 10 for k in range(100)]  # everybody in a cluster gives the same answer
    (row,) = rows_of(made(study_by_hand, cluster=cluster), theme="price")
    assert row.estimate == alone.estimate
    assert row.conf_high - row.conf_low > 1.5 * (alone.conf_high - alone.conf_low)


def test_groups_have_rows_of_their_own(study_by_hand):
    study = made(study_by_hand, groups=("area",))
    rows = rows_of(study, group_by="area", theme="price")
    answers = pd.Series(SAID * 10, dtype=object).fillna("")
    for row in rows:
        own = answers[np.array(AREA) == row.group]
        asked = own[own != ""]
        assert row.n == len(asked)
        assert row.estimate == pytest.approx(asked.str.contains("电费|bill").mean())
    assert sum(row.n for row in rows) == 80


def test_codes_of_coders_stand_in_place_of_words(study_by_hand):
    codes = pd.DataFrame({"a": [True, False] * 50, "b": [False] * 100}, index=[f"r{i + 1}" for i in range(100)])
    verbatim = Verbatim("why", (Theme("a", {"und": "A"}), Theme("b", {"und": "B"})), coded="codes")
    rows = rows_of(made(study_by_hand, verbatim, codes=codes))
    assert {r.theme: r.mentions for r in rows} == {"a": 40, "b": 0, "other": 40, "none": 0}


def test_without_themes_words_are_counted(study_by_hand):
    pytest.importorskip("jieba")
    study = made(study_by_hand, Verbatim("why"))
    found = read_out(study, make_resampling(study))
    assert {row.word: row.n for row in found.words}["停电"] == 40
    assert (found.themes, found.quotes) == ((), ())


def test_quotes_name_their_respondents(study_by_hand):
    study = made(study_by_hand)
    found = read_out(study, make_resampling(study))
    for quote in found.quotes:
        assert study.frame["why"][quote.respondent] == quote.text
    assert {q.theme for q in found.quotes} == {"price", "outage"}
    assert all(sum(q.theme == theme for q in found.quotes) == 2 for theme in ("price", "outage"))


def test_small_themes_and_frames_that_miss_much_are_told(study_by_hand):
    themes = (Theme("price", {}, ("bill",)), Theme("service", {}, ("服务",)))
    study = made(study_by_hand, Verbatim("why", themes, quotes=1), times=4)
    found = read_out(study, make_resampling(study))
    assert [(note.code, dict(note.params)) for note in found.notes] == [
        ("S118", {"n": 20, "all": 32}),
        ("S119", {"themes": "price, service", "least": 5}),
    ]
    assert found.quotes == ()
    assert all(note.text(language) for note in found.notes for language in ("en", "zh-CN"))


def test_nobody_answered(study_by_hand):
    study = made(study_by_hand, said=[None, ""], times=5)
    found = read_out(study, make_resampling(study))
    assert (found.themes, found.words, found.quotes, found.notes) == ((), (), (), ())


def test_measure_carries_them(study_by_hand):
    study = made(study_by_hand)
    assert measure(study, make_resampling(study)).verbatims.themes == tuple(rows_of(study))
    bare = dataclasses.replace(study, plan=dataclasses.replace(study.plan, verbatims=()))
    assert measure(bare, make_resampling(bare)).verbatims.themes == ()
