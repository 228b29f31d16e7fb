"""Results document → report context: every section in the order of the reader's questions."""

from __future__ import annotations

from satmeter.report.context import ReportContext, Term
from satmeter.report.edition import Edition
from satmeter.report.sections.adjusted import adjusted_section
from satmeter.report.sections.answers import answers_section
from satmeter.report.sections.codebook import codebook
from satmeter.report.sections.disclosure import disclosure_section
from satmeter.report.sections.drivers import drivers_section
from satmeter.report.sections.headline import headline
from satmeter.report.sections.indicator_trees import trees_section
from satmeter.report.sections.items import items_section, reliability_section, wording_section
from satmeter.report.sections.method import (
    banner,
    disclosure_line,
    method_section,
    provenance_section,
    quality_section,
    read_first,
)
from satmeter.report.sections.paths import paths_section
from satmeter.report.sections.priorities import priorities_section
from satmeter.report.sections.publication import publication
from satmeter.report.sections.sample import sample_section
from satmeter.report.sections.scores import groups_section, scores_section
from satmeter.report.sections.segments import segments_section
from satmeter.report.sections.summary import summary
from satmeter.report.sections.validity import validity_section
from satmeter.report.sections.verbatims import verbatims_section
from satmeter.report.sections.waves import waves_section

TERMS = (
    "satisfaction_score",
    "satisfaction_rate",
    "index",
    "interval",
    "nps",
    "reliability",
    "validity",
    "fit",
    "driver",
    "importance",
    "regression",
    "hc3",
    "item_rest",
)

DEEP_TERMS = (
    ("dominance", "dominance"),
    ("marginal_effects", "marginal"),
    ("asymmetry", "penalty_reward"),
    ("necessity", "necessity"),
    ("paths", "path_model"),
    ("path_quality", "path_quality"),
    ("path_groups", "composition"),
)
"""Section of the results to the words that only its rows make necessary."""


def assemble(edition: Edition) -> ReportContext:
    """Return the context of one language edition; sections without rows say that they are empty."""
    results = edition.results
    study = results.study
    return ReportContext(
        language=edition.words.language,
        title=results.text(study.get("title")) or str(study.get("id") or ""),
        disclosure=disclosure_line(edition),
        banner=banner(edition),
        read_first=read_first(edition),
        headline=headline(edition),
        summary=summary(edition),
        method=method_section(edition),
        sample=sample_section(edition),
        reliability=reliability_section(edition),
        validity=validity_section(edition),
        scores=scores_section(edition),
        trees=trees_section(edition),
        groups=groups_section(edition),
        adjusted=adjusted_section(edition),
        trend=waves_section(edition),
        drivers=drivers_section(edition),
        priorities=priorities_section(edition),
        segments=segments_section(edition),
        paths=paths_section(edition),
        items=items_section(edition),
        answers=answers_section(edition),
        verbatims=verbatims_section(edition),
        quality=quality_section(edition),
        wording=wording_section(edition),
        disclosed=disclosure_section(edition),
        publication=publication(edition),
        codebook=codebook(edition),
        glossary=_glossary(edition),
        notes=results.notes("study"),
        provenance=provenance_section(edition),
    )


def _glossary(edition: Edition) -> tuple[Term, ...]:
    words = edition.words
    keys = (*TERMS, *(key for section, key in DEEP_TERMS if edition.results.rows(section)))
    return tuple(Term(words[f"glossary.{key}.word"], words[f"glossary.{key}.meaning"]) for key in keys)
