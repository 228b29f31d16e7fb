"""Study files written for a release: the same study, and no way out of the folder."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.publication.study_tree import microdata_study, released_study
from satmeter.publication.yaml_writing import yaml_file
from satmeter.questionnaire.yaml_text import Entry, Node, parse_yaml

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
SCALARS = st.builds(lambda text: Node("scalar", 0, text), TEXTS)
KEYS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)


def maps(inner, least=0):
    return st.dictionaries(KEYS, inner, min_size=least, max_size=4).map(
        lambda d: Node("map", 0, entries=tuple(Entry(k, 0, v) for k, v in d.items()))
    )


def lists(inner):
    return st.lists(inner, max_size=4).map(lambda items: Node("list", 0, items=tuple(items)))


TREES = maps(st.recursive(SCALARS, lambda inner: maps(inner) | lists(inner), max_leaves=12), least=1)


def plain(node):
    if node.kind == "map":
        return {entry.key: plain(entry.value) for entry in node.entries}
    if node.kind == "list":
        return [plain(item) for item in node.items]
    return None if node.is_null else node.text


@settings(max_examples=30)
@given(TREES)
def test_what_is_written_reads_back(tree):
    assert plain(parse_yaml(yaml_file(tree))) == plain(tree)
    assert yaml_file(parse_yaml(yaml_file(tree))) == yaml_file(tree)


@pytest.mark.parametrize(
    "text", ["yes", "null", "~", "", "010", "1.10", "1e5", "- a", "a: b", "# no", "'", '"', "a\\n"]
)
def test_texts_that_yaml_would_take_for_something_else(text):
    tree = Node("map", 0, entries=(Entry("key", 0, Node("scalar", 0, text)),))
    assert plain(parse_yaml(yaml_file(tree))) == {"key": text}


STUDY = """\
questionnaire: /home/someone/forms/small.yaml
responses: [../secret/answers.csv, 'C:\\data\\more.csv']
columns: {Q1: p1}
weighting: {margins: ../secret/margins.csv}
verbatims: {why: {themes: frames/why.yaml}, what: }
retest: {responses: /home/someone/again.csv}
fieldwork: {sample: /home/someone/sample.csv, key: id}
waves:
  variable: wave
  earlier: {"2025": ../2025/study.yaml}
  questionnaires: {"2025": ../2025/old.yaml}
quality: {speeders: {min_seconds: 60, then: exclude}}
design: {cluster: branch, weight: w}
publication: {sponsor: S, microdata: {k: 3}, date: 2026-01-01, policy: nss}
reports: [{template: ../ours}, {template: management}]
"""


def test_no_path_of_a_machine_is_left():
    found = released_study(parse_yaml(STUDY), Path("/home/someone/study"))
    text = found.file.decode()
    assert "someone" not in text
    assert "secret" not in text
    assert ".." not in text
    told = plain(found.root)
    assert told["questionnaire"] == "questionnaire.yaml"
    assert told["responses"] == ["answers.csv", "more.csv"]
    assert told["weighting"] == {"margins": "inputs/margins.csv"}
    assert told["verbatims"] == {"why": {"themes": "inputs/why.yaml"}, "what": None}
    assert told["fieldwork"]["sample"] == "sample.csv"
    assert told["waves"]["earlier"] == {"2025": "study.yaml"}
    assert told["reports"] == [{"template": "templates/ours"}, {"template": "management"}]
    assert {name: path.name for name, path in found.inputs.items()} == {
        "inputs/margins.csv": "margins.csv",
        "inputs/why.yaml": "why.yaml",
        "templates/ours": "ours",
    }


def test_beside_the_microdata_nothing_needs_what_is_not_released():
    found = released_study(parse_yaml(STUDY), Path("/home/someone/study"))
    told = plain(parse_yaml(microdata_study(found.root, {"cluster": "cluster"})))
    assert told["questionnaire"] == "../questionnaire.yaml"
    assert told["responses"] == "answers.csv"
    assert told["weighting"] == {"margins": "../inputs/margins.csv"}
    assert told["design"] == {"cluster": "cluster", "weight": "w"}
    assert told["publication"] == {"sponsor": "S", "policy": "nss"}
    assert set(told["quality"].values()) == {"off"}
    assert not {"columns", "retest", "fieldwork", "waves", "verbatims", "reports"} & set(told)


def test_of_a_store_only_its_name_is_left():
    for url, name in (
        ("sqlite:////home/someone/answers.db", "answers.db"),
        ("postgresql+psycopg://someone:secret@somewhere/survey?password=secret", "survey"),
    ):
        text = STUDY.replace(
            STUDY[STUDY.index("responses:") : STUDY.index("\n", STUDY.index("responses:"))], f"responses: {url}"
        )
        assert plain(released_study(parse_yaml(text), Path("/home/someone/study")).root)["responses"] == name
