"""Groups against the rest and against each other: what is sure, ranked by what matters; the rest is not settled."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from string import ascii_uppercase

from satmeter.report.context import Column, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import ABSENT, count, decimal, p_value
from satmeter.report.results import Row, hidden_symbol, matching
from satmeter.report.score_kinds import RATINGS, SHARES, digits_and_scale, in_tables
from satmeter.report.sections.cells import based, estimated, p_text

MOST_TOLD, MOST_ROWS = 5, 40
EFFECT_LIMITS = (0.2, 0.5, 0.8)
"""Cohen's conventions: from here an effect is called small, medium, large."""

EFFECT_SIZES = ("tiny", "small", "medium", "large")
SIDES = {"higher": "▲", "lower": "▼", "undecided": "○"}


def differences_parts(edition: Edition, question: str) -> tuple[Part, ...]:
    """Return what was found of groups against the rest, then of pairs of groups; nothing where nothing was asked."""
    parts = []
    for method in ("rest", "pair"):
        if rows := compared(edition, question, method):
            parts.append(_part(edition, question, method, rows))
    return tuple(parts)


def compared(edition: Edition, question: str, method: str) -> tuple[Row, ...]:
    """Return the comparisons that a reader looks at: constructs' mean scores and top-box shares, NPS, CSAT and CES.

    The index is the mean score of its construct over again; single items stand in the results.
    """
    items = edition.results.items
    rows = matching(edition.results.rows("comparisons"), {"group_by": question, "method": method})
    return tuple(row for row in rows if in_tables(row, items))


def by_weight(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows in which a difference is sure, first what matters most: large effects, then large groups."""

    def weight(row: Row) -> tuple[int, int, float]:
        n = min(int(row.get("n") or 0), int(row.get("n_other") or 0))
        return -_size(row), -n, -abs(row.get("effect_size") or 0.0)

    return tuple(sorted((row for row in rows if row["verdict"] in ("higher", "lower")), key=weight))


def _size(row: Row) -> int:
    return bisect.bisect(EFFECT_LIMITS, abs(row.get("effect_size") or 0.0))


def _part(edition: Edition, question: str, method: str, rows: Sequence[Row]) -> Part:
    words, label = edition.words, edition.results.label(question)
    sure = by_weight(rows)
    tables = []
    if method == "pair" and sure:
        tables.append(_letters(edition, question, rows))
    if sure:
        tables.append(_table(edition, question, method, sure))
    told = [_counted(edition, method, rows, sure)]
    if len(sure) > MOST_TOLD:
        told.append(words.fill("differences.first", {"n": count(MOST_TOLD)}))
    points = tuple(_sentence(edition, question, row) for row in sure[:MOST_TOLD])
    title = words.fill(f"differences.title_{method}", {"question": label})
    return Part(title, (words.paragraph(told),), points, tables=tuple(tables))


def _counted(edition: Edition, method: str, rows: Sequence[Row], sure: Sequence[Row]) -> str:
    """Return how many comparisons were made, how many are sure, and that the others are not settled."""
    words = edition.words
    tested = [row for row in rows if row.get("p_value") is not None]
    if not tested:
        return words["differences.untested_all"]
    fields = {"n": count(len(tested)), "sure": count(len(sure)), "open": count(len(tested) - len(sure))}
    against = words[f"differences.against_{method}"]
    key = "none" if not sure else "all" if len(sure) == len(tested) else "some"
    sentences = [words.fill(f"differences.{key}", fields | {"against": against}), _adjusted(edition, tested)]
    if len(rows) > len(tested):
        left = len(rows) - len(tested)
        sentences.append(words.plural("differences.untested", left, {"n": count(left)}))
    return words.paragraph(sentences)


def _adjusted(edition: Edition, tested: Sequence[Row]) -> str:
    """Return how p-values were adjusted, as the study says."""
    words = edition.words
    asked = str(edition.results.study.get("adjust") or "")
    if not asked:
        asked = "none" if all(row.get("p_adjusted") == row["p_value"] for row in tested) else "some"
    chance = {"chance": decimal(len(tested) * (1 - edition.results.conf_level), 0)}
    return words.fill(f"differences.adjusted_{asked}", chance)


def figure_name(edition: Edition, row: Row) -> str:
    """Return what is compared: a construct's score by its name; shares and NPS say what they are."""
    words, measure, statistic = edition.words, str(row["measure"]), str(row["statistic"])
    label = edition.results.label(measure)
    if statistic == "mean_score":
        return label
    name = words.name("statistic", statistic)
    return words.tagged(name, label) if measure in edition.results.items else words.tagged(label, name)


def _difference(row: Row) -> str:
    return estimated(row, *digits_and_scale(str(row["statistic"])))


def _sentence(edition: Edition, question: str, row: Row) -> str:
    words, results = edition.words, edition.results
    other = str(row.get("other") or "")
    rest = words["differences.rest"]
    fields = {
        "mark": SIDES[str(row["verdict"])],
        "group": results.option(question, str(row["group"])),
        "figure": figure_name(edition, row),
        "other": results.option(question, other) if other else rest,
        "difference": _difference(row),
        "unit": words[f"differences.unit_{row['statistic']}"],
        "p": p_text(float(row.get("p_adjusted") or 0.0)),
        "effect": _effect(row),
        "size": words[f"differences.{EFFECT_SIZES[_size(row)]}"],
        "n": count(row.get("n")),
        "n_other": count(row.get("n_other")),
    }
    return words.fill("differences.sentence", fields)


def _effect(row: Row) -> str:
    name = "h" if row["statistic"] in SHARES else "d"
    return f"{name} = {decimal(row.get('effect_size'), 2)}"


def _table(edition: Edition, question: str, method: str, sure: Sequence[Row]) -> Table:
    """Return the sure differences, most important first."""
    words, results = edition.words, edition.results
    heads = [Column(words["column.group"])]
    if method == "pair":
        heads.append(Column(words["differences.other"]))
    heads.append(Column(words["column.measure"]))
    rights = (
        words.fill("differences.difference", {"level": edition.level}),
        words["column.p_adjusted"],
        words["differences.effect"],
        words["column.n"],
        words["differences.n_other"],
    )
    cells = []
    for row in sure[:MOST_ROWS]:
        names = [f"{SIDES[str(row['verdict'])]} {results.option(question, str(row['group']))}"]
        if method == "pair":
            names.append(results.option(question, str(row["other"])))
        numbers = (
            _difference(row),
            p_value(row.get("p_adjusted")),
            decimal(row.get("effect_size"), 2),
            count(row.get("n")),
            count(row.get("n_other")),
        )
        cells.append((*names, figure_name(edition, row), *numbers))
    key = f"differences.table_{method}" if len(sure) <= MOST_ROWS else f"differences.table_{method}_most"
    caption = words.fill(key, {"question": results.label(question), "n": count(MOST_ROWS), "all": count(len(sure))})
    return Table(caption, (*heads, *(Column(head, "right") for head in rights)), tuple(cells))


def letter(number: int) -> str:
    """Return the letter of a group, counted from 0.

    Examples
    --------
    >>> letter(0), letter(25), letter(26), letter(27)
    ('A', 'Z', 'AA', 'BB')
    """
    turns, place = divmod(number, len(ascii_uppercase))
    return ascii_uppercase[place] * (turns + 1)


def _letters(edition: Edition, question: str, rows: Sequence[Row]) -> Table:
    """Return a line a group and a column a score: behind it stand the letters of the groups that it surely exceeds."""
    words, results = edition.words, edition.results
    groups = list(dict.fromkeys(str(row[key]) for key in ("group", "other") for row in rows))
    scores = matching(results.rows("scores"), {"group_by": question})
    order = list(dict.fromkeys(str(row["group"]) for row in scores))
    groups.sort(key=lambda group: order.index(group) if group in order else len(order))
    letters = {group: letter(number) for number, group in enumerate(groups)}
    figures = [row for row in rows if row["statistic"] not in (*SHARES, *RATINGS)]
    measures = list(dict.fromkeys((str(row["measure"]), str(row["statistic"])) for row in figures))
    won = _exceeded(rows)
    cells = []
    for group in groups:
        own = matching(scores, {"group": group})
        line = [letters[group] + words["list.dot"] + results.option(question, group)]
        line.append(based(max(own, key=lambda row: int(row.get("n") or 0), default={"n": 0})))
        for measure, statistic in measures:
            found = matching(own, {"measure": measure, "statistic": statistic})
            beaten = sorted(won.get((measure, statistic, group), ()), key=groups.index)
            value = (hidden_symbol(found[0]) or decimal(found[0].get("estimate"), 1)) if found else ABSENT
            line.append(" ".join([value, *(letters[other] for other in beaten)]))
        cells.append(tuple(line))
    heads = [words["column.n"]]
    for measure, statistic in measures:
        heads.append(figure_name(edition, {"measure": measure, "statistic": statistic}))
    columns = (Column(words["differences.letter"]), *(Column(head, "right") for head in heads))
    caption = words.fill("differences.letters", {"question": results.label(question), "level": edition.level})
    return Table(caption, columns, tuple(cells))


def _exceeded(rows: Sequence[Row]) -> dict[tuple[str, str, str], list[str]]:
    """Return measure, statistic and group to the groups that it surely exceeds."""
    won: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        if row["verdict"] in ("higher", "lower"):
            pair = str(row["group"]), str(row["other"])
            more, less = pair if row["verdict"] == "higher" else pair[::-1]
            won.setdefault((str(row["measure"]), str(row["statistic"]), more), []).append(less)
    return won
