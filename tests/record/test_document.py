"""The results document: a golden file of a tiny study, plain values, sample shares, provenance."""

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pytest

from satmeter.drivers import fit_drivers
from satmeter.drivers.asymmetry import AsymmetryRow
from satmeter.drivers.diagnosis import DiagnosticRow
from satmeter.drivers.importance_methods import ConditionalRow, DominanceRow
from satmeter.drivers.mediated import MediationRow
from satmeter.drivers.moderated import ModerationRow, SegmentRow
from satmeter.drivers.moderated_mediation import ModeratedMediationRow
from satmeter.drivers.necessary import BottleneckRow, NecessityRow
from satmeter.drivers.path_moderated import PathModerationRow
from satmeter.drivers.path_rows import (
    ChainRow,
    PathGroupRow,
    PathImportanceRow,
    PathModelRow,
    PathQualityRow,
    PathRow,
    PredictionRow,
)
from satmeter.drivers.potential import PotentialRow
from satmeter.drivers.response_models import MarginalRow
from satmeter.drivers.stated import StatedRow
from satmeter.errors import Note
from satmeter.measurement import DifRow, InvarianceRow, LintRow, measure
from satmeter.measurement.answer_rows import AnswerRow
from satmeter.measurement.case_mix_rows import AdjustedRow, CaseMixCheckRow, CoefficientRow
from satmeter.measurement.comparison_rows import ComparisonRow, RankRow
from satmeter.measurement.dimensionality import dimensionality
from satmeter.measurement.dimensionality_model import CommunalityRow
from satmeter.measurement.tree_rows import TreeRow
from satmeter.measurement.validity import validate
from satmeter.measurement.verbatim_rows import QuoteRow, VerbatimRow, WordRow
from satmeter.measurement.wave_rows import WaveChangeRow, WaveRow
from satmeter.moments import make_resampling
from satmeter.numerics.replicate_weights import replicate_set
from satmeter.questionnaire.model import Option, Text
from satmeter.record import Provenance, make_provenance, results_document, results_file
from satmeter.record.document import plain_value
from satmeter.record.wording import note_row
from satmeter.study.fieldwork_model import ContactRow, NonresponseRow, ResponseRow
from satmeter.study.model import QualityRow
from satmeter.study.sampling_plan import Design, Population, ReplicateColumns
from satmeter.study.weighting import MarginRow, WeightRow

GOLDEN = Path(__file__).parent / "golden" / "satmeter.results.json"
RESULTS_PAGE = Path(__file__).parents[2] / "docs" / "results.md"
EMPTY = {
    "contacts": ContactRow,
    "response": ResponseRow,
    "nonresponse": NonresponseRow,
    "weighting": WeightRow,
    "margins": MarginRow,
    "comparisons": ComparisonRow,
    "ranks": RankRow,
    "answers": AnswerRow,
    "tree": TreeRow,
    "adjusted": AdjustedRow,
    "case_mix": CoefficientRow,
    "case_mix_checks": CaseMixCheckRow,
    "waves": WaveRow,
    "wave_changes": WaveChangeRow,
    "verbatims": VerbatimRow,
    "words": WordRow,
    "quotes": QuoteRow,
    "quality": QualityRow,
    "invariance": InvarianceRow,
    "dif": DifRow,
    "lint": LintRow,
    "communalities": CommunalityRow,
    "dominance": DominanceRow,
    "conditional_dominance": ConditionalRow,
    "stated": StatedRow,
    "marginal_effects": MarginalRow,
    "diagnostics": DiagnosticRow,
    "moderation": ModerationRow,
    "segments": SegmentRow,
    "mediation": MediationRow,
    "moderated_mediation": ModeratedMediationRow,
    "asymmetry": AsymmetryRow,
    "necessity": NecessityRow,
    "bottlenecks": BottleneckRow,
    "potential": PotentialRow,
    "paths": PathRow,
    "path_chains": ChainRow,
    "path_models": PathModelRow,
    "path_quality": PathQualityRow,
    "path_groups": PathGroupRow,
    "path_importance": PathImportanceRow,
    "path_moderation": PathModerationRow,
    "prediction": PredictionRow,
}
"""Sections that the tiny study leaves empty, or may."""
FIXED = Provenance(
    satmeter="0.0.0",
    python="3.x",
    libraries={"numpy": "2.x"},
    questionnaire_digest="sha256:q",
    data_digest="sha256:d",
    plan_digest="sha256:p",
    seed=1,
    replicates=40,
    conf_level=0.95,
)


def tiny(study_by_hand):
    rng = np.random.default_rng(20261121)
    true = rng.normal(size=24)

    def rate(low, high):
        middle, step = (low + high) / 2, (high - low) / 4
        return list(np.clip(np.round(middle + step * (true + rng.normal(size=24))), low, high))

    missing = rate(1, 5)
    missing[3] = float("nan")
    return study_by_hand(
        {
            "staff": ("driver", {"st1": rate(1, 5), "st2": missing, "st3": rate(1, 5)}),
            "money": ("cost", {"mo1": [6 - x for x in rate(1, 5)], "mo2": [6 - x for x in rate(1, 5)]}),
            "satisfaction": ("satisfaction", {"sa1": rate(1, 5), "sa2": rate(1, 5)}),
            "loyalty": ("loyalty", {"rec": rate(0, 10)}),
        },
        scales={"rec": (0, 10)},
        questions={
            "region": ("choice", ["n"] * 11 + ["s"] * 12 + [None]),
            "years": ("number", [float(k % 7) for k in range(23)] + [float("nan")]),
            "used": ("multiple", [("app",), ("app", "shop"), None] * 8),
        },
        model={"satisfaction": ("staff", "money"), "loyalty": ("satisfaction", "staff")},
        groups=("region",),
        replicates=40,
    )


def document_of(study, provenance=FIXED):
    resampling = make_resampling(study)
    return results_document(
        study,
        measure(study, resampling),
        fit_drivers(study, resampling),
        validity=validate(study, resampling),
        dimensionality=dimensionality(study, resampling),
        provenance=provenance,
    )


def same(found, expected, place="document"):
    """Compare to 1e-9, so that another linear algebra library passes and another number does not."""
    if isinstance(expected, dict):
        assert list(found) == list(expected), place
        for key, value in expected.items():
            same(found[key], value, f"{place}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), place
        for k, value in enumerate(expected):
            same(found[k], value, f"{place}[{k}]")
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12), place
    else:
        assert found == expected, place
        assert type(found) is type(expected), place


def test_golden_file_of_results(study_by_hand):
    """When a change is meant, write_golden.py beside this file writes it again."""
    found = json.loads(results_file(document_of(tiny(study_by_hand))))
    same(found, json.loads(GOLDEN.read_text("utf-8")))


def test_same_input_same_bytes(study_by_hand):
    assert results_file(document_of(tiny(study_by_hand))) == results_file(document_of(tiny(study_by_hand)))


def keys_on_page(name):
    """Backticked keys of the table row that begins with a name."""
    sections = RESULTS_PAGE.read_text("utf-8").split("Parts of `questionnaire`")[0]
    (line,) = re.findall(rf"^\| `{name}` \|(.*)\|$", sections, re.M)
    return re.findall(r"`(\w+)`", line.rpartition("|")[2])


def test_page_names_every_section_and_every_key_in_order():
    golden = json.loads(GOLDEN.read_text("utf-8"))
    for section, content in golden.items():
        if section in EMPTY:
            assert keys_on_page(section) == [f.name for f in dataclasses.fields(EMPTY[section])]
        elif isinstance(content, dict):
            rows = content.get("rows")
            assert keys_on_page(section) == list(rows[0] if rows else content), section
            assert rows is None or list(content) == ["rows", "notes"]
        else:
            assert keys_on_page(section) == []


def test_page_names_the_parts_of_the_questionnaire(study_by_hand):
    part = document_of(tiny(study_by_hand))["questionnaire"]
    page = RESULTS_PAGE.read_text("utf-8").split("Parts of `questionnaire`")[1].split("## Columns")[0]
    rows = {name: re.findall(r"`(\w+)`", keys) for name, keys in re.findall(r"^\| `([^|]*?) \| (.*) \|$", page, re.M)}
    found = {
        "constructs`": part["constructs"][0],
        "items` of a construct": part["constructs"][0]["items"][0],
        "questions`": part["questions"][0],
        "options` of a question": part["questions"][0]["options"][0],
        "scales`": part["scales"][0],
        "points` of a scale": part["scales"][0]["points"][0],
    }
    for name, content in found.items():
        assert rows[name] == list(content), name
    assert rows["missing` of a scale"] == ["code", "label", "reason"]
    assert rows["checks`"] == ["id", "text", "expect"]


def test_note_in_both_languages_with_constructs_by_their_labels(study_by_hand):
    questionnaire = study_by_hand(
        {"c": ("cost", {"a": [1, 2, 3, 4]}), "d": ("cost", {"b": [1, 2, 3, 4]})}
    ).questionnaire
    labels = [construct.label for construct in questionnaire.constructs.values()]
    row = note_row(Note("M102", "c"), questionnaire)
    assert list(row) == ["code", "about", "en", "zh-CN"]
    assert row["about"] == "c"
    assert row["en"].startswith(f"{labels[0].get('en')}: measured by one item")
    assert row["zh-CN"].startswith(f"{labels[0].get('zh-CN')}：仅由一个题项测量")
    several = note_row(Note("D121", "c, d"), questionnaire)
    assert several["en"].startswith(f"{labels[0].get('en')}, {labels[1].get('en')}")
    assert several["zh-CN"].startswith(f"{labels[0].get('zh-CN')}\u3001{labels[1].get('zh-CN')}")
    assert note_row(Note("M102", "c, x"), questionnaire)["en"].startswith("c, x")


def test_a_note_labels_pairs_of_constructs_and_calls_everything_all_items(study_by_hand):
    questionnaire = study_by_hand(
        {"c": ("cost", {"a": [1, 2, 3, 4]}), "d": ("cost", {"b": [1, 2, 3, 4]})}
    ).questionnaire
    en, zh = ([c.label.get(tag) for c in questionnaire.constructs.values()] for tag in ("en", "zh-CN"))
    counts = {"r": 0.2, "before": 2, "after": 0}
    row = note_row(Note("M208", "c", counts | {"pairs": "c\u2013d, d\u2013c"}), questionnaire)
    assert row["en"].endswith(f"no longer: {en[0]}\u2013{en[1]}, {en[1]}\u2013{en[0]}.")
    assert f"{zh[0]}\u2013{zh[1]}\u3001{zh[1]}\u2013{zh[0]}" in row["zh-CN"]
    assert "c\u2013x" in note_row(Note("M208", "c", counts | {"pairs": "c\u2013x"}), questionnaire)["en"]
    whole = note_row(Note("M181", "", {"n": 100, "all": 1000}), questionnaire)
    assert whole["about"] == ""
    assert whole["en"].startswith("All items: the intervals of omega")
    assert whole["zh-CN"].startswith("全部题项：")


def test_note_about_a_question_quotes_its_wording_and_names_its_options(study_by_hand):
    questionnaire = study_by_hand(
        {"c": ("driver", {"a": [1, 2, 3, 4]})}, questions={"area": ("choice", ["n", "s", "n", "s"])}
    ).questionnaire
    question = questionnaire.questions["area"]
    row = note_row(Note("D110", "area", {"outcome": "c", "reference": "n"}), questionnaire)
    for language in ("en", "zh-CN"):
        assert f"\u201c{question.text.get(language)}\u201d" in row[language]
        assert question.options[0].label.get(language) in row[language]
        assert questionnaire.constructs["c"].label.get(language) in row[language]


def test_numbers_that_do_not_exist_become_null():
    assert plain_value({"a": (np.nan, -np.inf, np.float64(2)), "b": np.bool_(True), 3: [None, "x"]}) == {
        "a": [None, None, 2.0],
        "b": True,
        "3": [None, "x"],
    }


def test_sample_counts_options_among_those_who_answered(study_by_hand):
    study = study_by_hand(
        {"c": ("driver", {"a": [1, 2, 3, 4]})},
        questions={"region": ("choice", ["n", "n", "s", None]), "used": ("multiple", [("x", "y"), ("x",), (), None])},
        weights=[1, 1, 2, 4],
    )
    study.questionnaire.questions["used"] = _with_options(study.questionnaire.questions["used"], "x", "y")
    rows = document_of(study)["sample"]["rows"]
    assert [(r["question"], r["option"], r["n"]) for r in rows] == [
        ("region", "n", 2),
        ("region", "s", 1),
        ("used", "x", 2),
        ("used", "y", 1),
    ]
    assert [r["share"] for r in rows] == pytest.approx([2 / 3, 1 / 3, 2 / 3, 1 / 3])
    assert [r["weighted_share"] for r in rows] == pytest.approx([0.5, 0.5, 0.5, 0.25])


def _with_options(question, *codes):
    return dataclasses.replace(question, options=tuple(Option(c, Text((("en", c),))) for c in codes))


def test_study_part_tells_the_weights(study_by_hand):
    study = study_by_hand({"satisfaction": ("satisfaction", {"a": [1, 2, 3, 4]})}, weights=[1, 1, 1, 3])
    part = document_of(study)["study"]
    assert part["weighted"] is True
    assert part["n_eff"] == pytest.approx(36 / 12)
    assert part["deff"] == pytest.approx(4 / 3)
    assert (part["n"], part["n_read"], part["index_construct"]) == (4, 4, "satisfaction")
    assert part["design"] == ["weight"]


def test_study_part_tells_the_design(study_by_hand):
    ratings = {"satisfaction": ("satisfaction", {"a": [1, 2, 3, 4]})}
    assert document_of(study_by_hand(ratings))["study"]["design"] == []
    with_both = study_by_hand(ratings, strata=[0, 0, 1, 1], cluster=[0, 1, 2, 3])
    assert document_of(with_both)["study"]["design"] == ["strata", "cluster"]


def test_study_part_tells_what_errors_rest_on(study_by_hand):
    study = study_by_hand({"satisfaction": ("satisfaction", {"a": [1, 2, 3, 4]})})
    assert document_of(study)["study"]["replication"] == {"method": "bootstrap", "type": "", "replicates": 200}
    for method, number in (("jackknife", None), ("groups", 80)):
        plan = dataclasses.replace(study.plan, uncertainty=dataclasses.replace(study.plan.uncertainty, method=method))
        told = document_of(dataclasses.replace(study, plan=plan))["study"]["replication"]
        assert told == {"method": method, "type": "", "replicates": number}
    given = replicate_set(np.ones(4), np.ones((4, 4)) * 4 / 3 - np.eye(4) * 4 / 3, "jk1")
    plan = dataclasses.replace(study.plan, design=Design(replicates=ReplicateColumns(("rw*",), "jk1")))
    part = document_of(dataclasses.replace(study, plan=plan, replicates=given))["study"]
    assert (part["design"], part["replication"]) == (
        ["replicates"],
        {"method": "combined", "type": "jk1", "replicates": 4},
    )
    plan = dataclasses.replace(study.plan, design=Design(population=Population({"": 9.0})))
    part = document_of(dataclasses.replace(study, plan=plan, fraction=np.full(4, 4 / 9)))["study"]
    assert part["design"] == ["population"]


def test_provenance_of_this_machine(study_by_hand):
    import numpy

    import satmeter

    found = make_provenance(tiny(study_by_hand))
    assert found.satmeter == satmeter.__version__
    assert found.libraries["numpy"] == numpy.__version__
    assert (found.questionnaire_digest, found.data_digest, found.plan_digest) == ("sha256:q", "sha256:d", "sha256:p")
    assert (found.seed, found.replicates, found.conf_level) == (1, 40, 0.95)
    assert not any("time" in key or "date" in key for key in found.to_dict())
