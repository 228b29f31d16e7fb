"""The keys `fieldwork`, `weighting.nonresponse` and what is typed under `publication`."""

import pytest

from satmeter.errors import StudyError
from satmeter.study.sampling_plan import Fieldwork, Nonresponse

SAMPLE = "fieldwork: {sample: drawn.csv, key: id, disposition: status"


@pytest.fixture
def with_sample(folder, plan_of):
    (folder / "drawn.csv").write_text("id,status\n1,I\n", "utf-8")
    return plan_of


def test_the_keys_reach_the_plan(folder, with_sample):
    plan = with_sample(
        f"{SAMPLE}, codes: {{done: I, refused: R, 7: NC}}, e: 0.6, weight: w}}\n"
        "weighting: {nonresponse: {by: [region, age], classes: 4}}\n"
    )
    codes = {"done": "I", "refused": "R", "7": "NC"}
    assert plan.fieldwork == Fieldwork(folder / "drawn.csv", "id", "status", codes, 0.6, "w", 4)
    assert plan.nonresponse == Nonresponse(("region", "age"), 4, 5)
    assert plan.weighting is None
    bare = with_sample(f"{SAMPLE}, e: cases}}\nweighting: {{nonresponse: {{by: region, classes: cells}}}}\n")
    assert bare.fieldwork.codes == {group: group for group in ("I", "P", "R", "NC", "O", "UH", "UO", "NE")}
    assert (bare.fieldwork.e, bare.nonresponse.classes) == ("cases", "cells")
    both = with_sample(
        f"{SAMPLE}}}\nweighting: {{rake: {{city: {{n: 0.5, s: 0.3, w: 0.2}}}}, nonresponse: {{by: [region]}}}}\n"
    )
    assert (both.weighting.margins[0].name, both.nonresponse.classes) == ("city", 5)


def test_absent_keys_leave_the_digest_alone_and_the_place_of_the_file_too(with_sample):
    plain = with_sample().digest
    assert with_sample("fieldwork:\nweighting:\npublication:\n").digest == plain
    drawn = with_sample(f"{SAMPLE}}}\n").digest
    assert drawn != plain
    assert with_sample(f"\n\n{SAMPLE}}}\n").digest == drawn
    assert with_sample(f"{SAMPLE}, e: 0.5}}\n").digest != drawn
    assert with_sample("publication: {sampling: probability}\n").digest != plain


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (f"{SAMPLE}, codes: {{done: X}}}}\n", "S095", 4),
        ("fieldwork:\n  sample: drawn.csv\n  key: id\n  disposition: status\n  codes:\n    done: [I]\n", "S095", 9),
        (f"{SAMPLE}, e: 1.2}}\n", "S096", 4),
        (f"{SAMPLE}, e: most}}\n", "S096", 4),
        (f"{SAMPLE}}}\nweighting: {{nonresponse: {{by: [a], classes: 1}}}}\n", "S096", 5),
        (f"{SAMPLE}}}\nweighting: {{nonresponse: {{by: [a], classes: 2.5}}}}\n", "S096", 5),
        (f"{SAMPLE}}}\nweighting: {{nonresponse: {{by: []}}}}\n", "Q017", 5),
        ("weighting: {nonresponse: {by: [a]}}\n", "S097", 4),
        ("fieldwork: {key: id, disposition: status}\n", "Q017", 4),
        ("fieldwork: {sample: drawm.csv, key: id, disposition: status}\n", "S002", 4),
        ("fieldwork: {sample: drawn.pdf, key: id, disposition: status}\n", "R002", 4),
        ("publication: {sampling: random}\n", "Q028", 4),
        ("publication:\n  sponsor: {fr: Ville}\n", "Q035", 5),
        ("publication:\n  sponsor: [a, b]\n", "Q024", 5),
        ("publication:\n  sponsor: {en: [a]}\n", "Q024", 5),
    ],
)
def test_what_cannot_be_is_named_with_its_line(with_sample, text, code, line):
    with pytest.raises(StudyError) as caught:
        with_sample(text)
    assert [(problem.code, problem.line) for problem in caught.value.problems] == [(code, line)]
    assert caught.value.text("en") != caught.value.text("zh-CN")


def test_disclosure_is_typed_as_text_or_by_language(plan_of):
    plan = plan_of(
        "publication:\n  sponsor: City Power\n  population: {zh-CN: 全市居民客户, en: Residential customers}\n"
        "  sampling: nonprobability\n  limitations:\n  contact: {en: ''}\n"
    )
    assert plan.disclosure == {
        "sponsor": "City Power",
        "population": {"zh-CN": "全市居民客户", "en": "Residential customers"},
    }
    assert plan.sampling == "nonprobability"
