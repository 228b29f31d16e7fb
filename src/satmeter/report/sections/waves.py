"""Waves: what changed surely, what is not settled, and where a series ends because something else was changed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from satmeter.report.context import Column, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, p_value
from satmeter.report.results import Row, matching
from satmeter.report.score_kinds import digits_and_scale
from satmeter.report.sections.cells import based, estimated, p_text, ranged
from satmeter.report.sections.differences import figure_name
from satmeter.report.sections.wave_trend import SIDES, trend_part, wave_names, wave_rows


def waves_section(edition: Edition) -> Section:
    """Return the trend of every score, the changes since the wave before, and the breaks; empty without waves."""
    if not edition.results.rows("waves"):
        return Section()
    parts = (trend_part(edition), *_against(edition), *_groups(edition), *_changes(edition))
    return Section(_lead(edition), parts, edition.results.notes("waves"))


def latest(edition: Edition, role: str, group_by: str = "") -> tuple[Row, ...]:
    """Return the newest wave's rows against the wave before (`previous`) or against the `baseline`."""
    newest = wave_names(edition)[-1]
    wanted = {"wave": newest, "role": role, "group_by": group_by}
    return matching(wave_rows(edition), wanted)


def _lead(edition: Edition) -> tuple[str, ...]:
    """Return what the index did since the wave before."""
    words, index = edition.words, str(edition.results.study.get("index_construct") or "")
    rows = matching(latest(edition, "previous"), {"measure": index, "statistic": "mean_score"})
    if not rows:
        return (words["trend.reading"],)
    row = rows[0]
    fields = {
        "measure": edition.results.label(index),
        "wave": str(row["wave"]),
        "against": str(row["against"]),
        "score": estimated(row, 1),
        "change": _change(row),
        "p": p_text(float(row.get("p_adjusted") or 0.0)),
    }
    verdict = str(row["verdict"])
    if verdict != "break" and row.get("p_value") is None:
        verdict = "untested"
    return (words.fill(f"trend.index_{verdict}", fields), words["trend.reading"])


def _change(row: Row) -> str:
    digits, scale = digits_and_scale(str(row["statistic"]))
    keys = ("change", "change_conf_low", "change_conf_high")
    value, low, high = (None if row.get(key) is None else scale * row[key] for key in keys)
    return ranged(value, low, high, digits)


def _against(edition: Edition) -> tuple[Part, ...]:
    """Return the newest wave against the wave before and against the baseline."""
    parts = []
    for role in ("previous", "baseline"):
        if rows := latest(edition, role):
            parts.append(_part(edition, role, rows))
    return tuple(parts)


def _part(edition: Edition, role: str, rows: Sequence[Row]) -> Part:
    words = edition.words
    fields = {"wave": str(rows[0]["wave"]), "against": str(rows[0]["against"]), "level": edition.level}
    points = tuple(_sentence(edition, row) for row in rows if row["verdict"] in ("higher", "lower"))
    told = [_counted(edition, rows)]
    if any(row.get("paired") for row in rows):
        pairs = max(int(row.get("n_pairs") or 0) for row in rows)
        told.append(words.plural("trend.paired", pairs, {"n": count(pairs)}))
    caption = words.fill(f"trend.table_{role}", fields)
    return Part(
        words.fill(f"trend.title_{role}", fields),
        (words.paragraph(told),),
        points,
        tables=(_table(edition, caption, rows),),
    )


def _counted(edition: Edition, rows: Sequence[Row]) -> str:
    words = edition.words
    broken = [row for row in rows if row["verdict"] == "break"]
    tested = [row for row in rows if row.get("p_value") is not None]
    sure = [row for row in tested if row["verdict"] in ("higher", "lower")]
    told = []
    if tested:
        key = "none" if not sure else "all" if len(sure) == len(tested) else "some"
        fields = {"n": count(len(tested)), "sure": count(len(sure)), "open": count(len(tested) - len(sure))}
        told.append(words.fill(f"trend.{key}", fields))
    if broken:
        told.append(words.plural("trend.breaks", len(broken), {"n": count(len(broken))}))
    if left := len(rows) - len(tested) - len(broken):
        told.append(words.plural("differences.untested", left, {"n": count(left)}))
    return words.paragraph(told)


def _sentence(edition: Edition, row: Row) -> str:
    words = edition.words
    fields = {
        "mark": SIDES[str(row["verdict"])],
        "figure": figure_name(edition, row),
        "change": _change(row),
        "unit": words[f"differences.unit_{row['statistic']}"],
        "p": p_text(float(row.get("p_adjusted") or 0.0)),
        "n": count(row.get("n")),
        "n_other": count(row.get("n_other")),
    }
    return words.fill("trend.sentence", fields)


def _table(edition: Edition, caption: str, rows: Sequence[Row]) -> Table:
    words = edition.words
    heads = (
        words.fill("column.estimate_interval", {"level": edition.level}),
        words.fill("trend.change", {"level": edition.level}),
        words["column.p_adjusted"],
        words["column.n"],
        words["differences.n_other"],
    )
    cells = tuple(
        (
            _who(edition, row),
            estimated(row, *digits_and_scale(str(row["statistic"]))),
            _secret(edition, row, "change") or _change(row),
            p_value(row.get("p_adjusted")),
            based(row),
            _secret(edition, row, "n_other") or count(row.get("n_other")),
            _verdict(edition, row),
        )
        for row in rows
    )
    columns = (
        Column(words["column.measure"]),
        *(Column(head, "right") for head in heads),
        Column(words["targets.verdict"]),
    )
    return Table(caption, columns, cells)


def _who(edition: Edition, row: Row) -> str:
    name = figure_name(edition, row)
    if not row["group_by"]:
        return name
    return edition.words.tagged(name, edition.results.option(str(row["group_by"]), str(row["group"])))


def _secret(edition: Edition, row: Row, key: str) -> str:
    """Return the symbol of a number that is not published, be it that of the wave or of the one before."""
    symbol = str(row.get("symbol") or "")
    return symbol if row.get(key) is None and symbol == edition.results.symbols["suppressed"] else ""


def _verdict(edition: Edition, row: Row) -> str:
    words, verdict = edition.words, str(row["verdict"])
    if verdict == "break":
        reasons = [words.name("trend.reason", str(reason)) for reason in row.get("broken") or ()]
        return words.fill("trend.verdict_break", {"reasons": words.join(reasons)})
    if symbol := _secret(edition, row, "change"):
        return symbol
    if row.get("p_value") is None:
        return words["trend.verdict_untested"]
    return f"{SIDES[verdict]} {words[f'trend.verdict_{verdict}']}"


def _groups(edition: Edition) -> tuple[Part, ...]:
    """Return the changes of constructs' mean scores in groups: all of them counted, the foremost as a table."""
    words, results, parts = edition.words, edition.results, []
    for question in dict.fromkeys(str(row["group_by"]) for row in edition.results.rows("waves") if row["group_by"]):
        rows = [row for row in latest(edition, "previous", question) if row["statistic"] == "mean_score"]
        if not rows:
            continue
        told = _counted(edition, rows)
        rows = _foremost(edition, rows)
        fields = {"question": results.label(question), "against": str(rows[0]["against"]), "wave": str(rows[0]["wave"])}
        caption = words.fill("trend.table_groups", fields)
        parts.append(
            Part(
                words.fill("trend.title_groups", fields),
                (told,),
                tables=(_table(edition, caption, rows),),
            )
        )
    return tuple(parts)


def _foremost(edition: Edition, rows: list[Row]) -> list[Row]:
    """Return the index in every group, then all other figures whose change is sure."""
    index = str(edition.results.study.get("index_construct") or "")
    return [row for row in rows if row["measure"] == index or row["verdict"] in ("higher", "lower")]


def _changes(edition: Edition) -> tuple[Part, ...]:
    """Return what was changed between waves, in words, what ends a series first."""
    rows = edition.results.rows("wave_changes")
    if not rows:
        return ()
    words, names = edition.words, wave_names(edition)
    points = []
    for before, after in pairwise(names):
        own = [row for row in rows if row["wave"] == after and row["against"] == before]
        for row in sorted(own, key=lambda row: not row["breaks"]):
            fields = {"wave": after, "against": before, "text": edition.results.text(row.get("text"))}
            points.append(words.fill("trend.changed_break" if row["breaks"] else "trend.changed_harmless", fields))
    return (Part(words["trend.changes"], (words["trend.changes_reading"],), tuple(points)),) if points else ()
