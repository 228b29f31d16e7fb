"""Data on which statistics break, through the command line, `measurement: full`: a note names every obstacle."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from satmeter.cli.main import run

ITEMS = tuple(f"{construct}{i}" for construct in ("p", "s", "c") for i in range(1, 5))
QUESTIONNAIRE = """\
satmeter: 1
id: hard
version: "1"
title: {en: Small}
languages: [en]
scales:
  agree5:
    points: {1: {en: Very poor}, 2: {en: Poor}, 3: {en: Fair},
             4: {en: Good}, 5: {en: Very good}}
constructs:
  product:
    role: driver
    label: {en: Product}
    scale: agree5
    items: {p1: {en: p1}, p2: {en: p2}, p3: {en: p3}, p4: {en: p4}}
  service:
    role: driver
    label: {en: Service}
    scale: agree5
    items: {s1: {en: s1}, s2: {en: s2}, s3: {en: s3}, s4: {en: s4}}
  satisfaction:
    role: satisfaction
    label: {en: Satisfaction}
    scale: agree5
    items: {c1: {en: c1}, c2: {en: c2}, c3: {en: c3}, c4: {en: c4}}
questions:
  region:
    type: choice
    text: {en: Region}
    options: {n: {en: North}, s: {en: South}}
model: {satisfaction: [product, service]}
"""
STUDY = """\
satmeter: 1
questionnaire: hard.yaml
responses: answers.csv
measurement: full
groups: [region]
quality: {duplicates: off, straightlining: off, too_many_missing: off}
uncertainty: {replicates: 100}
"""


def answers(n=260, seed=4):
    """Three correlated constructs of four five-point items each; half of the respondents in every region."""
    rng = np.random.default_rng(seed)
    latent = rng.normal(size=(n, 1)) * 0.6 + rng.normal(size=(n, 3)) * 0.8
    rows = np.clip(np.round(3 + np.repeat(latent, 4, axis=1) + 0.7 * rng.normal(size=(n, 12))), 1, 5)
    return dict(zip(ITEMS, rows.T, strict=True)), np.where(np.arange(n) % 2 == 0, "n", "s")


@pytest.fixture
def results_of(tmp_path, monkeypatch, capsys):
    """Run a study on columns and return its results document."""

    def results(columns, region):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("SATMETER_LANG", "en")
        (tmp_path / "hard.yaml").write_text(QUESTIONNAIRE, "utf-8")
        (tmp_path / "study.yaml").write_text(STUDY, "utf-8")
        with (tmp_path / "answers.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["region", *columns])
            for i, place in enumerate(region):
                values = [column[i] for column in columns.values()]
                writer.writerow([place, *("" if np.isnan(value) else int(value) for value in values)])
        code = run(["run", "study.yaml", "--no-figures", "-o", "out"])
        told = capsys.readouterr().err
        assert code == 0, told
        assert "Traceback" not in told
        return json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))

    return results


def notes_of(document):
    """All notes of the document as (section, code, text)."""
    return [
        (section, note["code"], note["en"])
        for section, content in document.items()
        if isinstance(content, dict)
        for note in content.get("notes", [])
    ]


def note(document, section, code):
    """The text of a note that stands in a section once."""
    (text,) = [text for place, found, text in notes_of(document) if (place, found) == (section, code)]
    return text


def rows_of(document, section, **wanted):
    return [row for row in document[section]["rows"] if all(row[key] == value for key, value in wanted.items())]


def test_a_duplicate_item_is_named_wherever_it_makes_the_correlations_singular(results_of):
    columns, region = answers()
    columns["p2"] = columns["p1"]
    found = results_of(columns, region)
    assert "p1, p2 carry identical answers" in note(found, "reliability", "M104")
    for section in ("validity", "loadings"):  # the models are fitted without the copy, and the pair is named
        assert "the same answers to the two items of p1–p2." in note(found, section, "M233")
    for model in ("cfa", "cfa_ordinal", "efa"):
        fitted = {row["item"] for row in rows_of(found, "loadings", model=model)}
        assert "p1" in fitted, model
        assert "p2" not in fitted, model
    assert rows_of(found, "invariance", step="scalar")
    assert rows_of(found, "reliability", construct="product", coefficient="alpha")[0]["estimate"] > 0.8


def test_a_reversed_copy_makes_alpha_negative_and_is_explained(results_of):
    """The covariance matrix is not positive definite: one item is 6 less another."""
    columns, region = answers()
    columns["s4"] = 6 - columns["s1"]
    found = results_of(columns, region)
    assert "alpha is negative" in note(found, "reliability", "M105")
    assert rows_of(found, "reliability", construct="service", coefficient="alpha")[0]["estimate"] < 0
    assert note(found, "items", "M107").startswith("s4: correlates negatively")
    assert note(found, "validity", "M163").endswith("s1, s4.")
    assert "s1, s4" in note(found, "loadings", "M145")


def test_a_constant_item_is_left_out_by_name(results_of):
    columns, region = answers()
    columns["p3"] = np.full(len(region), 4.0)
    found = results_of(columns, region)
    assert "the same rating to p3" in note(found, "reliability", "M101")
    assert note(found, "validity", "M164").endswith(": p3.")
    assert rows_of(found, "reliability", construct="product", coefficient="alpha")[0]["n_items"] == 3
    assert not rows_of(found, "loadings", item="p3")


def test_fewer_respondents_than_items_have_no_factor_model(results_of):
    columns, region = answers(9)
    found = results_of(columns, region)
    assert "9 respondents (effective) answered all 12 items" in note(found, "validity", "M162")
    assert "9 respondents answered all its items, at least 100" in note(found, "loadings", "M147")
    assert "100 respondents who answered all items" in note(found, "invariance", "M153")
    assert rows_of(found, "reliability", construct="product", coefficient="alpha")[0]["n"] == 9


def test_categories_nobody_chose_are_named(results_of):
    columns, region = answers()
    found = results_of({name: np.clip(column, 2, 4) for name, column in columns.items()}, region)
    assert note(found, "loadings", "M175").endswith(f"{', '.join(ITEMS)}.")
    ordinal = rows_of(found, "reliability", construct="product", coefficient="alpha_ordinal")[0]["estimate"]
    assert ordinal > rows_of(found, "reliability", construct="product", coefficient="alpha")[0]["estimate"]


def test_a_group_that_lacks_a_category_is_compared_all_the_same(results_of):
    columns, region = answers()
    columns["p1"] = np.where((region == "s") & (columns["p1"] == 5), 4.0, columns["p1"])
    found = results_of(columns, region)
    steps = rows_of(found, "invariance", group_by="region")
    assert [row["step"] for row in steps][:4] == ["configural", "metric", "scalar", "strict"]
    assert {row["n"] for row in steps} == {260}


def test_an_item_without_variation_in_a_group_is_named_with_the_group(results_of):
    columns, region = answers()
    columns["c4"] = np.where(region == "s", 3.0, columns["c4"])
    found = results_of(columns, region)
    assert note(found, "invariance", "M231").endswith("within South these items do not vary or repeat each other: c4.")


def test_a_construct_that_a_group_did_not_answer_is_left_out_of_its_comparison(results_of):
    columns, region = answers()
    for item in ("s1", "s2", "s3", "s4"):
        columns[item] = np.where(region == "s", np.nan, columns[item])
    found = results_of(columns, region)
    assert note(found, "invariance", "M232").endswith("because nobody in South answered it completely.")
    assert {row["n"] for row in rows_of(found, "invariance", group_by="region")} == {260}
    assert {row["n"] for row in rows_of(found, "reliability", construct="service")} == {130}


def test_a_construct_that_nobody_answered_has_no_figures(results_of):
    columns, region = answers()
    columns |= {item: np.full(len(region), np.nan) for item in ("s1", "s2", "s3", "s4")}
    found = results_of(columns, region)
    assert note(found, "reliability", "M108").startswith("Service: nobody answered this construct")
    assert note(found, "validity", "M164").endswith(": s1, s2, s3, s4.")
    assert "Service" in note(found, "validity", "M140")
    assert not rows_of(found, "reliability", construct="service")
