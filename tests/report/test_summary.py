"""The manager's summary: what matters, ranked by distance, importance, certainty and size, by values."""

import pytest
from scipy.stats import norm

from satmeter.report import report_context
from satmeter.report.edition import Edition
from satmeter.report.results import Results
from satmeter.report.sections.sampling import sampling_of
from satmeter.report.sections.shortfalls import driver_shortfalls, group_shortfalls
from satmeter.report.wording import read_words

HALF = 1.0


def edition(document, language="en"):
    return Edition(Results(document, language), read_words(language))


def place(document, driver, performance, importance, half=HALF):
    """Return a row of priorities that lies at a place, with a line at 70."""
    row = next(r for r in document["priorities"]["rows"] if r["driver"] == driver)
    row |= {
        "performance": performance,
        "performance_low": performance - half,
        "performance_high": performance + half,
        "importance": importance,
        "performance_line": 70.0,
        "quadrant": "improve" if performance < 70 else "strength",
    }
    return row


def target(measure, verdict, estimate, group_by="", group="", method="target", other="75"):
    return {
        **{"measure": measure, "statistic": "mean_score", "group_by": group_by, "group": group, "other": other},
        **{"method": method, "estimate": estimate, "verdict": verdict, "n": 100},
    }


def names(found):
    return [s.name[0] for s in found]


def test_distance_times_importance_times_certainty_decides(document):
    rows = [
        place(document, "product", 60.0, 0.10),  # 10 points times 10%
        place(document, "service", 66.0, 0.40),  # 4 points times 40%: graver
        place(document, "staff", 67.0, 0.50, half=25.0),  # 3 points times 50%, but on which side?
        place(document, "image", 72.0, 0.50),
    ]
    found = driver_shortfalls(edition(document), rows)
    assert names(found) == ["service", "product", "staff"]
    assert [s.gap for s in found] == [4.0, 10.0, 3.0]
    assert [s.certain for s in found] == [True, True, False]
    below = norm.cdf([4.0 / (HALF / 1.959964), 10.0 / (HALF / 1.959964), 3.0 / (25.0 / 1.959964)])
    assert [s.weight for s in found] == pytest.approx(list(below * [1.6, 1.0, 1.5]), rel=1e-6)


def test_a_weighty_driver_just_below_the_line_is_not_hidden_by_settled_ones_of_no_weight(document):
    rows = [
        place(document, "product", 66.0, 0.02),
        place(document, "staff", 65.0, 0.03),
        place(document, "image", 64.0, 0.02),
        place(document, "service", 68.5, 0.40, half=1.6),  # its interval crosses by 0.1
    ]
    found = driver_shortfalls(edition(document), rows)
    assert names(found)[0] == "service"
    assert not found[0].certain


def test_a_target_takes_the_place_of_the_line(document):
    rows = [place(document, "product", 72.0, 0.1), place(document, "service", 60.0, 0.2)]
    document["comparisons"] = {
        "rows": [target("product", "not_met", -3.0), target("service", "met", 5.0, other="55")],
        "notes": [],
    }
    (found,) = driver_shortfalls(edition(document), rows)
    assert (found.name, found.below, found.line, found.gap, found.certain) == (("product",), "target", 75.0, 3.0, True)


def test_groups_go_by_distance_times_size_and_only_those_surely_low(document):
    base = next(r for r in document["scores"]["rows"] if r["measure"] == "satisfaction" and not r["group_by"])
    rows = [r for r in document["scores"]["rows"] if not r["group_by"]]
    groups = {"n": (70.0, 300), "s": (60.0, 40), "e": (72.0, 140), "w": (40.0, 20)}
    rows += [
        base | {"statistic": "mean_score", "group_by": "region", "group": g, "estimate": v, "n": n, "conf_low": v - 2}
        for g, (v, n) in groups.items()
    ]
    for row in rows:
        if row["group_by"]:
            row["conf_high"] = row["estimate"] + 2
    document["scores"]["rows"] = rows
    found = group_shortfalls(edition(document), "satisfaction")
    assert [s.name[1] for s in found] == ["n", "s"]  # 4.2 × 300 against 14.2 × 40; 20 people are too few
    assert [s.below for s in found] == ["apart", "apart"]
    assert found[0].share == 300 / 480
    document["comparisons"] = {
        "rows": [
            target("satisfaction", v, -5.0, "region", g, "rest", "") for g, v in (("n", "undecided"), ("s", "lower"))
        ],
        "notes": [],
    }
    (tested, *_) = group_shortfalls(edition(document), "satisfaction")
    assert (tested.name[1], tested.below, tested.gap, tested.line) == ("s", "rest", 5.0, 65.0)


def test_sentences_in_both_languages(document):
    document["priorities"]["rows"] = [place(document, "product", 60.0, 0.31)]
    english = report_context(document, language="en").summary
    chinese = report_context(document, language="zh-CN").summary
    assert english.matters[0].sentence.startswith("60.0 [59.0, 61.0], 10.0 points below the target of 70. 31% ")
    assert "“Overall satisfaction” is associated with it." in english.matters[0].sentence
    assert chinese.matters[0].sentence.startswith("60.0 [59.0, 61.0]\uff0c比目标 70 低 10.0 分\u3002")
    assert english.steps[0].startswith("Look into “Product value” first")
    assert english.steps[-1].endswith("does not mean that a change would raise “Overall satisfaction”.")
    assert " " not in chinese.steps[0]


def test_the_lead_says_whether_the_target_is_met(document):
    for verdict, gap, words in (
        ("met", 4.2, "The target of 70 is met: the index lies 4.2 points above it."),
        ("not_met", -3.0, "The target of 70 is missed: the index lies 3.0 points below it."),
        ("undecided", -0.4, "0.4 points below the target of 70, but its interval holds the target"),
    ):
        document["comparisons"] = {"rows": [target("satisfaction", verdict, gap, other="70")], "notes": []}
        assert words in report_context(document, language="en").summary.lead


def test_too_few_name_nothing(document):
    document["study"]["n"] = 20
    summary = report_context(document, language="en").summary
    assert (summary.matters, summary.groups) == ((), ())
    assert summary.no_matter == summary.no_group != ""
    assert summary.steps == (
        "Ask more customers before anything is decided: these answers are too few to name a priority.",
    )


def test_without_importance_the_scores_decide(document):
    document["priorities"] = {"rows": [], "notes": []}
    summary = report_context(document, language="en").summary
    assert [f.label for f in summary.matters] == ["Service value", "Image value"]
    assert summary.ranking.startswith("Ranked by distance and by how surely")
    assert summary.map is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({}, "unstated"),
        ({"mode": "web"}, "unstated"),
        ({"frame": "Customer list"}, "stated"),
        ({"frame": "Opt-in panel members"}, "open"),
        ({"frame": "Customer list", "mode": "Open link on the home page"}, "open"),
        ({"frame": "\u4fbf\u5229\u62bd\u6837"}, "open"),
    ],
)
def test_a_margin_of_error_only_for_a_disclosed_frame(document, typed, expected):
    document["study"]["disclosure"] = typed
    assert sampling_of(edition(document)) == expected
    known = report_context(document, language="en").summary.known
    assert ("no margin of error for the population can be given" in known) is (expected != "stated")
    assert ("of such intervals hold the value of the whole population" in known) is (expected == "stated")
