"""What forbids publication is named, all of it at once."""

import pytest

from satmeter.publication.refusals import refusals

POLICY = {"min_n": 10, "symbols": {"suppressed": "[c]", "low": "[u]"}}
GOOD = {
    "study": {"sampling": "probability", "policy": POLICY, "simulated": False, "notes": []},
    "disclosure": {"rows": [{"number": 1, "item": "mode", "key": "mode", "standard": "aapor", "complete": True}]},
    "scores": {
        "rows": [{"measure": "image", "statistic": "top2", "estimate": 0.5, "n": 40, "std_error": 0.1, "conf_low": 0.3}]
    },
    "ranks": {"rows": [{"unit": "n", "rank": 1, "conf_low": 1.0, "conf_high": 2.0, "rank_low": 1, "rank_high": 2}]},
}


def with_changes(**sections):
    return GOOD | {name: GOOD.get(name, {}) | change for name, change in sections.items()}


def rows(section, **change):
    return {"rows": [GOOD[section]["rows"][0] | change]}


CASES = {
    "P001": with_changes(disclosure=rows("disclosure", complete=False)),
    "P002": with_changes(scores=rows("scores", n=None)),
    "P003": with_changes(ranks=rows("ranks", rank_high=None)),
    "P004": with_changes(study={"sampling": ""}),
    "P005": with_changes(study={"sampling": "nonprobability"}),
    "P006": with_changes(questionnaire={"title": {"en": "fine \U0001f600"}}),
    "P007": with_changes(study={"simulated": True}),
    "P008": with_changes(scores=rows("scores", n=9)),
    "P009": with_changes(reliability={"rows": [], "notes": [{"code": "M105", "about": "image"}]}),
}


def test_a_complete_document_may_be_published():
    assert refusals(GOOD) == ()


@pytest.mark.parametrize("code", CASES)
def test_each_reason_has_its_code(code):
    found = [problem.code for problem in refusals(CASES[code])]
    assert code in found
    assert set(found) <= {code, "P008"}  # no base at all is below every minimum too


def test_all_reasons_come_at_once():
    everything = with_changes(
        study={"sampling": "", "simulated": True},
        disclosure={"rows": [GOOD["disclosure"]["rows"][0] | {"complete": False, "key": key} for key in ("mode", "n")]},
        ranks=rows("ranks", conf_low=None),
        scores=rows("scores", n=3),
    )
    assert sorted(p.code for p in refusals(everything)) == ["P001", "P001", "P003", "P004", "P007", "P008"]
    assert "P007" not in {p.code for p in refusals(everything, simulated=True)}


def test_a_place_is_named_and_no_answer():
    (problem,) = refusals(CASES["P003"])
    assert problem.about == ("section", "ranks")
    assert "[n]" in problem.text("en")
    (problem,) = refusals(CASES["P006"])
    assert problem.got == "U+1F600"
    assert "questionnaire.title.en" in problem.text("zh-CN")


def test_a_rank_that_is_hidden_needs_no_interval():
    hidden = rows("ranks", rank=None, rank_low=None, rank_high=None, conf_low=None, conf_high=None)
    assert refusals(with_changes(ranks=hidden)) == ()


def test_a_nonprobability_sample_without_intervals_may_be_published():
    assert (
        refusals(
            with_changes(study={"sampling": "nonprobability"}, scores=rows("scores", std_error=None, conf_low=None))
        )
        == ()
    )
