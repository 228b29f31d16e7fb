"""Constructs that the path model makes of others: their names in the document and in its notes."""

from dataclasses import replace

from satmeter.drivers import fit_drivers
from satmeter.errors import Note
from satmeter.measurement import measure
from satmeter.moments import make_resampling
from satmeter.record import make_provenance, results_document
from satmeter.record.wording import note_row
from satmeter.study.driver_plan import PathOptions

LABEL = {"zh-CN": "\u6210\u672c", "en": "Cost"}


def test_study_part_names_constructs_of_constructs(study_by_hand):
    constructs = {name: ("cost", {f"{name}1": [1, 2, 3, 4]}) for name in ("money", "time")}
    study = study_by_hand(constructs | {"loyalty": ("loyalty", {"l1": [1, 3, 2, 4]})})
    paths = PathOptions(
        higher_order={"cost": ("money", "time"), "all": ("money", "loyalty")},
        model={"loyalty": ("cost",)},
        labels={"cost": LABEL},
    )
    study = replace(study, plan=replace(study.plan, paths=paths))
    resampling = make_resampling(study)
    measured, drivers = measure(study, resampling), fit_drivers(study, resampling)
    document = results_document(study, measured, drivers, provenance=make_provenance(study))
    assert document["study"]["higher_order"] == [
        {"id": "cost", "role": "cost", "label": LABEL, "of": ["money", "time"]},
        {"id": "all", "role": "other", "label": {}, "of": ["money", "loyalty"]},
    ]


def test_notes_call_them_by_their_labels(study_by_hand):
    questionnaire = study_by_hand({"loyalty": ("loyalty", {"l1": [1, 3, 2, 4]})}).questionnaire
    note = Note("D150", "", {"constructs": "cost, loyalty", "outcome": "cost"})
    told = note_row(note, questionnaire, {"cost": LABEL})
    assert told["zh-CN"].count(LABEL["zh-CN"]) == 2
    assert told["en"].count("Cost") == 2
    assert "Kosten" in note_row(note, questionnaire, {"cost": {"und": "Kosten"}})["zh-CN"]
