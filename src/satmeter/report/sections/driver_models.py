"""Models beyond the regression of scores: of a single answer, and with a moderator."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal, p_value
from satmeter.report.results import Row, matching
from satmeter.report.sections.answer_importance import answer_importance_part
from satmeter.report.sections.cells import columns, estimated, excludes_zero, p_text
from satmeter.report.sections.driver_diagnosis import diagnosis_part
from satmeter.report.sections.driver_names import term_label

PER_HUNDRED = 100.0
LEVEL = 0.05
PLACES = ("low", "mean", "high")
SCALE = (0.0, 100.0)


def model_parts(edition: Edition, outcome: str) -> tuple[Part, ...]:
    """Return the models of one outcome beyond the regression of its scores; nothing where there are none.

    Parameters
    ----------
    edition
        Results and words.
    outcome
        The construct that is explained.
    """
    products = matching(edition.results.rows("moderation"), {"outcome": outcome})
    pairs = dict.fromkeys((str(row["driver"]), str(row["moderator"])) for row in products)
    moderated = tuple(
        _moderation_part(edition, outcome, pair, matching(products, {"driver": pair[0], "moderator": pair[1]}))
        for pair in pairs
    )
    parts = (
        _answer_part(edition, outcome),
        answer_importance_part(edition, outcome),
        *moderated,
        diagnosis_part(edition, outcome),
    )
    return tuple(part for part in parts if part.title)


def _answer_part(edition: Edition, outcome: str) -> Part:
    """Return average marginal effects on a single answer: in points, and on the two highest answers."""
    words, results = edition.words, edition.results
    rows = matching(results.rows("marginal_effects"), {"outcome": outcome})
    if not rows:
        return Part()
    by_kind = {(str(r["term"]), str(r["measure"]), _family(r)): r for r in rows}
    terms = tuple(dict.fromkeys(str(row["term"]) for row in rows))
    cells = []
    for term in terms:
        points, top, logistic = (
            by_kind.get((term, measure, family), {})
            for measure, family in (("points", "ordinal"), ("top2", "ordinal"), ("top2", "logistic"))
        )
        n = next(row["n"] for row in (points, top, logistic) if row)
        numbers = (estimated(points), p_value(points.get("p_value")), estimated(top, scale=PER_HUNDRED))
        last = (estimated(logistic, scale=PER_HUNDRED), p_value(logistic.get("p_value")), count(n))
        cells.append((term_label(edition, term), *numbers, *last))
    heads = ("effect_points", "p", "effect_top2", "effect_logistic", "p", "n")
    caption = edition.caption("answers", "outcome", results.label(outcome))
    table = Table(caption, columns(edition, ("term",), heads), tuple(cells))
    title = words.fill("heading.answers", {"outcome": results.label(outcome)})
    told = words.paragraph([_largest_sentence(edition, rows), _brant_sentence(edition, outcome)])
    notes = words.paragraph(results.notes("marginal_effects", about=outcome))
    return Part(title, tuple(text for text in (told, notes) if text), tables=(table,))


def _family(row: Row) -> str:
    return str(row["model"]).partition("_")[0]


def _largest_sentence(edition: Edition, rows: Sequence[Row]) -> str:
    """Return the largest effect in points whose interval leaves zero out."""
    words = edition.words
    sure = [row for row in rows if row["measure"] == "points" and excludes_zero(row)]
    if not sure:
        return words["sentence.no_answer_effect"]
    row = max(sure, key=lambda r: abs(r["estimate"]))
    fields = {"driver": term_label(edition, str(row["term"])), "points": estimated(row)}
    return words.fill("sentence.answer_effect", fields)


def _brant_sentence(edition: Edition, outcome: str) -> str:
    """Return that the effects are the same at all boundaries, where the test says so; a note says where not."""
    row = next(iter(matching(edition.results.rows("fit"), {"outcome": outcome, "statistic": "brant_p"})), {})
    p = row.get("estimate")
    if p is None or p < LEVEL:
        return ""
    return edition.words.fill("sentence.brant_holds", {"p": p_text(p)})


def _moderation_part(edition: Edition, outcome: str, pair: tuple[str, str], rows: Sequence[Row]) -> Part:
    words, label = edition.words, edition.results.label
    fields = {"outcome": label(outcome), "driver": label(pair[0]), "moderator": label(pair[1])}
    at = {str(row["at"]): row for row in rows}
    slopes = [at[place] for place in PLACES if place in at]
    sentence = _product_sentence(edition, at, fields)
    cells = tuple(
        (
            words[f"place.{row['at']}"],
            decimal(row.get("value"), 1),
            estimated(row),
            p_value(row.get("p_value")),
            count(row["n"]),
        )
        for row in slopes
    )
    caption = words.fill("caption.moderation", fields | {"level": edition.level})
    table = Table(caption, columns(edition, ("moderator",), ("moderator_score", "b_interval", "p", "n")), cells)
    paragraph = words.paragraph([sentence, _region_sentence(edition, pair[1], fields, rows)])
    return Part(words.fill("heading.moderation", fields), (paragraph,), tables=(table,))


def _product_sentence(edition: Edition, at: dict[str, Row], fields: dict[str, str]) -> str:
    """Return whether the slope grows or falls with the moderator, or that this is not settled."""
    product = at.get("product", {})
    if product.get("p_value") is None:
        return ""
    key = "moderation_open"
    if excludes_zero(product):
        key = "moderation_more" if product["estimate"] > 0 else "moderation_less"
    ends = {place: estimated(at.get(place, {})) for place in ("low", "high")}
    return edition.words.fill(f"sentence.{key}", fields | ends | {"p": p_text(product["p_value"])})


def _region_sentence(edition: Edition, moderator: str, fields: dict[str, str], rows: Sequence[Row]) -> str:
    """Return at which scores of the moderator, on 0–100, the slope differs from zero."""
    words = edition.words
    region = next((row for row in rows if row["at"] in ("everywhere", "nowhere", "outside", "between")), None)
    if region is None or not edition.results.role(moderator):
        return ""
    parts = region_on_scale(str(region["at"]), region.get("estimate"), region.get("value"))
    if not parts:
        return words.fill("sentence.region_nowhere", fields)
    if parts == (SCALE,):
        return words.fill("sentence.region_everywhere", fields)
    told = [words.fill("sentence.region_part", {"low": decimal(a, 0), "high": decimal(b, 0)}) for a, b in parts]
    return words.fill("sentence.region", fields | {"parts": words.join(told)})


def region_on_scale(where: str, low: float | None, high: float | None) -> tuple[tuple[float, float], ...]:
    """Return the parts of the scale 0–100 in which a slope differs from zero.

    Examples
    --------
    >>> region_on_scale("between", -132.0, 209.0), region_on_scale("outside", -20.0, 35.0)
    (((0.0, 100.0),), ((35.0, 100.0),))
    >>> region_on_scale("nowhere", None, None)
    ()
    """
    first, last = SCALE
    if where in ("everywhere", "nowhere") or low is None or high is None:
        return (SCALE,) if where == "everywhere" else ()
    parts = ((low, high),) if where == "between" else ((first, low), (high, last))
    cut = ((max(a, first), min(b, last)) for a, b in parts)
    found = tuple((a, b) for a, b in cut if a < b)
    return (SCALE,) if len(found) == 2 and found[0][1] >= found[1][0] else found
