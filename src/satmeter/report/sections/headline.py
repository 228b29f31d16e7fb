"""The first screen: index, quality in one line, strengths and weaknesses, loyalty and 满意率."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Headline, Stat
from satmeter.report.edition import Edition
from satmeter.report.plots import ScalePlot
from satmeter.report.results import Row, matching
from satmeter.report.score_kinds import CUSTOMER
from satmeter.report.sections.findings import findings
from satmeter.report.sections.items import alphas
from satmeter.report.sections.method import kept_and_marked
from satmeter.report.sections.scores import index_estimate, index_row, overall_rows, value_and_interval
from satmeter.report.sentences import alpha_range_sentence, base, index_sentence, points


def headline(edition: Edition) -> Headline:
    """Return everything that the first screen shows."""
    words, index = edition.words, index_estimate(edition)
    row = index_row(edition, overall_rows(edition))
    figure = None
    if index.value is not None:
        fields = {"label": index.label, "value": points(index), "low": "0", "high": "100"}
        alt = words.fill("sentence.scale_alt", fields)
        figure = edition.figure("index", edition.caption("index"), alt, ScalePlot(index, 0.0, 100.0))
    found = findings(edition)
    return Headline(
        index=_stat(edition, row, _index_label(edition, index.label)) if row and index.value is not None else None,
        sentence=index_sentence(words, index, edition.results.conf_level),
        figure=figure,
        quality=_quality(edition),
        strengths=found.strengths,
        weaknesses=found.weaknesses,
        no_strength=found.reason or words["sentence.no_strength"],
        no_weakness=found.reason or words["sentence.no_weakness"],
        ranking=found.ranking,
        cards=_cards(edition),
    )


def _index_label(edition: Edition, construct: str) -> str:
    words = edition.words
    return words["card.index"] + words["list.open"] + construct + words["list.close"]


def _stat(edition: Edition, row: Row, label: str) -> Stat:
    value, ends = value_and_interval(row)
    definition = edition.results.text(row.get("definition"))
    return Stat(label, value, ends, base(edition.words, int(row.get("n") or 0)), definition)


def _cards(edition: Edition) -> tuple[Stat, ...]:
    """Return the top-two-box share of the index construct, then the scores of loyalty, NPS, CSAT and CES."""
    results, rows = edition.results, overall_rows(edition)
    index = str(results.study.get("index_construct") or "")
    wanted = [*matching(rows, {"measure": index, "statistic": "top2"})]
    wanted += [
        r
        for r in matching(rows, {"statistic": "mean_score"})
        if r["measure"] != index and results.role(r["measure"]) == "loyalty"
    ]
    wanted += _nps(edition, rows)
    for names in (CUSTOMER[:1], CUSTOMER[1:]):  # one variant of CES is enough on the first screen
        wanted += [row for row in rows if row["statistic"] in names][:1]
    cards = []
    for row in wanted:
        if row.get("estimate") is None:
            continue
        named_by_statistic = row["statistic"] in ("top2", "nps", *CUSTOMER)
        label = edition.words[f"card.{row['statistic']}"] if named_by_statistic else results.label(str(row["measure"]))
        cards.append(_stat(edition, row, label))
    return tuple(cards)


def _nps(edition: Edition, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the one NPS of the first screen: of the item whose scale is named for it, else of the first."""
    found = matching(rows, {"statistic": "nps"})
    items = edition.results.items
    named = [r for r in found if str(items.get(str(r["measure"]), {}).get("scale", "")).startswith("nps")]
    return tuple(named[:1]) or found[:1]


def _quality(edition: Edition) -> str:
    values = [e.value for _, e in alphas(edition) if e.value is not None]
    return edition.words.paragraph([kept_and_marked(edition), alpha_range_sentence(edition.words, values)])
