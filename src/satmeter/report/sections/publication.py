"""What a published score carries: wording, league table, weighting, disclosure, and what is missing from it."""

from __future__ import annotations

from satmeter.report.context import Column, Part, Publication, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count
from satmeter.report.sections.disclosure import disclosed_table, missing_sentence
from satmeter.report.sections.items import item_text, scale_name
from satmeter.report.sections.league import league_parts
from satmeter.report.sections.method import kept_and_marked, method_section, weights_sentence
from satmeter.report.sections.sampling import sampling_sentence
from satmeter.report.sections.weights import weight_parts


def publication(edition: Edition) -> Publication:
    """Return the parts of a press notice that other reports do not have."""
    how = method_section(edition).paragraphs
    questions = dict.fromkeys(str(row["group_by"]) for row in edition.results.rows("ranks"))
    return Publication(
        asked=_asked(edition),
        league=Section((), tuple(part for question in questions for part in league_parts(edition, question))),
        weighting=Section((weights_sentence(edition),), weight_parts(edition)),
        disclosed=disclosed_table(edition),
        missing=missing_sentence(edition),
        statement=(sampling_sentence(edition), how[1], kept_and_marked(edition)),
    )


def _asked(edition: Edition) -> Section:
    """Return the wording of the index construct's items with their scales and the labels of the scales."""
    words, results = edition.words, edition.results
    index = str(results.study.get("index_construct") or "")
    items = [i for c in results.constructs if c["id"] == index for i in c.get("items") or ()]
    if not items:
        return Section((words["publication.not_asked"],))
    label = results.label(index)
    told = words.plural("publication.asked", len(items), {"construct": label, "n": count(len(items))})
    columns = tuple(Column(words[f"column.{key}"]) for key in ("wording", "answer_scale", "answer"))
    cells = tuple(
        (item_text(edition, str(i["id"])), scale_name(edition, str(i["scale"])), _labels(edition, str(i["scale"])))
        for i in items
    )
    return Section(
        (told,), (Part(tables=(Table(edition.caption("construct_items", "construct", label), columns, cells),)),)
    )


def _labels(edition: Edition, scale: str) -> str:
    points = edition.results.scales.get(scale, {}).get("points") or ()
    named = [(str(p["code"]), edition.results.text(p.get("label"))) for p in points]
    return edition.words["list.semicolon"].join(f"{code} = {label}" for code, label in named if label)
