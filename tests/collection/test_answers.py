"""Posted answers: the server and the form's own script, run in V8, never disagree on what is a sound answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

from satmeter.collection.answers import Posted, cell_of, posted, problem_of, saved
from satmeter.collection.steps import sheets_of
from satmeter.form.assets import pure_script
from satmeter.form.controls import raw_of
from satmeter.form.definition import collect_texts, definition
from satmeter.form.layout import Entry, lay_out
from satmeter.form.model import FieldProblem, RawAnswer
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.model import Questionnaire

FILE = Path(__file__).parent.parent / "form" / "every-type.yaml"
EVERY = read_questionnaire(FILE)
ENTRIES = {entry.id: entry for sheet in sheets_of(EVERY) for entry in sheet.entries}
PAGE_OF = {entry.id: sheet.number for sheet in sheets_of(EVERY) for entry in sheet.entries}
BLANKS = ("", " ", "\u3000", "\ufeff", "\u00a0\t", "\x85", "\u200b", "\n")
FIGURES = (
    "0",
    "80",
    "80.0",
    "81",
    "-1",
    "\u22121",
    "+7",
    ".5",
    "5.",
    "1e3",
    "12 000",
    "0x1f",
    "١٢",
    "１２．５",
    "②",
    "½",
)
DATES = (
    "2024-02-29",
    "2026-02-29",
    "0000-02-29",
    "0000-01-01",
    "9999-12-31",
    "2026-1-1",
    "２０２６-01-01",
    "2026-13-01",
)
UNFIT = "".join(map(chr, range(32))).replace("\t", "").replace("\n", "") + "\ufffe\uffff"
KNOWN = st.characters(exclude_categories=("Cs", "Cn", "Co"), exclude_characters=UNFIT)
WRITTEN = st.one_of(
    st.sampled_from((*BLANKS, *FIGURES, *DATES)),
    st.text(KNOWN, max_size=45),
    st.text("0123456789.+-, \u2212\u3000０９", max_size=9),
    st.builds(lambda blank, inner, end: blank + inner + end, *(st.sampled_from(BLANKS + FIGURES + DATES),) * 3),
    st.dates().map(str),
)


@pytest.fixture(scope="module")
def v8() -> MiniRacer:
    engine = MiniRacer()
    engine.eval(pure_script("expressions", "answers"))
    document = definition(EVERY, lay_out(EVERY), collect_texts(EVERY))
    engine.eval(f"const definition = JSON.parse({json.dumps(json.dumps(document))});")
    engine.eval(
        """
        const judged = (cases) => JSON.stringify(JSON.parse(cases).map(function (one) {
          const variable = definition.variables.find((each) => each.id === one.id);
          let raw = one.raw;
          if (one.clicks) {
            raw = { picked: [], text: '' };
            one.clicks.forEach((click) => {
              raw = { picked: SatmeterAnswers.pick(variable, raw.picked, click[0], click[1]), text: '' };
            });
          }
          const problem = SatmeterAnswers.problem(variable, raw, false);
          return { raw: raw, cell: SatmeterAnswers.cell(variable, raw), problem: problem };
        }));
        """
    )
    return engine


def judged(engine: MiniRacer, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return json.loads(str(engine.eval(f"judged({json.dumps(json.dumps(cases))})")))


def raw_json(raw: RawAnswer) -> dict[str, Any]:
    return {"picked": list(raw.picked), "text": raw.text}


def told(problem: FieldProblem | None) -> dict[str, Any] | None:
    return problem and {"word": problem.word, "fields": dict(problem.fields)}


@st.composite
def clicks(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a question that is ticked and a way to click on it."""
    entry = draw(st.sampled_from([entry for entry in ENTRIES.values() if not entry.written]))
    code = st.sampled_from([choice.code for choice in (*entry.choices, *entry.missing)])
    return {"id": entry.id, "clicks": draw(st.lists(st.tuples(code, st.booleans()), max_size=6))}


@st.composite
def writings(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a question that is written and a text, or its missing code."""
    entry = draw(st.sampled_from([entry for entry in ENTRIES.values() if entry.written]))
    missing = [RawAnswer((choice.code,)) for choice in entry.missing]
    return {
        "id": entry.id,
        "raw": raw_json(
            draw(st.one_of(WRITTEN.map(lambda t: RawAnswer(text=t)), st.sampled_from(missing or [RawAnswer()])))
        ),
    }


@settings(max_examples=120, deadline=None)
@given(cases=st.lists(st.one_of(clicks(), writings()), min_size=1, max_size=25))
def test_script_and_server_never_disagree(v8: MiniRacer, cases: list[dict[str, Any]]) -> None:
    for case, verdict in zip(cases, judged(v8, cases), strict=True):
        entry, raw = ENTRIES[case["id"]], RawAnswer(tuple(verdict["raw"]["picked"]), verdict["raw"]["text"])
        assert problem_of(entry, raw) == (
            None
            if verdict["problem"] is None
            else FieldProblem(verdict["problem"]["word"], verdict["problem"]["fields"])
        )
        assert cell_of(entry, raw) == verdict["cell"]
        found = posted(EVERY, PAGE_OF[entry.id], fields_of(entry, raw), [entry.id])
        assert told(found.problems.get(entry.id)) == verdict["problem"]
        if verdict["problem"] is None:
            assert found.values == {entry.id: verdict["cell"]}
            again = raw_of(entry, found.values[entry.id])
            assert again is not None
            assert cell_of(entry, again) == verdict["cell"]
            assert saved(EVERY, PAGE_OF[entry.id], {entry.id: verdict["cell"]}).values == found.values


def fields_of(entry: Entry, raw: RawAnswer) -> dict[str, list[str]]:
    if entry.written:
        return {f"v.{entry.id}": [raw.text], f"m.{entry.id}": list(raw.picked)}
    return {f"v.{entry.id}": list(raw.picked)}


def post(page: int, *shown: str, questionnaire: Questionnaire = EVERY, **fields: list[str]) -> Posted:
    named = {name.replace("_", ".", 1): values for name, values in fields.items()}
    return posted(questionnaire, page, named, shown)


def test_a_whole_page() -> None:
    found = post(
        2,
        "visit",
        "bought",
        "years",
        "last",
        v_visit=["often"],
        v_bought=["toys", "food", "food"],
        v_years=[" １２．５０ "],
        v_last=["2026-02-30"],
        v_sv1=["1"],
    )
    assert found.values == {"visit": "often", "bought": ["food", "toys"], "years": 12.5}
    assert found.problems == {"last": FieldProblem("error_date")}
    assert found.raw["last"] == RawAnswer(text="2026-02-30")


def test_what_is_not_shown_is_neither_read_nor_missed() -> None:
    assert post(3, "sv1", v_sv1=["4"], v_sv4=["5"]) == Posted({"sv1": 4}, {}, {"sv1": RawAnswer(("4",))})


def test_a_required_question_without_answer_is_emptied_and_told() -> None:
    found = post(1, "consent")
    assert found.values == {"consent": None}
    assert found.problems == {"consent": FieldProblem("error_consent")}


@pytest.mark.parametrize("codes", [["no such"], ["__proto__"], ["6"], [""], ["1", "bad"], ["04"]])
def test_codes_that_were_never_offered_are_not_stored(codes: list[str]) -> None:
    found = post(3, "sv1", v_sv1=codes)
    assert found.values == {}
    assert found.problems["sv1"].word == "live_error_unknown"


@pytest.mark.parametrize(
    ("variable", "fields"),
    [
        ("bought", {"v_bought": ["food", "97"]}),
        ("visit", {"v_visit": ["often", "rarely"]}),
        ("years", {"v_years": ["3"], "m_years": ["96"]}),
    ],
)
def test_two_answers_where_one_must_stand(variable: str, fields: dict[str, list[str]]) -> None:
    found = post(2, variable, **fields)
    assert (found.values, found.problems[variable].word) == ({}, "live_error_two")


def test_a_text_keeps_its_lines_and_loses_what_no_file_can_carry() -> None:
    found = post(5, "why", v_why=["  a\r\nb\x00c\rd\ud800 "])
    assert found.values == {"why": "a\nb\ufffdc\nd\ufffd"}


def test_endless_figures_are_no_number() -> None:
    assert post(2, "years", v_years=["9" * 400]).problems == {"years": FieldProblem("error_number")}
    assert post(5, "why", v_why=["x" * 20_001]).problems["why"].word == "live_error_unknown"


@pytest.mark.parametrize(
    ("variable", "cell"),
    [
        ("sv1", "4"),
        ("sv1", True),
        ("sv1", 4.5),
        ("sv1", [4]),
        ("sv1", {"a": 1}),
        ("visit", 1),
        ("visit", "no such"),
        ("bought", "food"),
        ("bought", ["food", 1]),
        ("bought", ["other"]),
        ("years", "12"),
        ("years", float("nan")),
        ("years", float("inf")),
        ("years", 81),
        ("last", "yesterday"),
        ("why", 4),
        ("why", "x" * 41),
    ],
)
def test_odd_cells_from_a_script_are_not_stored(variable: str, cell: object) -> None:
    found = saved(EVERY, PAGE_OF[variable], {variable: cell})
    assert found.values == {}
    assert list(found.problems) == [variable]


def test_cells_from_a_script() -> None:
    cells = {"visit": "rarely", "bought": ["books"], "years": "96", "last": None, "sv1": 3}
    found = saved(EVERY, 2, cells)
    assert found.values == {"visit": "rarely", "bought": ["books"], "years": "96", "last": None}
    assert not found.problems
