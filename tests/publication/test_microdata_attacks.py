"""What a reader of released answers tries: differences to tables, blanks of several kinds, filters, weights."""

import csv
import io
import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from satmeter.cli.main import run
from satmeter.errors import PublicationError
from satmeter.publication.microdata import as_released, released_answers
from satmeter.publication.suppress import HiddenCell
from satmeter.publication.told_by_microdata import told_hidden
from satmeter.publication.wish import read_wish
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import read_responses
from satmeter.study import make_study, read_study
from satmeter.study.release_keys import Microdata

FREE = "unlinkable"


@pytest.fixture(scope="module")
def study(study_with_microdata):
    plan = read_study(study_with_microdata)
    return make_study(plan, read_responses(plan.responses, read_questionnaire(plan.questionnaire)))


@pytest.fixture(scope="module")
def root(study):
    return read_wish(study.plan).study.root


def with_answers(study, **columns):
    """Give a study other answers; None stands for one that was not given, a reason in ``columns[name + '_why']``."""
    frame, missing = study.responses.frame.copy(), study.responses.missing.copy()
    for name, values in columns.items():
        if name.endswith("_why"):
            missing[name[:-4]] = values
        else:
            frame[name] = pd.Series(values, index=frame.index, dtype=frame[name].dtype)
            missing[name] = ["no_answer" if value is None else "" for value in values]
    return make_study(study.plan, replace(study.responses, frame=frame, missing=missing))


def code_of(study, root, wish):
    with pytest.raises(PublicationError) as caught:
        released_answers(study, wish, root)
    return caught.value.problems[0].code


def test_an_unanswered_question_is_no_question_that_was_not_asked(study, root):
    """One who was asked and did not answer stood out among those who were not asked."""
    asked = (study.responses.frame["region"] == "n").to_numpy()
    first = int(np.flatnonzero(asked)[0])
    why = ["" if a else "not_asked" for a in asked]
    why[first] = "no_answer"
    detail = ["x" if a and i != first else None for i, a in enumerate(asked)]
    lonely = with_answers(study, detail=detail, detail_why=why, used=[("a",)] * study.n)
    assert code_of(lonely, root, Microdata(("used", "detail"), k=3, weights=FREE)) == "P016"
    found = released_answers(lonely, Microdata(("used", "detail"), k=3, suppress=True, weights=FREE), root)
    kinds = Counter(zip(found.columns["region"], found.columns["detail"], strict=True))
    assert min(kinds.values()) >= 3
    assert kinds["n", "(空)"] == 3  # two others were blanked with the one


def test_items_that_were_not_asked_tell_the_answer_to_their_filter(study, root):
    """Two respondents were asked about a complaint; the question whether they complained is not released."""
    why = ["" if i < 2 else "not_asked" for i in range(study.n)]
    marks = [4.0 if i < 2 else None for i in range(study.n)]
    few = with_answers(study, s1=marks, s1_why=why)
    wish = Microdata(k=3, weights=FREE)
    assert code_of(few, root, wish) == "P016"
    with pytest.raises(PublicationError) as caught:
        released_answers(few, replace(wish, suppress=True), root)
    assert (caught.value.problems[0].code, caught.value.problems[0].params["fixed"]) == ("P030", "region, show_if")
    many = with_answers(study, s1=[4.0] * 70 + [None] * (study.n - 70), s1_why=[""] * 70 + ["not_asked"] * 80)
    assert "show_if" not in released_answers(many, wish, root).profile


def test_a_weight_of_ones_own_tells_who_somebody_is(study, root):
    assert code_of(study, root, Microdata(k=3)) == "P032"
    classes = study.responses.other.assign(w=["1.5" if i % 2 else "0.5" for i in range(study.n)])
    grouped = make_study(study.plan, replace(study.responses, other=classes))
    found = released_answers(grouped, Microdata(k=3), root)
    assert found.profile == ("region", "w")
    largest = classes.assign(w=["0.01", *classes["w"][1:]])
    assert code_of(make_study(study.plan, replace(study.responses, other=largest)), root, Microdata(k=3)) == "P032"


def test_rounding_leaves_codes_of_missing_answers_alone(study, root):
    years = [None if i % 3 == 0 else float(i % 30) for i in range(study.n)]
    why = ["dont_know" if year is None else "" for year in years]
    questionnaire = study.questionnaire
    question = questionnaire.questions["years"]
    code = questionnaire.missing_of("p1")[0]
    coded = replace(questionnaire, questions={**questionnaire.questions, "years": replace(question, missing=(code,))})
    other = with_answers(study, years=years, years_why=why)
    other = replace(other, responses=replace(other.responses, questionnaire=coded))
    other = replace(other, plan=study.plan)
    found = released_answers(other, Microdata(("years",), k=3, round={"years": 10.0}, weights=FREE), root)
    assert Counter(found.columns["years"])["98"] == 50
    assert "100" not in found.columns["years"]


def test_figures_rest_on_the_answers_as_they_are_released(study, root):
    wish = Microdata(("used", "years"), k=5, suppress=True, round={"years": 10.0}, weights=FREE)
    found = released_answers(study, wish, root)
    told = as_released(study, found)
    assert set(found.altered) >= {"years"}
    for name in ("used", "years"):
        cells = [c if c != "(空)" else None for c in found.columns[name]]
        here = [None if why else v for v, why in zip(told.frame[name], told.missing[name], strict=True)]
        here = [
            ";".join(v) if isinstance(v, tuple) else v if v is None or isinstance(v, str) else f"{v:g}" for v in here
        ]
        assert here == cells
    changed = {name: found.altered_cells[name] for name in found.altered}
    before = study.responses.frame["years"].to_numpy()[found.order]
    after = told.frame["years"].to_numpy(float)
    assert changed["years"] == int((~np.isclose(before, after, equal_nan=True)).sum())


@pytest.fixture(scope="module")
def blanked(tmp_path_factory, small_release):
    """A release in which answers were blanked, with what was published."""
    more = "  microdata: {include: [used, years], k: 9, suppress: true, round: {years: 15}, weights: unlinkable}\n"
    return small_release(tmp_path_factory.mktemp("blanked"), more, groups="[region, detail]")


def test_tables_less_microdata_tell_nobodys_answers(blanked):
    """Counts and weighted means of the tables are those of the released answers: their difference tells nothing."""
    document = json.loads((blanked / "results.json").read_text("utf-8"))
    rows = list(csv.DictReader(io.StringIO((blanked / "microdata/answers.csv").read_text("utf-8-sig"))))
    counts = Counter(option for row in rows for option in row["used"].split(";") if option in "ab")
    assert {r["option"]: r["n"] for r in document["sample"]["rows"] if r["question"] == "used"} == counts
    assert sum(row["used"] == "(空)" for row in rows) >= 9
    scores = [r for r in document["scores"]["rows"] if (r["group_by"], r["measure"]) == ("detail", "c1")]
    bases = {r["group"]: r["n"] for r in scores if r["statistic"] == "mean_rating"}
    assert bases == Counter(row["detail"] for row in rows if row["detail"] in "xz" and row["c1"] in "12345")
    told = [note for note in document["study"]["notes"] if note["code"] == "P119"]
    assert {note["about"] for note in told} == set(
        json.loads((blanked / "manifest.json").read_text())["microdata"]["altered"]
    )


def test_what_was_blanked_is_checked_as_everything_else(blanked, capsys):
    assert run(["verify", str(blanked), "--no-reports", "--json"]) == 0
    parts = {part["name"]: part for part in json.loads(capsys.readouterr().out)["parts"]}
    assert parts["scores"]["status"] == "agrees"
    assert parts["sample"]["status"] == "agrees"


def test_blanked_answers_make_no_copies_of_each_other(small_study, tmp_path, quick):
    """Two who differ in a blanked answer only are still two; the rule of duplicates looks at what they answered."""
    more = "  microdata: {include: [used], k: 9, suppress: true, weights: unlinkable}\n"
    path = small_study(tmp_path, more)
    answers = tmp_path / "data/answers.csv"
    head, *lines = answers.read_text("utf-8").splitlines()
    cells = [line.split(",") for line in lines]
    kept = [head, *lines]
    copy = list(cells[0])
    for i, used in enumerate(("", "a")):
        twin = list(copy)
        twin[0], twin[5] = f"twin-{i}", used
        kept.append(",".join(twin))
    answers.write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert run(["publish", str(path), "-o", str(tmp_path / "release")]) == 0
    released = (tmp_path / "release/microdata/answers.csv").read_text("utf-8-sig").splitlines()
    assert len(released) == 153


def test_microdata_tell_no_figure_that_the_policy_hides(small_study, tmp_path, quick, capsys):
    """Few answered one item in one region; the tables hide it, and the answers would not."""
    path = small_study(tmp_path, "  microdata: {k: 20, weights: unlinkable}\n")
    path.write_text(path.read_text("utf-8").replace("min_n: 3", "min_n: 20"), encoding="utf-8")
    answers = tmp_path / "data/answers.csv"
    rows = list(csv.reader(io.StringIO(answers.read_text("utf-8"))))
    left = 0
    for row in rows[1:]:
        if row[4] == "n":
            left += 1
            row[11] = row[11] if left <= 8 else ""
    with answers.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    assert run(["publish", str(path), "-o", str(tmp_path / "release")]) == 1
    said = capsys.readouterr().err
    assert "P033" in said
    assert not (tmp_path / "release").exists()
    path.write_text(
        path.read_text("utf-8").replace("  microdata: {k: 20, weights: unlinkable}\n", ""), encoding="utf-8"
    )
    assert run(["publish", str(path), "-o", str(tmp_path / "release")]) == 0


def test_what_nobody_answered_is_no_hidden_figure():
    """A question that nobody was asked has hidden rows, which released answers cannot tell."""
    rows = [
        {"measure": "complaint", "statistic": "mean_score", "estimate": None, "n": 0},
        {"measure": "service", "statistic": "mean_score", "estimate": 61.0, "n": 4},
    ]
    gaps = [
        {"measure": "complaint", "statistic": "mean_score", "estimate": None, "n": 30, "n_other": 0},
        {"measure": "service", "statistic": "mean_score", "estimate": 1.5, "n": 30, "n_other": 4},
    ]
    shares = [{"item": "cp1", "code": "1", "n": 0, "share": None}, {"item": "s1", "code": "1", "n": 4, "share": 0.0}]
    document = {"scores": {"rows": rows}, "comparisons": {"rows": gaps}, "distributions": {"rows": shares}}
    hidden = [HiddenCell(section, place, "base") for section in document for place in (0, 1)]
    told = {problem.about: problem.got for problem in told_hidden(document, hidden, ("region",))}
    assert told == {("section", section): "1" for section in document}
    nobody = [cell for cell in hidden if cell.row == 0]
    assert list(told_hidden(document, nobody, ("region",))) == []


def test_the_manifest_says_whose_answers_follow_from_their_profile(release_with_microdata):
    facts = json.loads((release_with_microdata / "manifest.json").read_text("utf-8"))["microdata"]
    rows = list(csv.DictReader(io.StringIO((release_with_microdata / "microdata/answers.csv").read_text("utf-8-sig"))))
    frame = pd.DataFrame(rows)
    items = ["p1", "p2", "p3", "s1", "s2", "c1", "c2"]
    single = frame.groupby(facts["profile"])[items].transform("nunique") == 1
    assert facts["alike"] == {item: int(n) for item, n in single.sum().items() if n}
