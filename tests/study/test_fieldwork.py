"""The sample file with the answers: contacts, rates, who is which case, weights for non-response, what is refused."""

import numpy as np
import pytest

from satmeter.errors import ResponsesError
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import read_responses
from satmeter.study import make_study
from satmeter.study.fieldwork import read_cases

HEADER = "respondent,p1,p2,p3,s1,s2,s3,l1,city,d"
QUIET = "quality: {too_many_missing: off, straightlining: off, duplicates: off}\n"
CODES = "{done: I, part: P, no: R, away: NC, bad: NE, open: UO}"
WORK = f"fieldwork: {{sample: drawn.csv, key: id, disposition: status, codes: {CODES}"


def answers_of(keys, column="respondent", weight="1"):
    rows = [f"{key},{1 + i % 5},{1 + i % 4},{1 + i % 3},2,3,{i % 11},{i % 10},n,{weight}" for i, key in enumerate(keys)]
    return "\n".join([HEADER.replace("respondent", column), *rows]) + "\n"


@pytest.fixture
def drawn(folder, plan_of):
    """Write a sample of (key, status, region, age, weight) and answers, and read both."""

    def drawn(cases, keys=None, more="}", column="respondent", text="", weight="1"):
        lines = ["id,status,region,age,w", *(",".join(map(str, case)) for case in cases)]
        (folder / "drawn.csv").write_text("\n".join(lines) + "\n", "utf-8")
        keys = [case[0] for case in cases if case[1] in ("done", "part")] if keys is None else keys
        (folder / "answers.csv").write_text(answers_of(keys, column, weight), "utf-8")
        plan = plan_of(QUIET + WORK + more + "\n" + text)
        responses = read_responses(plan.responses, read_questionnaire(plan.questionnaire), columns=plan.columns)
        return plan, responses

    return drawn


def spread(n=200, seed=3):
    """Return cases whose response depends on region and age, all of one weight a region."""
    rng = np.random.default_rng(seed)
    cases = []
    for i in range(n):
        region, age = ("n", "s", "w")[i % 3], int(rng.integers(18, 80))
        answers = rng.random() < {"n": 0.2, "s": 0.5, "w": 0.7}[region]
        status = "done" if answers else ("no", "away", "open", "bad")[int(rng.integers(0, 4))]
        cases.append((f"k{i}", status, region, age, {"n": 3, "s": 1, "w": 2}[region]))
    return cases


def test_contacts_and_rates_count_cases_and_their_weights(drawn):
    cases = [("a", "done", "n", 30, 2), ("b", "done", "s", 40, 1), ("c", "part", "s", 50, 1), ("d", "no", "n", 60, 4)]
    cases += [("e", "away", "n", 20, 1), ("f", "bad", "s", 22, 3), ("g", "open", "s", 25, 2)]
    found = read_cases(*drawn(cases, more=", weight: w, e: cases}"))
    assert [(r.disposition, r.label, r.n, r.weight) for r in found.contacts] == [
        ("I", "done", 2, 3.0),
        ("P", "part", 1, 1.0),
        ("R", "no", 1, 4.0),
        ("NC", "away", 1, 1.0),
        ("UO", "open", 1, 2.0),
        ("NE", "bad", 1, 3.0),
    ]
    rates = {(r.statistic, r.weighted): r for r in found.response}
    assert len(rates) == 34
    assert rates["rr1", False].estimate == pytest.approx(2 / 6)
    assert rates["e", False].estimate == pytest.approx(5 / 6)
    assert rates["rr3", False].estimate == pytest.approx(2 / (5 + 5 / 6))
    assert rates["e", True].estimate == pytest.approx(9 / 12)
    assert rates["rr4", True].estimate == pytest.approx(4 / (9 + 2 * 9 / 12))
    assert (rates["coop2", True].numerator, rates["coop2", True].denominator) == (4, 8)
    assert rates["rr3", True].definition["zh-CN"].endswith("样本按设计权数计算。")
    assert found.adjust is None
    assert (found.n, found.place.tolist(), found.source) == (7, [0, 1, 2], "drawn.csv")


def test_rates_that_need_e_are_left_out_and_a_note_says_so(drawn):
    cases = [("a", "done", "n", 30, 2), ("g", "open", "s", 25, 2)]
    plan, responses = drawn(cases)
    study = make_study(plan, responses, cases=read_cases(plan, responses))
    rates = {r.statistic: r.estimate for r in study.cases.response}
    assert {name for name, value in rates.items() if value is None} == {"rr3", "rr4", "ref2", "con2"}
    (note,) = [note for note in study.notes if note.code == "S128"]
    assert "RR3" in note.text("en")
    assert "资格不明" in note.text("zh-CN")
    assert "e" not in rates
    assert all(r.estimate is not None for r in read_cases(*drawn(cases, more=", e: 0}")).response)


def test_the_key_may_be_a_column_of_its_own(drawn):
    cases = [("a", "done", "n", 30, 2), ("b", "done", "s", 25, 2)]
    plan, responses = drawn(cases, keys=["b", "a"], column="id")
    assert read_cases(plan, responses).place.tolist() == [1, 0]
    study = make_study(plan, responses, cases=read_cases(plan, responses))
    noted = [note for note in study.notes if note.code == "R110"]
    assert all("id" not in note.text("en").split() for note in noted)


def test_weights_are_raised_by_class_before_calibration(drawn):
    text = "weighting: {nonresponse: {by: [region], classes: cells}}\n"
    cases = spread()
    plan, responses = drawn(cases, more=", e: 0.5, weight: w}", text=text)
    study = make_study(plan, responses, cases=read_cases(plan, responses))
    region = {key: r for key, _, r, _, _ in cases}
    mass = {"done": 1.0, "no": 1.0, "away": 1.0, "open": 0.5, "bad": 0.0}
    expected = {}
    for name in ("n", "s", "w"):
        own = [(status, weight) for _, status, r, _, weight in cases if r == name]
        whole = sum(mass[status] * weight for status, weight in own)
        expected[name] = whole / sum(weight for status, weight in own if status == "done")
    rows = {row.propensity_class: row for row in study.adjusted.rows}
    assert {name: row.factor for name, row in rows.items()} == pytest.approx(expected)
    assert list(rows) == ["n", "s", "w"]
    assert all(row.propensity_low == row.propensity_high for row in rows.values())
    assert rows["n"].n == sum(1 for _, status, r, _, _ in cases if r == "n" and status != "bad")
    base = {"n": 3, "s": 1, "w": 2}
    raw = np.array([base[region[key]] * expected[region[key]] for key in study.frame.index])
    np.testing.assert_allclose(study.weights, raw / raw.mean(), rtol=1e-12)
    assert study.weighted
    margins = "city: {n: 1}"
    more = f"weighting: {{poststratify: {{{margins}}}, nonresponse: {{by: [region], classes: cells}}}}\n"
    plan, responses = drawn(cases, more=", e: 0.5, weight: w}", text=more)
    again = make_study(plan, responses, cases=read_cases(plan, responses))
    np.testing.assert_allclose(again.weights, study.weights, rtol=1e-9)  # a margin that holds already changes nothing
    np.testing.assert_allclose(again.calibrated.frame.base, study.weights, rtol=1e-12)


def test_base_weights_of_the_answers_come_first(drawn):
    cases = [("a", "done", "n", 30, 2), ("b", "done", "s", 25, 2), ("c", "no", "n", 30, 2)]
    text = "design: {weight: d}\nweighting: {nonresponse: {by: [region]}}\n"
    plan, responses = drawn(cases, more=", weight: w}", text=text, weight="5")
    study = make_study(plan, responses, cases=read_cases(plan, responses))
    np.testing.assert_allclose(study.weights, 1)
    assert [(row.n, row.respondents) for row in study.adjusted.rows] == [(3, 2)]


def test_who_is_left_out_did_not_respond(drawn):
    text = "weighting: {nonresponse: {by: [region], classes: cells}}\n"
    cases = [(f"k{i}", "done", "ns"[i % 2], 30, 1) for i in range(40)]
    plan, responses = drawn(cases, text=text)
    kept = make_study(plan, responses, cases=read_cases(plan, responses))
    assert {row.rate for row in kept.adjusted.rows} == {1.0}
    cases_read = read_cases(plan, responses)
    counted = np.array([i % 2 == 1 or i >= 20 for i in range(40)])
    adjusted = cases_read.adjust(counted)
    assert {row.propensity_class: row.rate for row in adjusted.rows} == {"n": 0.5, "s": 1.0}


def test_small_classes_are_joined_and_large_factors_told(drawn):
    cases = [(f"a{i}", "done" if i < 4 else "no", "n", 30, 1) for i in range(100)]
    cases += [(f"b{i}", "done" if i < 12 else "no", "s", 30, 1) for i in range(200)]
    cases += [(f"c{i}", "done", "w", 30, 1) for i in range(100)]
    plan, responses = drawn(cases, text="weighting: {nonresponse: {by: [region], classes: cells}}\n")
    study = make_study(plan, responses, cases=read_cases(plan, responses))
    assert [(row.propensity_class, row.n, row.respondents) for row in study.adjusted.rows] == [
        ("n+s", 300, 16),
        ("w", 100, 100),
    ]
    notes = {note.code: note for note in study.notes if note.code in ("S129", "S130", "S131")}
    assert set(notes) == {"S129", "S130", "S131"}
    assert "1 time" in notes["S129"].text("en")
    assert "n+s" in notes["S130"].text("zh-CN")
    assert "Firth" in notes["S131"].text("en")
    assert study.weights.sum() == pytest.approx(study.n)


def test_a_column_of_many_numbers_is_a_number(drawn):
    cases = spread(300)
    plan, responses = drawn(cases, more=", e: 1}", text="weighting: {nonresponse: {by: [region, age], classes: 3}}\n")
    study = make_study(plan, responses, cases=read_cases(plan, responses))
    rows = study.adjusted.rows
    assert [row.propensity_class for row in rows] == ["1", "2", "3"]
    assert rows[0].propensity_high <= rows[1].propensity_low
    assert sum(row.n for row in rows) == sum(1 for case in cases if case[1] != "bad")
    assert max(row.n for row in rows) - min(row.n for row in rows) < 15
    assert sum(row.respondents for row in rows) == study.n


def test_a_plan_with_fieldwork_needs_its_cases(drawn):
    plan, responses = drawn([("a", "done", "n", 30, 2)])
    with pytest.raises(ValueError, match="read_cases"):
        make_study(plan, responses)
    assert read_cases(type(plan)("x", ()), responses) is None


@pytest.mark.parametrize(
    ("cases", "keys", "expected"),
    [
        ([("a", "done"), ("b", "no")], ["a", "zz"], [("R045", "1", "3")]),
        ([("a", "done"), ("b", "no")], ["a", "b"], [("R047", "1", "3")]),
        ([("a", "done"), ("b", "done"), ("c", "done")], ["b"], [("R046", "2", "2, 4")]),
        ([("a", "done"), ("b", "no")], ["zz", "b"], [("R045", "1", "2"), ("R046", "1", "2"), ("R047", "1", "3")]),
        ([("a", "done"), ("b", "done")], ["x", "y"], [("R045", "2", "2, 3")]),
    ],
)
def test_answers_and_sample_must_agree(drawn, cases, keys, expected):
    plan, responses = drawn([(key, status, "n", 30, 1) for key, status in cases], keys=keys)
    with pytest.raises(ResponsesError) as caught:
        read_cases(plan, responses)
    found = [(p.code, str(p.params["n"]), str(p.params["rows"])) for p in caught.value.problems]
    assert found == expected
    assert "zz" not in str(caught.value)
