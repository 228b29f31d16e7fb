"""Net promoter scores with the answers behind them, CSAT and CES, and 满意度 beside 满意率, kept apart."""

from __future__ import annotations

from satmeter.report.context import Column, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.group_plots import NpsPlot, NpsRow
from satmeter.report.number_text import count, percent, percent_interval, with_interval
from satmeter.report.results import Row, estimate, matching
from satmeter.report.score_kinds import CUSTOMER, SHARES, digits_and_scale
from satmeter.report.sections.cells import estimated
from satmeter.report.sentences import points

MOST_DRAWN = 6
CODES = list(range(11))


def nps_parts(edition: Edition) -> tuple[Part, ...]:
    """Return sentences and figure of every item on 0–10 that has a net promoter score and all its shares."""
    words = edition.words
    scored = matching(edition.results.rows("scores"), {"group_by": "", "statistic": "nps"})
    rows = tuple(row for row in (_row(edition, score) for score in scored) if row)
    if not rows:
        return ()
    names = (words["nps.detractors"], words["nps.passives"], words["nps.promoters"])
    plot = NpsPlot(rows[:MOST_DRAWN], names, words["nps.score"])
    told = [_sentence(edition, row) for row in rows]
    alt = words.paragraph([_listed(edition, row) for row in rows[:MOST_DRAWN]])
    figure = edition.figure("nps", words["nps.caption"], alt, plot)
    return (Part(words["nps.title"], (words["nps.reading"],), tuple(told), figure=figure),)


def _row(edition: Edition, score: Row) -> NpsRow | None:
    item = str(score["measure"])
    found = matching(edition.results.rows("distributions"), {"item": item})
    whole = [int(row["code"]) for row in found] == CODES and all(row.get("share") is not None for row in found)
    if not whole or score.get("estimate") is None:
        return None
    return NpsRow(edition.results.label(item), tuple(float(row["share"]) for row in found), estimate(score, item))


def _sentence(edition: Edition, row: NpsRow) -> str:
    """Return the three shares and the score, and whether promoters or detractors are surely more."""
    low, middle, high = row.parts
    fields = {
        "item": row.label,
        "detractors": percent(low, 1),
        "passives": percent(middle, 1),
        "promoters": percent(high, 1),
        "score": points(row.score),
        "n": count(row.score.n),
    }
    told = [edition.words.fill("nps.sentence", fields)]
    if row.score.low is not None and row.score.high is not None and row.score.low <= 0 <= row.score.high:
        told.append(edition.words["nps.open"])
    return edition.words.paragraph(told)


def _listed(edition: Edition, row: NpsRow) -> str:
    words = edition.words
    values = words.join([f"{code}{words['list.colon']}{percent(share, 1)}" for code, share in enumerate(row.shares)])
    return words.fill("sentence.panel", {"title": row.label, "values": values}) + words["list.stop"]


def score_and_rate_parts(edition: Edition) -> tuple[Part, ...]:
    """Return 满意度 and 满意率 side by side for constructs that have both, and that they are never compared."""
    words, results = edition.words, edition.results
    rows = matching(results.rows("scores"), {"group_by": ""})
    shares = {str(row["measure"]): row for row in matching(rows, {"statistic": "top2"})}
    means = [row for row in matching(rows, {"statistic": "mean_score"}) if row["measure"] in shares]
    if not means:
        return ()
    heads = [words.fill(f"nps.{key}", {"level": edition.level}) for key in ("mean", "rate")]
    columns = (Column(words["column.construct"]), *(Column(head, "right") for head in (*heads, words["column.n"])))
    cells = tuple(
        (
            results.label(str(row["measure"])),
            estimated(row, 1),
            _rate(shares[str(row["measure"])]),
            count(row.get("n")),
        )
        for row in means
    )
    table = Table(words["nps.beside"], columns, cells)
    return (Part(words["nps.beside"], (words["nps.apart"],), tables=(table,)),)


def customer_parts(edition: Edition) -> tuple[Part, ...]:
    """Return CSAT and CES with what they mean in words, for their variants cannot be compared; nothing without any."""
    words, results = edition.words, edition.results
    rows = [row for row in matching(results.rows("scores"), {"group_by": ""}) if row["statistic"] in CUSTOMER]
    if not rows:
        return ()
    heads = (words.fill("column.estimate_interval", {"level": edition.level}), words["column.n"])
    columns = (
        Column(words["column.measure"]),
        Column(words["column.statistic"]),
        *(Column(head, "right") for head in heads),
        Column(words["given.definition"]),
    )
    cells = tuple(
        (
            results.label(str(row["measure"])),
            words.name("statistic", str(row["statistic"])),
            _customer(row),
            count(row.get("n")),
            results.text(row.get("definition")),
        )
        for row in rows
    )
    return (Part(words["customer.title"], tables=(Table(words["customer.title"], columns, cells),)),)


def _customer(row: Row) -> str:
    if row["statistic"] in SHARES:
        return _rate(row)
    return estimated(row, *digits_and_scale(str(row["statistic"])))


def _rate(row: Row) -> str:
    return with_interval(
        percent(row.get("estimate"), 1), percent_interval(row.get("conf_low"), row.get("conf_high"), 1)
    )
