"""The confirmatory factor model, and whether groups were measured alike."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Figure, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate
from satmeter.report.number_text import count, decimal, decimal_beside, interval, p_value, with_interval
from satmeter.report.plots import Indicator, MeasurementPlot
from satmeter.report.results import Row, estimate, matching
from satmeter.report.sections.confirmatory_tables import factor_square, ordinal_loadings

GOOD = (0.95, 0.06, 0.08)
ACCEPTABLE = (0.90, 0.08, 0.10)
"""CFI at least, RMSEA and SRMR at most: Hu and Bentler (1999), Browne and Cudeck (1992)."""

MODELS = (
    ("normal", "chi2", "", "srmr"),
    ("robust", "chi2_scaled", "_robust", "srmr"),
    ("ordinal", "chi2_wlsmv", "_wlsmv", "srmr_wlsmv"),
)
"""Name of every estimation, its test, the ending of its indices, its SRMR."""

PREFERENCE = "M176"
"""Sentence of the results that says which of the two models is to be preferred."""

MOST_ITEMS = 80
"""A diagram of more items would be longer than a reader follows; the loadings stand in the table of results."""


def confirmatory_part(edition: Edition) -> Part:
    """Return how well the model of the questionnaire's own constructs fits; nothing where it was not fitted."""
    words, rows = edition.words, edition.results.rows("validity")
    cfi, rmsea, srmr = (_value(rows, name) for name in ("cfi_robust", "rmsea_robust", "srmr"))
    if cfi.value is None or rmsea.value is None or srmr.value is None:
        return Part()
    grade = fit_grade(cfi.value, rmsea.value, srmr.value)
    fields = fit_texts(cfi.value, rmsea, srmr.value)
    paragraph = words.paragraph([words.fill(f"sentence.fit_{grade}", fields), words["sentence.fit_limits"]])
    preferred = edition.results.notes("loadings", PREFERENCE.__eq__)
    tables = (_fit_table(edition, rows), *factor_square(edition), *ordinal_loadings(edition))
    return Part(
        words["heading.confirmatory"], (paragraph, *preferred), figure=_measurement_figure(edition), tables=tables
    )


def _measurement_figure(edition: Edition) -> Figure | None:
    """Return the diagram of the model: every construct with arrows to its items."""
    words, label = edition.words, edition.results.label
    rows = matching(edition.results.rows("loadings"), {"model": "cfa"})
    if not 0 < len(rows) <= MOST_ITEMS:
        return None
    blocks = tuple(
        (
            label(name),
            tuple(
                Indicator(str(row["item"]), estimate(row, str(row["item"])))
                for row in matching(rows, {"construct": name})
            ),
        )
        for name in dict.fromkeys(str(row["construct"]) for row in rows)
    )
    told = [
        words.fill(
            "sentence.panel",
            {"title": title, "values": words.join([f"{i.label} {decimal(i.loading.value, 2)}" for i in items])},
        )
        for title, items in blocks
    ]
    alt = words["list.semicolon"].join(told) + words["list.stop"]
    return edition.figure("measurement-model", edition.caption("measurement_model"), alt, MeasurementPlot(blocks))


def _value(rows: Sequence[Row], statistic: str) -> Estimate:
    found = matching(rows, {"statistic": statistic})
    return estimate(found[0], "") if found else Estimate("", None)


def fit_grade(cfi: float, rmsea: float, srmr: float) -> str:
    """Return how well a model fits; the worst index decides.

    Examples
    --------
    >>> fit_grade(0.96, 0.05, 0.04), fit_grade(0.96, 0.07, 0.04), fit_grade(0.88, 0.05, 0.04)
    ('good', 'acceptable', 'poor')
    """
    for grade, limits in (("good", GOOD), ("acceptable", ACCEPTABLE)):
        if cfi >= limits[0] and rmsea <= limits[1] and srmr <= limits[2]:
            return grade
    return "poor"


def fit_texts(cfi: float, rmsea: Estimate, srmr: float) -> dict[str, str]:
    """Return the three indices, in as many digits as they need beside a limit that they miss.

    Examples
    --------
    >>> fit_texts(0.949, Estimate("", 0.041, 0.03, 0.05), 0.0803)["cfi"]
    '0.949'
    """
    limits = tuple(zip(GOOD, ACCEPTABLE, strict=True))
    return {
        "cfi": decimal_beside(cfi, 2, least=limits[0]),
        "rmsea": with_interval(decimal_beside(rmsea.value, 3, most=limits[1]), interval(rmsea.low, rmsea.high, 3)),
        "srmr": decimal_beside(srmr, 2, most=limits[2]),
    }


def _index(e: Estimate) -> str:
    return with_interval(decimal(e.value, 3), interval(e.low, e.high, 3))


def _fit_table(edition: Edition, rows: Sequence[Row]) -> Table:
    words = edition.words
    heads = ("chi2", "df", "p", "cfi", "tli", "rmsea", "srmr", "n")
    columns = (Column(words["column.estimation"]), *(Column(words[f"column.{head}"], "right") for head in heads))
    lines = []
    for name, test, suffix, residual in MODELS:
        row = next(iter(matching(rows, {"statistic": test})), {})
        if not row and name == "ordinal":
            continue
        indices = [_index(_value(rows, f"{index}{suffix}")) for index in ("cfi", "tli", "rmsea")]
        srmr = decimal(_value(rows, residual).value, 3)
        head = (decimal(row.get("estimate"), 1), decimal(row.get("df"), 0), p_value(row.get("p_value")))
        lines.append((words[f"mark.{name}"], *head, *indices, srmr, count(row.get("n"))))
    return Table(edition.caption("confirmatory"), columns, tuple(lines))


def invariance_parts(edition: Edition) -> tuple[Part, ...]:
    """Return, for every grouping question that was examined, the sentence about means and the models behind it."""
    rows = edition.results.rows("invariance")
    questions = dict.fromkeys(str(row["group_by"]) for row in rows)
    return tuple(_invariance_part(edition, q, matching(rows, {"group_by": q})) for q in questions)


def _invariance_part(edition: Edition, question: str, rows: Sequence[Row]) -> Part:
    words = edition.words
    label = edition.results.label(question)
    heads = ("chi2", "df", "cfi", "rmsea", "cfi_change", "rmsea_change", "p_change")
    columns = (
        Column(words["column.model"]),
        *(Column(words[f"column.{head}"], "right") for head in heads),
        Column(words["column.holds"]),
    )
    whole = [row for row in rows if not row.get("freed")]
    lines = [_invariance_line(edition, row) for row in (*whole, *[row for row in rows if row.get("freed")][-1:])]
    table = Table(edition.caption("invariance", "question", label), columns, tuple(lines))
    title = words.fill("heading.invariance", {"question": label})
    return Part(title, comparability(edition, question), tables=(table,))


def _invariance_line(edition: Edition, row: Row) -> tuple[str, ...]:
    words = edition.words
    name = words[f"level.{row['step']}"]
    if row.get("freed"):
        items = [part.rpartition(" ")[2] for part in str(row["freed"]).split(", ")]
        name += words["list.open"] + words.fill("mark.freed", {"items": words.join(list(dict.fromkeys(items)))})
        name += words["list.close"]
    return (
        name,
        decimal(row.get("chi2"), 1),
        count(row.get("df")),
        decimal(row.get("cfi"), 3),
        decimal(row.get("rmsea"), 3),
        decimal(row.get("cfi_change"), 3),
        decimal(row.get("rmsea_change"), 3),
        p_value(row.get("p_change")),
        words["mark.yes"] if row.get("holds") else words["mark.no"],
    )


def comparability(edition: Edition, question: str) -> tuple[str, ...]:
    """Return whether means of a question's groups may be compared, in one paragraph; nothing where it was not asked."""
    told = edition.words.paragraph(edition.results.notes("invariance", about=question))
    return (told,) if told else ()
