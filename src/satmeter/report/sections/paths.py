"""The path model: fit, effects, routes; its further parts stand in modules of their own."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import ABSENT, count, decimal, decimal_beside, interval
from satmeter.report.results import Row, matching
from satmeter.report.sections.cells import columns, estimated, excludes_zero, p_text
from satmeter.report.sections.conditional_paths import moderated_mediation_parts, path_moderation_part
from satmeter.report.sections.path_checks import model_part, prediction_part, quality_part
from satmeter.report.sections.path_diagram import arrow_label, path_figure, route_label
from satmeter.report.sections.path_groups import group_parts
from satmeter.report.sections.path_map import map_part
from satmeter.report.sections.path_mediation import lacks_bca, mediation_parts

GOOD_SRMR = 0.08
LEVEL = 0.05
MOST_ROUTES = 8


def paths_section(edition: Edition) -> Section:
    """Return the path model and the mediation on the scores; nothing where neither was computed."""
    words, results = edition.words, edition.results
    told = ("paths", "mediation", "moderated_mediation", "path_importance", "path_groups", "prediction")
    notes = tuple(note for section in told for note in results.notes(section))
    rows = results.rows("paths")
    mediated = mediation_parts(edition)
    if not rows and not mediated:
        return Section((words["sentence.no_paths"],), (), notes) if notes else Section()
    parts = (
        _model_part(edition, rows),
        *mediated,
        *moderated_mediation_parts(edition),
        _route_part(edition),
        path_moderation_part(edition),
        map_part(edition),
        *group_parts(edition),
        model_part(edition),
        quality_part(edition),
        prediction_part(edition),
    )
    shown = tuple(part for part in parts if part.paragraphs or part.tables)
    return Section((words["sentence.paths"],), shown, tuple(dict.fromkeys(notes)))


def _model_part(edition: Edition, rows: Sequence[Row]) -> Part:
    if not rows:
        return Part()
    words = edition.words
    sentences = [_strongest_sentence(edition, rows), *_fit_sentences(edition)]
    figure = path_figure(edition, rows)
    beside = [words["sentence.effects_model"]] if edition.results.rows("mediation") else []
    beside += [words["sentence.bca_missing"]] if lacks_bca(rows) else []
    return Part(
        words["heading.path_model"],
        tuple(text for text in (words.paragraph(sentences), words.paragraph(beside)) if text),
        figure=figure,
        tables=(_effect_table(edition, rows),),
    )


def _strongest_sentence(edition: Edition, rows: Sequence[Row]) -> str:
    """Return how many direct paths keep off zero, and which is the strongest of them."""
    words = edition.words
    direct = matching(rows, {"effect": "direct"})
    sure = [row for row in direct if excludes_zero(row)]
    fields = {"n": str(len(sure)), "all": str(len(direct))}
    if not sure:
        return words.fill("sentence.no_path", fields)
    row = max(sure, key=lambda r: abs(r["estimate"]))
    return words.fill("sentence.strongest_path", fields | {"path": arrow_label(edition, row), "value": estimated(row)})


def _fit_sentences(edition: Edition) -> list[str]:
    words = edition.words
    rows = matching(edition.results.rows("path_quality"), {"model": "pls"})
    whole = {str(row["statistic"]): row for row in rows if not row["construct"]}
    srmr = whole.get("srmr", {}).get("estimate")
    if srmr is None:
        return []
    key = "srmr_good" if srmr <= GOOD_SRMR else "srmr_poor"
    sentences = [words.fill(f"sentence.{key}", {"srmr": decimal_beside(srmr, 3, most=[GOOD_SRMR])})]
    p_values = [whole.get(name, {}).get("p_value") for name in ("d_uls", "d_g")]
    known = [p for p in p_values if p is not None]
    if len(known) == len(p_values):
        fields = dict(zip(("uls", "g"), map(p_text, known), strict=True))
        rejected = sum(p < LEVEL for p in known)
        verdict = {0: "exact_fit_kept", 2: "exact_fit_rejected"}.get(rejected, "exact_fit_mixed")
        sentences.append(words.fill(f"sentence.{verdict}", fields))
    return sentences


def _effect_table(edition: Edition, rows: Sequence[Row]) -> Table:
    """Return the effects; a total that is a single effect is left out, for it says the same twice."""
    parts: dict[tuple[str, str], int] = {}
    for row in rows:
        if row["effect"] != "total":
            key = (str(row["source"]), str(row["target"]))
            parts[key] = parts.get(key, 0) + 1
    cells = tuple(
        (
            arrow_label(edition, row),
            edition.words[f"effect.{row['effect']}"],
            estimated(row),
            interval(row.get("bca_low"), row.get("bca_high"), 2) or ABSENT,
            decimal(row.get("f2"), 2),
            decimal(row.get("vif"), 1),
            count(row["n"]),
        )
        for row in rows
        if row["effect"] != "total" or parts.get((str(row["source"]), str(row["target"])), 0) > 1
    )
    heads = ("estimate_interval", "bca", "f2", "vif", "n")
    return Table(edition.caption("path_effects"), columns(edition, ("path", "effect"), heads), cells)


def _route_part(edition: Edition) -> Part:
    words = edition.words
    rows = [row for row in edition.results.rows("path_chains") if row.get("estimate") is not None]
    if not rows:
        return Part()
    ranked = sorted(rows, key=lambda r: -abs(r["estimate"]))[:MOST_ROUTES]
    sure = next((row for row in ranked if excludes_zero(row)), None)
    sentence = words["sentence.no_route"]
    if sure is not None:
        fields = {"route": route_label(edition, sure), "value": estimated(sure)}
        sentence = words.fill("sentence.strongest_route", fields)
    cells = tuple((route_label(edition, row), estimated(row), count(row["n"])) for row in ranked)
    caption = words.fill("caption.routes", {"n": str(len(ranked)), "all": str(len(rows)), "level": edition.level})
    table = Table(caption, columns(edition, ("route",), ("estimate_interval", "n")), cells)
    return Part(words["heading.routes"], (sentence,), tables=(table,))
