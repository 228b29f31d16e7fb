"""Whatever docs/results.md names in the sections of measurement has a word in both languages."""

import re
from pathlib import Path

import pytest

from satmeter.report.sections.item_findings import SEVERITY
from satmeter.report.wording import read_words

PAGE = (Path(__file__).parents[2] / "docs" / "results.md").read_text("utf-8")
TABLES = {
    "reliability": "coefficient",
    "validity": "statistic",
    "dif": "dif_kind",
    "lint": "lint_finding",
    "loadings": "loading_model",
}
DRAWN = {"structure", "efa", "path", "path_weight"}
"""Models of loadings that stand in figures and tables with captions of their own."""


def named(section):
    """Return the codes in the second column of the table of statistics."""
    lines = re.findall(rf"^\| {section} \| ([^|]+) \|", PAGE, re.MULTILINE)
    return {code for line in lines for code in re.findall(r"`(\w+)`", line.split(" with ")[0])}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("section", TABLES)
def test_every_code_has_a_word(section, language):
    words, codes = read_words(language), named(section) - DRAWN
    assert len(codes) >= 1
    assert {code for code in codes if f"{TABLES[section]}.{code}" not in words} == set()


def test_the_page_was_read():
    assert {"alpha", "sem", "icc_agreement", "omega_groups"} <= named("reliability")
    assert {"known_groups", "rmsea_wlsmv", "marker_adjusted", "efa_rmsr"} <= named("validity")
    assert named("lint") == set(SEVERITY)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_verdict_of_invariance_and_light_has_a_word(language):
    words = read_words(language)
    (line,) = re.findall(r"^\| invariance \| `verdict` \| ([^|]+)\|", PAGE, re.MULTILINE)
    verdicts = re.findall(r"`(\w+)`", line)
    assert verdicts == ["scalar_holds", "partial", "metric_only", "none"]
    assert all(f"invariance_verdict.{verdict}" in words for verdict in verdicts)
    (steps,) = re.findall(r"^\| invariance \| (`configural`[^|]+)\|", PAGE, re.MULTILINE)
    assert all(f"level.{step}" in words for step in re.findall(r"`(\w+)`", steps))
