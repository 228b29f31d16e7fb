"""What a policy hides, row by row: groups, counts, ranks, waves, words, quotations, errors of samples nobody drew."""

from __future__ import annotations

import pytest

from satmeter.publication.suppress import HiddenCell, public_document
from satmeter.study.policy import Policy

TEN = Policy(min_n=10)


def section(*rows):
    return {"rows": list(rows), "notes": []}


def score(group, n, value=70.0, measure="service", **more):
    row = {"measure": measure, "statistic": "mean_score", "group_by": "region" if group else "", "group": group}
    return row | {"estimate": value, "std_error": 1.0, "conf_low": value - 2, "conf_high": value + 2, "n": n} | more


def document(**sections):
    return {"study": {"notes": []}, **sections}


def shown(public, name, *keys):
    return [tuple(row[key] for key in keys) for row in public.document[name]["rows"]]


def codes(public, name):
    return [note["code"] for note in public.document[name]["notes"]]


def test_without_a_policy_nothing_is_hidden():
    given = document(scores=section(score("", 9), score("a", 5), score("b", 4)))
    public = public_document(given, None)
    assert public.hidden == ()
    assert shown(public, "scores", "estimate", "n", "symbol") == [(70.0, 9, ""), (70.0, 5, ""), (70.0, 4, "")]


def test_a_small_group_takes_the_next_smallest_along():
    given = document(scores=section(score("", 300), score("a", 200), score("b", 60), score("c", 31), score("d", 9)))
    public = public_document(given, TEN)
    assert public.hidden == (HiddenCell("scores", 3, "complementary"), HiddenCell("scores", 4, "base"))
    assert shown(public, "scores", "group", "estimate", "n", "conf_low", "symbol") == [
        ("", 70.0, 300, 68.0, ""),
        ("a", 70.0, 200, 68.0, ""),
        ("b", 70.0, 60, 68.0, ""),
        ("c", None, None, None, "[c]"),
        ("d", None, None, None, "[c]"),
    ]
    assert codes(public, "scores") == ["P110", "P111"]
    first, second = public.document["scores"]["notes"]
    assert first["en"] == "[c]: not shown, because fewer than 10 respondents stand behind it."
    assert second["zh-CN"].startswith("[c]：部分样本量足够的数值也不予公布")


def test_hidden_groups_together_are_as_many_as_a_figure_needs():
    given = document(scores=section(score("", 300), score("a", 200), score("b", 60), score("c", 3), score("d", 4)))
    assert {h.row for h in public_document(given, TEN).hidden} == {2, 3, 4}
    given = document(scores=section(score("", 300), score("a", 200), score("b", 60), score("c", 9), score("d", 8)))
    assert {h.row for h in public_document(given, TEN).hidden} == {3, 4}


def test_a_figure_on_few_is_not_bounded_closely_by_the_ends_of_the_scale():
    rows = [score("a", 200), score("b", 60, 99.9), score("c", 11, 99.9), score("d", 9, 99.9), score("", 280)]
    assert {h.row for h in public_document(document(scores=section(*rows)), TEN).hidden} == {0, 1, 2, 3}
    rows[2] = score("c", 11, 50.0)
    assert {h.row for h in public_document(document(scores=section(*rows)), TEN).hidden} == {2, 3}


def test_a_small_item_takes_an_item_and_a_group_along():
    rows = [
        score(group, 8 if (group, item) == ("a", "s1") else n, measure=item)
        for group, n in (("", 200), ("a", 60), ("b", 50), ("c", 90))
        for item in ("service", "s1", "s2", "s3")
    ]
    questionnaire = {"constructs": [{"id": "service", "items": [{"id": i} for i in ("s1", "s2", "s3")]}], "scales": []}
    public = public_document(document(scores=section(*rows)) | {"questionnaire": questionnaire}, TEN)
    hidden = {(rows[h.row]["group"], rows[h.row]["measure"]) for h in public.hidden}
    assert ("a", "s1") in hidden
    assert {group for group, _ in hidden} == {"a", "b"}
    by_group = [{measure for group, measure in hidden if group == name} for name in "ab"]
    assert by_group[0] == by_group[1] > {"s1"}


def test_the_effective_n_and_low_bases_have_their_symbols():
    policy = Policy(min_n=30, flag_n=100, use_effective_n=True, symbols={"suppressed": "**", "low": "*"})
    rows = [score("", 500, n_eff=400.0), score("a", 300, n_eff=250.0), score("b", 120, n_eff=90.0)]
    rows += [score("c", 40, n_eff=35.0), score("d", 40, n_eff=29.0)]
    public = public_document(document(scores=section(*rows)), policy)
    assert shown(public, "scores", "symbol") == [("",), ("",), ("*",), ("**",), ("**",)]
    assert codes(public, "scores") == ["P110", "P111", "P118"]
    assert public.document["scores"]["notes"][2]["en"].startswith("*: read with care, fewer than 100 respondents")


def test_small_counts_of_the_sample_and_of_margins():
    sample = [
        {"question": "age", "option": o, "n": n, "share": n / 100} for o, n in zip("xyz", (80, 16, 4), strict=True)
    ]
    margins = [
        {"margin": "age", "category": o, "n": n, "before": n / 100, "after": 0.3} for o, n in (("x", 80), ("z", 4))
    ]
    margins += [{"margin": "age*sex", "category": "x*f", "n": 7, "before": 0.07, "after": 0.1}]
    answers = [{"question": "age", "option": "y", "statistic": "share_cases", "group_by": "", "group": "", "n": 100}]
    answers[0]["estimate"] = 0.16
    low = {"question": "income", "type": "number", "n": 99, "mean": 5.0, "low": 1.0, "high": 900.0}
    asked = [{"question": "age", "type": "choice", "n": 100, "mean": None, "low": None, "high": None}, low]
    given = document(
        sample=section(*sample), margins=section(*margins), answers=section(*answers), questions=section(*asked)
    )
    public = public_document(given, TEN)
    assert shown(public, "sample", "n", "symbol") == [(80, ""), (None, "[c]"), (None, "[c]")]
    assert shown(public, "margins", "n", "before", "after") == [(80, 0.8, 0.3), (None, None, 0.3), (None, None, 0.1)]
    assert shown(public, "answers", "estimate", "n") == [(None, None)]
    assert shown(public, "questions", "mean", "low", "high", "symbol") == [
        (None, None, None, ""),
        (5.0, None, None, "[c]"),
    ]
    assert [codes(public, name) for name in ("sample", "questions")] == [["P112"], ["P113"]]
    assert "4" not in public.document["sample"]["notes"][0]["en"]


def league(unit, rank, low, high, n=40, tie=1):
    row = {"group_by": "region", "unit": unit, "measure": "service", "statistic": "mean_score", "estimate": 90.0 - rank}
    return row | {"n": n, "rank": rank, "rank_low": low, "rank_high": high, "marginal_low": low} | {
        "marginal_high": high, "tie_group": tie
    }  # fmt: skip


def test_ranks_are_counted_anew_and_the_hidden_come_last_without_order():
    scores = [score("", 200), *(score(g, n) for g, n in (("a", 60), ("b", 40), ("c", 55), ("d", 50), ("e", 8)))]
    ranks = [league("c", 1, 1, 2, 55), league("b", 2, 1, 3, 40, 2)]
    ranks += [league("d", 3, 2, 4, 50, 2), league("a", 4, 3, 4, 60, 3)]
    public = public_document(document(scores=section(*scores), ranks=section(*ranks)), TEN)
    keys = ("unit", "rank", "rank_low", "rank_high", "tie_group", "symbol")
    assert shown(public, "ranks", *keys) == [
        ("c", 1, 1, 2, 1, ""),
        ("d", 2, 1, 3, 2, ""),
        ("a", 3, 2, 3, 3, ""),
        ("b", None, None, None, None, "[c]"),
    ]


def test_ranks_within_strata_are_counted_anew_in_each():
    names = {"a": "x", "b": "x", "c": "x", "d": "y", "e": "y"}
    scores = [score("", 213), *(score(g, n) for g, n in (("a", 60), ("b", 40), ("c", 55), ("d", 50), ("e", 8)))]
    rows = [league("c", 1, 1, 2, 55), league("a", 2, 1, 3, 60, 1), league("b", 3, 2, 3, 40, 2)]
    rows += [league("d", 1, 1, 2, 50), league("e", 2, 1, 2, 8)]
    rows = [row | {"within": "area", "stratum": names[row["unit"]]} for row in rows]
    public = public_document(document(scores=section(*scores), ranks=section(*rows)), TEN)
    assert shown(public, "ranks", "unit", "stratum", "rank", "rank_high", "symbol") == [
        ("c", "x", 1, 2, ""),
        ("a", "x", 2, 2, ""),
        ("b", "x", None, None, "[c]"),  # with e, so that the total does not tell e
        ("d", "y", None, None, "[c]"),  # e is hidden, and one unit alone has no rank
        ("e", "y", None, None, "[c]"),
    ]


def test_a_league_of_one_is_none():
    scores = [score("", 100), score("a", 60), score("b", 40), score("c", 8)]
    ranks = [league("b", 1, 1, 2), league("a", 2, 1, 2)]
    public = public_document(document(scores=section(*scores), ranks=section(*ranks)), TEN)
    assert shown(public, "ranks", "rank") == [(None,), (None,)]


def compared(method, group, other, n=40, n_other=60):
    row = score(group, n, 3.0) | {"method": method, "other": other, "n_other": n_other, "verdict": "higher"}
    return row | {"t": 2.1, "df": 90.0, "p_value": 0.04, "p_adjusted": 0.04, "effect_size": 0.3}


def test_differences_of_a_hidden_group_are_hidden():
    scores = [score("", 200), score("a", 90), score("b", 60), score("c", 42), score("d", 8)]
    rows = [compared("rest", g, "", n, 200 - n) for g, n in (("a", 90), ("b", 60), ("c", 42), ("d", 8))]
    rows += [compared("pair", "a", "b", 90, 60), compared("pair", "a", "c", 90, 42)]
    public = public_document(document(scores=section(*scores), comparisons=section(*rows)), TEN)
    assert shown(public, "comparisons", "estimate", "verdict") == [
        (3.0, "higher"), (3.0, "higher"), (None, ""), (None, ""), (3.0, "higher"), (None, "")
    ]  # fmt: skip


def test_a_wave_that_is_hidden_hides_the_change_to_it():
    def wave(name, group, n, against=""):
        row = score(group, n) | {"wave": name, "against": against, "change": 2.0 if against else None}
        return row | {"change_conf_low": 1.0, "p_value": 0.01, "n_other": 9, "verdict": "higher"}

    groups = (("", 190, 190), ("a", 90, 90), ("b", 60, 60), ("c", 40, 31), ("d", 50, 9))
    rows = [wave("2025", g, then) for g, _, then in groups] + [wave("2026", g, now, "2025") for g, now, _ in groups]
    public = public_document(document(waves=section(*rows)), TEN)
    found = shown(public, "waves", "wave", "group", "estimate", "change", "p_value", "verdict", "symbol")
    assert [row for row in found if row[6]] == [
        ("2025", "c", None, None, None, "", "[c]"),
        ("2025", "d", None, None, None, "", "[c]"),
        ("2026", "c", 70.0, None, None, "", "[c]"),
        ("2026", "d", 70.0, None, None, "", "[c]"),
    ]


def test_words_and_quotations_of_few_are_left_out_and_respondents_have_no_names():
    said = [{"question": "why", "theme": t, "group_by": "", "group": "", "mentions": m, "estimate": 0.1, "n": 90}
            for t, m in (("price", 40), ("staff", 4))]  # fmt: skip
    quotes = [{"question": "why", "theme": t, "respondent": "s7", "text": "…"} for t in ("price", "staff")]
    words = [{"question": "why", "word": w, "n": n} for w, n in (("bill", 30), ("Mrs", 3))]
    found = [
        {"respondent": r, "rule": rule, "value": 0.9, "excluded": False}
        for r, rule in (("s7", "a"), ("s9", "a"), ("s7", "b"))
    ]
    given = document(verbatims=section(*said), quotes=section(*quotes), words=section(*words), quality=section(*found))
    public = public_document(given, TEN)
    assert shown(public, "quotes", "theme") == [("price",)]
    assert shown(public, "words", "word") == [("bill",)]
    assert codes(public, "words") == codes(public, "quotes") == ["P114"]
    assert shown(public, "quality", "respondent", "rule", "value") == [(1, "a", None), (2, "a", None), (1, "b", None)]


def test_notes_on_hidden_groups_go():
    notes = [{"code": "M120", "about": f"region[{g}]", "en": f"{g}: few", "zh-CN": "少"} for g in "ad"]
    scores = section(score("", 200), score("a", 90), score("b", 60), score("c", 42), score("d", 8))
    public = public_document(document(scores=scores | {"notes": notes}), TEN)
    assert codes(public, "scores") == ["M120", "P110", "P111"]


@pytest.mark.parametrize(
    ("rate", "note", "hidden"),
    [(0.62, None, 0), (0.41, "P116", 2), (None, "P115", 0)],
    ids=["enough", "few", "unknown"],
)
def test_the_floor_of_the_response_rate(rate, note, hidden):
    response = [{"statistic": "rr1", "estimate": rate}] if rate else []
    given = document(scores=section(score("", 200), score("a", 90)), response=section(*response))
    public = public_document(given, Policy("nss", 10, 0, 0.5))
    assert len(public.hidden) == hidden
    assert codes(public, "study") == ([note] if note else [])
    told = [n["en"] for n in public.document["study"]["notes"]]
    assert all("50%" in text for text in told)
    assert shown(public, "response", "estimate") == ([(rate,)] if rate else [])


def test_a_sample_nobody_drew_has_no_errors_tests_or_ranks():
    given = document(
        scores=section(score("", 200, n_low=3)),
        comparisons=section(compared("rest", "a", "")),
        ranks=section(league("a", 1, 1, 2), league("b", 2, 1, 2)),
        priorities=section({"outcome": "x", "driver": "y", "importance": 0.4, "importance_low": 0.3, "certain": True}),
    )
    given["study"]["sampling"] = "nonprobability"
    public = public_document(given, None)
    assert shown(public, "scores", "estimate", "std_error", "conf_low", "conf_high", "n_low") == [
        (70.0, None, None, None, 3)
    ]
    (row,) = public.document["comparisons"]["rows"]
    assert [row[key] for key in ("estimate", "effect_size", "t", "df", "p_value", "p_adjusted")] == [3.0, 0.3] + [
        None
    ] * 4
    assert row["verdict"] == "undecided"
    assert public.document["ranks"]["rows"] == []
    assert shown(public, "priorities", "importance", "importance_low", "certain") == [(0.4, None, None)]
    (note,) = public.document["study"]["notes"]
    assert note["code"] == "P117"
    assert "no margin of error" in note["en"]
    assert "不是概率样本" in note["zh-CN"]


def test_a_tree_hides_a_node_with_its_leaves():
    def node(group, name, parent, n, weight):
        row = {"root": "all", "node": name, "parent": parent, "level": 1, "place": 1, "leaf": bool(parent), "n": n}
        return row | {"weight": weight, "group_by": "region" if group else "", "group": group, "estimate": 70.0} | {
            "share": weight, "contribution": 70 * weight, "weakest": True
        }  # fmt: skip

    sizes = (("", 200), ("a", 90), ("b", 60), ("c", 42), ("d", 8))
    rows = [
        node(g, *part) for g, n in sizes for part in (("all", "", n, 1.0), ("x", "all", n, 0.6), ("y", "all", n, 0.4))
    ]
    public = public_document(document(tree=section(*rows)), TEN)
    hidden = [r for r in public.document["tree"]["rows"] if r["symbol"]]
    assert {r["group"] for r in hidden} == {"c", "d"}
    assert all(r["estimate"] is r["contribution"] is r["weakest"] is r["share"] is None for r in hidden)
    assert [r["weight"] for r in hidden[:3]] == [1.0, 0.6, 0.4]


def test_the_best_group_is_not_named_when_it_is_hidden():
    rows = [score("", 200), score("a", 90), score("b", 60), score("c", 42), score("d", 8)]
    best = [
        {"outcome": "o", "driver": "service", "group_by": "region", "best": g, "best_mean": 80.0, "n": 200}
        for g in "ac"
    ]
    public = public_document(document(scores=section(*rows), potential=section(*best)), TEN)
    assert shown(public, "potential", "best", "best_mean") == [("a", 80.0), ("", None)]


def test_coefficients_of_options_that_few_chose_are_hidden_with_those_that_stand_beside_them():
    sample = [{"question": q, "option": o, "n": n} for q, o, n in (("a", "x", 70), ("a", "y", 8), ("b", "x", 40))]
    sample += [{"question": "b", "option": "y", "n": 38}]
    terms = ("(intercept)", "price", "a[y]", "b[y]")
    rows = [{"outcome": "loyalty", "term": term, "estimate": 2.0, "n": 78} for term in terms]
    adjusters = [
        {"measure": "loyalty", "adjuster": "a", "group_by": "region", "term": "a[y]", "estimate": 1.0, "n": 78}
    ]
    given = document(sample=section(*sample), regression=section(*rows), case_mix=section(*adjusters))
    public = public_document(given, TEN)
    assert shown(public, "regression", "estimate") == [(2.0,), (2.0,), (None,), (2.0,)]
    assert shown(public, "case_mix", "estimate") == [(None,)]
    assert shown(public_document(given, Policy(min_n=39)), "regression", "estimate")[3] == (None,)


def test_few_who_did_not_choose_an_option_are_a_count_of_few_too():
    chosen = [("a", 60), ("b", 55), ("c", 51), ("d", 5)]
    sample = [{"question": "used", "option": option, "n": n, "share": n / 60} for option, n in chosen]
    asked = [{"question": "used", "type": "multiple", "n": 60, "low": None}]
    public = public_document(document(sample=section(*sample), questions=section(*asked)), TEN)
    assert shown(public, "sample", "option", "n") == [("a", 60), ("b", None), ("c", None), ("d", None)]


@pytest.mark.parametrize("n", [12, 3])
def test_few_in_no_group_who_answered_one_measure_only(n):
    """Forty left the question blank, and three of these rated trust."""
    sizes = {"a": 80, "b": 60, "c": 30}
    rows = [score("", 210), *(score(g, size) for g, size in sizes.items())]
    rows += [score("", 170 + n, measure="trust"), *(score(g, size, measure="trust") for g, size in sizes.items())]
    asked = [{"question": "region", "type": "choice", "n": 170, "low": None}]
    given = document(scores=section(*rows), questions=section(*asked))
    given["study"]["n"] = 210
    hidden = public_document(given, TEN).hidden
    assert [given["scores"]["rows"][h.row]["group"] for h in hidden] == (["c"] if n < 10 else [])
    assert all(given["scores"]["rows"][h.row]["measure"] == "trust" for h in hidden)


def test_few_in_no_group_of_an_earlier_wave():
    sizes = {"a": 80, "b": 60, "c": 30}

    def waves(year, total, against):
        more = {"wave": year, "against": against, "change": 1.0 if against else None, "n_other": None, "verdict": ""}
        return [score("", total, **more), *(score(group, n, **more) for group, n in sizes.items())]

    rows = [*waves("2025", 174, ""), *waves("2026", 170, "2025")]
    asked = [{"question": "region", "type": "choice", "n": 170, "low": None}]
    given = document(waves=section(*rows), questions=section(*asked))
    given["study"]["n"] = 170
    public = public_document(given, TEN)
    untold = [(r["wave"], r["group"]) for r in public.document["waves"]["rows"] if r["estimate"] is None]
    assert untold == [("2025", "c")]
    assert [r["change"] for r in public.document["waves"]["rows"] if (r["wave"], r["group"]) == ("2026", "c")] == [None]


@pytest.mark.parametrize(("silent", "hidden"), [(0, set()), (1, {"c"}), (9, {"c"}), (10, set())])
def test_who_is_in_no_group_cannot_be_told_from_everybody(silent, hidden):
    sizes = {"a": 80, "b": 60, "c": 30}
    total = sum(sizes.values()) + silent
    rows = [score("", total), *(score(group, n) for group, n in sizes.items())]
    rest = {"other": "", "method": "rest", "verdict": "lower"}
    against = [score(group, n, n_other=total - n, **rest) for group, n in sizes.items()]
    asked = [{"question": "region", "type": "choice", "n": total - silent, "low": None}]
    given = document(scores=section(*rows), comparisons=section(*against), questions=section(*asked))
    given["study"]["n"] = total
    public = public_document(given, TEN)
    assert {row["group"] for row in public.document["scores"]["rows"] if row["estimate"] is None} == hidden
    untold = {row["group"] for row in public.document["comparisons"]["rows"] if row["estimate"] is None}
    assert untold == ({"a", "b", "c"} if hidden else set())  # these tell the sum of all who answered
