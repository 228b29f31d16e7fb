"""How the cases that were drawn ended, outcome rates, and the classes by which weights were raised for non-response."""

from __future__ import annotations

from satmeter.report.context import Column, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import ABSENT, count, decimal, percent
from satmeter.report.results import Row

GROUPS = ("I", "P", "R", "NC", "O", "UH", "UO", "NE")
FIRST = ("rr3", "rr1")  # what the sentence names: the first that there is


def response_parts(edition: Edition) -> tuple[Part, ...]:
    """Return dispositions and outcome rates; nothing where the results hold none."""
    rates = edition.results.rows("response")
    if not rates:
        return ()
    words = edition.words
    tables = (_contacts(edition), _rates(edition))
    return (Part(words["response.title"], (_sentence(edition), words["response.census"]), tables=tables),)


def nonresponse_parts(edition: Edition) -> tuple[Part, ...]:
    """Return the classes of response propensity; nothing where weights were not adjusted."""
    rows = edition.results.rows("nonresponse")
    if not rows:
        return ()
    words = edition.words
    factors = [float(row["factor"]) for row in rows]
    fields = {"classes": count(len(rows)), "low": decimal(min(factors), 2), "high": decimal(max(factors), 2)}
    keys = ("class", "n", "respondents", "rate", "factor", "propensity")
    columns = tuple(Column(words[f"nonresponse.{key}"], "left" if key == "class" else "right") for key in keys)
    cells = tuple(
        (
            str(row["propensity_class"]),
            count(row["n"]),
            count(row["respondents"]),
            percent(row["rate"], 1),
            decimal(row["factor"], 2),
            f"{decimal(row['propensity_low'], 2)} – {decimal(row['propensity_high'], 2)}",
        )
        for row in rows
    )
    sentence = words.fill("nonresponse.sentence", fields)
    table = Table(words["nonresponse.caption"], columns, cells)
    return (Part(words["nonresponse.title"], (sentence, words["nonresponse.fixed"]), tables=(table,)),)


def _found(edition: Edition, *, weighted: bool) -> dict[str, Row]:
    return {str(row["statistic"]): row for row in edition.results.rows("response") if row["weighted"] is weighted}


def _sentence(edition: Edition) -> str:
    words, found, weighted = edition.words, _found(edition, weighted=False), _found(edition, weighted=True)
    name = next((name for name in FIRST if found.get(name, {}).get("estimate") is not None), None)
    cases = count(sum(int(row["n"]) for row in edition.results.rows("contacts")))
    if name is None:
        return words.fill("response.cases", {"cases": cases})
    fields = {"cases": cases, "rate": percent(found[name]["estimate"], 1), "name": name.upper()}
    if weighted:
        return words.fill("response.weighted", fields | {"weighted": percent(weighted[name]["estimate"], 1)})
    return words.fill("response.sentence", fields)


def _contacts(edition: Edition) -> Table:
    words, rows = edition.words, edition.results.rows("contacts")
    total = sum(int(row["n"]) for row in rows)
    heads = tuple(Column(words[f"response.{key}"]) for key in ("group", "label"))
    columns = (*heads, *(Column(words[f"response.{key}"], "right") for key in ("n", "share")))
    cells = []
    for group in GROUPS:
        for row in (row for row in rows if row["disposition"] == group):
            name = words.fill("response.coded", {"code": group, "name": words[f"contact.{group}"]})
            cells.append((name, str(row["label"]), count(row["n"]), percent(int(row["n"]) / total, 1)))
    cells.append((words["response.total"], "", count(total), percent(1.0, 1)))
    return Table(words["response.contacts"], columns, tuple(cells))


def _rates(edition: Edition) -> Table:
    words, found, weighted = edition.words, _found(edition, weighted=False), _found(edition, weighted=True)
    keys = ("rate", "unweighted", *(("by_weight",) if weighted else ()), "definition")
    columns = tuple(
        Column(words[f"response.{key}"], "right" if key in ("unweighted", "by_weight") else "left") for key in keys
    )
    cells = []
    for name, row in found.items():
        figures = [_percent(row)] + ([_percent(weighted[name])] if weighted else [])
        label = "e" if name == "e" else name.upper()
        cells.append((label, *figures, edition.results.text(row.get("definition"))))
    return Table(words["response.rates"], columns, tuple(cells))


def _percent(row: Row) -> str:
    return ABSENT if row.get("estimate") is None else percent(row["estimate"], 1)
