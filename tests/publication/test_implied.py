"""Numbers that follow from other published numbers: none differs in an honest document, and a changed one is found."""

import copy

import pytest

from satmeter.publication.implied import implied_numbers
from satmeter.publication.recompute import compare_stacks
from satmeter.publication.stacks import INDEX, STACKS
from satmeter.record import read_results

MUTATED = {
    "distributions": ("n", "share"),
    "items": ("n", "mean", "sd", "floor_share", "ceiling_share", "skew", "kurtosis"),
    "sample": ("n", "share", "weighted_share"),
    "questions": ("n",),
    "weighting": ("n",),
    "margins": ("n", "after"),
    "scores": ("conf_low", "conf_high"),
    "comparisons": ("p_value",),
    "regression": ("statistic", "p_value", "conf_low", "conf_high"),
    "priorities": ("importance", "importance_low", "performance", "performance_high"),
}


@pytest.fixture(scope="module")
def told(release):
    files = {name: (release / name).read_bytes() for name in (INDEX, STACKS)}
    return files, read_results(release / "results.json")


def differing(files, document):
    return {section for section, part in compare_stacks(files, document).items() if part.differences}


def test_nothing_differs_in_an_honest_release(told):
    files, document = told
    assert differing(files, document) == set()
    turned = next(i for c in document["questionnaire"]["constructs"] for i in c["items"] if i["reverse"])
    row = next(r for r in document["items"]["rows"] if r["item"] == turned["id"])
    numbers = {key: n for s, i, found in implied_numbers(document, simple=False, conf_level=0.95) if s == "items"
               for key, n in found.items() if document["items"]["rows"][i] is row}  # fmt: skip
    assert {key: pytest.approx(row[key]) for key in ("mean", "sd", "skew", "kurtosis", "ceiling_share")} == {
        key: numbers[key] for key in ("mean", "sd", "skew", "kurtosis", "ceiling_share")
    }


@pytest.mark.parametrize(("section", "key"), [(s, key) for s, keys in MUTATED.items() for key in keys])
def test_a_changed_number_is_found_without_answers(told, section, key):
    files, document = told
    place, row = next((i, r) for i, r in enumerate(document[section]["rows"]) if r.get(key) is not None)
    if section == "scores":
        place, row = next((i, r) for i, r in enumerate(document["scores"]["rows"]) if r["statistic"] == "top2")
    forged = copy.deepcopy(document)
    forged[section]["rows"][place][key] = row[key] + 1 if isinstance(row[key], int) else row[key] + 1e-6
    assert section in differing(files, forged)


def test_weights_and_respondents_kept(told):
    files, document = told
    for section, name in (("weighting", "deff"), ("weighting", "n_eff"), ("disposition", "kept")):
        forged = copy.deepcopy(document)
        key, number = ("n", 1) if section == "disposition" else ("estimate", 1e-6)
        row = next(r for r in forged[section]["rows"] if name in (r.get("statistic"), r.get("step")))
        row[key] += number
        assert section in differing(files, forged), name


def wave(name, estimate, n, **more):
    row = {"wave": name, "measure": "service", "statistic": "mean_score", "group_by": "", "group": "", "n": n}
    change = {"against": "", "change": None, "change_std_error": None, "t": None, "df": None, "p_value": None}
    return row | {"estimate": estimate, "paired": False} | change | more


def numbers_of(*rows):
    document = {"study": {"n": 5, "design": []}, "waves": {"rows": list(rows), "notes": []}}
    return [found for _, _, found in implied_numbers(document, simple=True, conf_level=0.95)]


def test_changes_follow_from_the_waves():
    change = {"against": "2025", "change": 4.0, "change_std_error": 2.0, "t": 2.0, "df": 100.0}
    (found,) = numbers_of(wave("2025", 70.0, 80), wave("2026", 74.0, 90, **change))
    assert (found["change"], found["n_other"], found["t"]) == (4.0, 80, 2.0)
    assert found["p_value"] == pytest.approx(0.048212, abs=1e-6)  # 2·pt(−2, 100) in R
    assert found["change_conf_low"] == pytest.approx(4 - 2 * 1.983972, abs=1e-5)
    (paired,) = numbers_of(wave("2025", 70.0, 80), wave("2026", 74.0, 90, **change, paired=True))
    assert "change" not in paired


def test_nothing_follows_from_what_is_hidden(told):
    _, document = told
    hidden = copy.deepcopy(document)
    for row in hidden["distributions"]["rows"][:5]:
        row["share"] = None
    found = list(implied_numbers(hidden, simple=False, conf_level=0.95))
    assert not any(s == "items" and hidden["items"]["rows"][i]["item"] == "p1" for s, i, _ in found)
    assert not any(s == "distributions" and i < 5 for s, i, _ in found)


def test_shares_of_a_simple_sample_have_wilsons_interval():
    row = {"measure": "c1", "statistic": "top2", "group_by": "", "group": "", "estimate": 0.5, "std_error": 0.05}
    rows = [row | {"df": 99.0, "n": 100, "n_eff": 100.0}]
    items = {"rows": [{"item": "c1", "construct": "c"}], "notes": []}
    document = {"study": {"n": 100, "design": []}, "scores": {"rows": rows, "notes": []}, "items": items}
    ((_, _, found),) = implied_numbers(document, simple=True, conf_level=0.95)
    assert found["conf_low"] == pytest.approx(0.4038315)  # prop.test(50, 100, correct = FALSE) in R
    assert found["conf_high"] == pytest.approx(0.5961685)
