"""Which published figures can be computed from what was released, and which cannot."""

from satmeter.publication.recompute import compare_disclosure, compare_microdata, sections_of
from satmeter.record import read_results

FACTS = {"columns": ["region", "years", "p1"]}


def document(**sections):
    base = {
        "study": {"n": 100, "n_eff": 90.0, "model": {"satisfaction": ["product"]}, "controls": []},
        "questionnaire": {"questions": [{"id": "region"}, {"id": "years"}, {"id": "why"}]},
        "provenance": {},
    }
    return base | {name: {"rows": rows, "notes": []} for name, rows in sections.items()}


SCORES = [
    {"measure": "product", "group_by": "", "group": "", "estimate": 70.0, "definition": {"en": "a"}},
    {"measure": "product", "group_by": "region", "group": "n", "estimate": 60.0, "definition": {"en": "a"}},
]


def test_rows_are_found_by_name_and_not_by_place():
    found = compare_microdata(document(scores=SCORES), document(scores=SCORES[::-1]), FACTS)
    assert (found["scores"].agree, found["scores"].differences) == (2, ())
    assert found["study"].agree == 2


def test_a_row_too_many_and_a_row_too_few_are_differences():
    more = compare_microdata(document(scores=SCORES[:1]), document(scores=SCORES), FACTS)["scores"]
    less = compare_microdata(document(scores=SCORES), document(scores=SCORES[:1]), FACTS)["scores"]
    assert [d.published for d in more.differences] == [None]
    assert [d.computed for d in less.differences] == [None]


def test_rows_that_name_an_absent_question_are_unchecked():
    rows = [{"question": "why", "n": 50}, {"question": "years", "n": 80}, {"question": "region", "n": 90}]
    other = [{"question": "why", "n": 0}, {"question": "years", "n": 80}, {"question": "region", "n": 90}]
    found = compare_microdata(document(questions=rows), document(questions=other), FACTS)["questions"]
    assert (found.agree, found.unchecked, found.differences) == (2, 1, ())


def test_sections_without_answers_are_unchecked_and_retests_too():
    rows = {"disposition": [{"step": "read", "n": 5}], "quotes": [{"text": "x"}]}
    coefficients = [{"construct": "product", "coefficient": "test_retest", "estimate": 0.8}]
    found = compare_microdata(document(reliability=coefficients, **rows), document(), FACTS)
    assert (found["disposition"].unchecked, found["quotes"].unchecked, found["reliability"].unchecked) == (1, 1, 1)
    assert all(not part.differences for part in found.values())


def test_what_is_disclosed_follows_from_the_rest(release):
    told = read_results(release)
    assert compare_disclosure(told).differences == ()
    told["study"]["disclosure"]["sponsor"] = "Another"
    assert {d.published for d in compare_disclosure(told).differences} == {"City Power"}
    assert "disclosure" not in sections_of(told)
