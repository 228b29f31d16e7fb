"""Numbers of a results document that follow from other numbers in it, computed from these."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from satmeter.numerics.intervals import t_interval, wilson_interval
from satmeter.numerics.share_interval import design_size, korn_graubard_interval
from satmeter.numerics.tails import t_tail
from satmeter.publication.suppress_cells import rows_of

Row = Mapping[str, Any]
Document = Mapping[str, Any]
Implied = tuple[str, int, dict[str, float]]
"""Section, place of the row in it, and the numbers that follow."""

ON_SCALES = ("mean_score", "mean_rating")
"""Statistics whose intervals and tests are those of a mean; those of shares are drawn towards the middle."""

TOP = {"top1": 1, "top2": 2, "top3": 3}


def implied_numbers(document: Document, *, simple: bool, conf_level: float) -> Iterator[Implied]:
    """Compute what follows from other published numbers.

    Parameters
    ----------
    document
        The published document. Where a number that something follows from is hidden, that is left out.
    simple
        Whether the sample is a simple random one, in which shares have Wilson's interval.
    conf_level
        Level of the intervals.

    Yields
    ------
    Implied
        Counts as the rest of their sum, shares as counts over bases, moments of items from their distribution,
        intervals and tests from estimate, standard error and degrees of freedom, differences and changes from what they
        are differences of, and what several sections say of the same.
    """
    yield from _distributions(document)
    yield from _items(document)
    yield from _sample(document)
    yield from _weights(document)
    yield from _scores(document, simple=simple, conf_level=conf_level)
    yield from _comparisons(document, conf_level)
    yield from _waves(document, conf_level)
    yield from _regression(document, conf_level)
    yield from _priorities(document)


def _grouped(rows: Iterable[tuple[int, Row]], *keys: str) -> dict[tuple[Any, ...], list[tuple[int, Row]]]:
    found: dict[tuple[Any, ...], list[tuple[int, Row]]] = {}
    for place, row in rows:
        found.setdefault(tuple(row.get(key) for key in keys), []).append((place, row))
    return found


def _whole(rows: Sequence[tuple[int, Row]], *keys: str) -> bool:
    """Tell whether all these numbers are shown."""
    return all(row.get(key) is not None for _, row in rows for key in keys)


def _by_item(document: Document) -> dict[str, list[tuple[int, Row]]]:
    """Return the distributions that are shown as a whole."""
    found = _grouped(enumerate(rows_of(document, "distributions")), "item")
    return {str(item): rows for (item,), rows in found.items() if _whole(rows, "code", "n", "share")}


def _turned(document: Document) -> set[str]:
    """Return the items that are counted as they were answered, and scored the other way round."""
    constructs = (document.get("questionnaire") or {}).get("constructs") or ()
    return {str(item["id"]) for construct in constructs for item in construct["items"] if item.get("reverse")}


def _scored(rows: Sequence[tuple[int, Row]], *, turned: bool) -> list[Row]:
    """Return a distribution by scores, the lowest first."""
    both = sum(end(float(row["code"]) for _, row in rows) for end in (min, max))
    scored = [{**row, "code": both - row["code"] if turned else float(row["code"])} for _, row in rows]
    return sorted(scored, key=lambda row: float(row["code"]))


def _distributions(document: Document) -> Iterator[Implied]:
    bases = {str(row["item"]): row.get("n") for row in rows_of(document, "items")}
    for item, rows in _by_item(document).items():
        shares, counts = math.fsum(row["share"] for _, row in rows), sum(row["n"] for _, row in rows)
        for place, row in rows if counts else ():
            found = {"share": 1 - (shares - row["share"])}
            if bases.get(item) is not None:
                found["n"] = bases[item] - (counts - row["n"])
            yield "distributions", place, found


def _items(document: Document) -> Iterator[Implied]:
    turned = _turned(document)
    scored = {item: _scored(rows, turned=item in turned) for item, rows in _by_item(document).items()}
    told = {item: _moments(rows) for item, rows in scored.items()}
    for place, row in enumerate(rows_of(document, "items")):
        if told.get(str(row["item"])) is not None and row.get("n"):
            yield "items", place, told[str(row["item"])]
    for place, row in enumerate(rows_of(document, "scores")):
        rows = scored.get(str(row["measure"]))
        if rows and not row["group_by"] and row.get("estimate") is not None:
            found = {"n": float(sum(r["n"] for r in rows))}
            if row["statistic"] == "mean_rating":
                found["estimate"] = math.fsum(r["code"] * r["share"] for r in rows)
            elif row["statistic"] in TOP:
                found["estimate"] = math.fsum(r["share"] for r in rows[-TOP[row["statistic"]] :])
            yield "scores", place, found


def _moments(rows: Sequence[Row]) -> dict[str, float]:
    """Return what a distribution says of an item: base, mean, standard deviation, shape, shares at both ends."""
    pairs = [(float(row["code"]), float(row["share"])) for row in rows]
    n = sum(row["n"] for row in rows)
    mean = math.fsum(code * share for code, share in pairs)
    second, third, fourth = (math.fsum(share * (code - mean) ** k for code, share in pairs) for k in (2, 3, 4))
    found = {"n": float(n), "mean": mean, "floor_share": pairs[0][1], "ceiling_share": pairs[-1][1]}
    if n > 1:
        found["sd"] = math.sqrt(second * n / (n - 1))
    if n > 3 and second > 0:
        found["skew"] = math.sqrt(n * (n - 1)) / (n - 2) * third / second**1.5
        found["kurtosis"] = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (fourth / second**2 - 3) + 6)
    return found


def _sample(document: Document) -> Iterator[Implied]:
    """Yield counts of the options of choice questions, and what margins say of the same."""
    questions = {str(row["question"]): (place, row) for place, row in enumerate(rows_of(document, "questions"))}
    margins = {(str(r["margin"]), str(r["category"])): (i, r) for i, r in enumerate(rows_of(document, "margins"))}
    for (question,), rows in _grouped(enumerate(rows_of(document, "sample")), "question").items():
        place, asked = questions.get(str(question), (0, {}))
        base, adds = asked.get("n"), asked.get("type") == "choice" and _whole(rows, "n")
        total = sum(row["n"] for _, row in rows) if adds else 0
        if adds:
            yield "questions", place, {"n": float(total)}
        for i, row in rows:
            found = {"share": row["n"] / base} if base and row.get("n") is not None else {}
            if adds and base is not None:
                found["n"] = float(base - (total - row["n"]))
            if found:
                yield "sample", i, found
            margin = margins.get((str(question), str(row["option"])))
            if margin is not None and row.get("n") is not None:
                yield "sample", i, {"weighted_share": margin[1]["after"]}
                yield "margins", margin[0], {"n": float(row["n"]), "after": row["weighted_share"]}


def _weights(document: Document) -> Iterator[Implied]:
    study = document["study"]
    rows = list(enumerate(rows_of(document, "weighting")))
    told = {row["statistic"]: row["estimate"] for _, row in rows if row.get("estimate") is not None}
    for place, row in rows:
        found = {"n": float(study["n"])} if row.get("n") is not None else {}
        if row["statistic"] == "deff" and "cv" in told:
            found["estimate"] = 1 + told["cv"] ** 2
        if row["statistic"] == "n_eff" and "deff" in told:
            found["estimate"] = study["n"] / told["deff"]
        yield "weighting", place, found
    for place, row in enumerate(rows_of(document, "disposition")):
        if row["step"] == "kept":
            yield "disposition", place, {"n": float(study["n"])}


def _scores(document: Document, *, simple: bool, conf_level: float) -> Iterator[Implied]:
    """Yield intervals of shares, where nothing but published numbers stands in them."""
    items = {str(row["item"]) for row in rows_of(document, "items")}
    of_one = Counter(str(row["construct"]) for row in rows_of(document, "items"))
    single = items | {construct for construct, n in of_one.items() if n == 1}
    if "population" in (document["study"].get("design") or ()):
        return
    for place, row in enumerate(rows_of(document, "scores")):
        share, error, df, n = (row.get(key) for key in ("estimate", "std_error", "df", "n"))
        if row["statistic"] not in TOP or not error or not df or share is None or not n or n < 2:
            continue
        worth = share * (1 - share) / error**2
        if simple and row["measure"] in single:
            low, high = wilson_interval(share, row["n_eff"], conf_level)
        elif worth < n and simple:
            low, high = wilson_interval(share, worth, conf_level)
        elif worth < n:
            low, high = korn_graubard_interval(share, design_size(share, error, n, df, conf_level), conf_level)
        else:
            continue
        yield "scores", place, {"conf_low": float(low), "conf_high": float(high)}


def _tested(row: Row, estimate: str, error: str, ends: tuple[str, str], conf_level: float) -> dict[str, float]:
    """Return test and interval of a mean's difference, as far as they follow; of others the p-value from their t."""
    se, df = row.get(error), row.get("df")
    found: dict[str, float] = {}
    if row.get("t") is not None and df:
        found["p_value"] = float(t_tail(row["t"], df))
    if row["statistic"] in ON_SCALES and row.get(estimate) is not None and se and df:
        low, high = t_interval(row[estimate], se, df, conf_level)
        found |= {"t": row[estimate] / se, ends[0]: float(low), ends[1]: float(high)}
    return found


def _figures(document: Document) -> dict[tuple[str, str, str, str], Row]:
    rows = rows_of(document, "scores")
    return {(r["measure"], r["statistic"], r["group_by"], r["group"]): r for r in rows if r.get("estimate") is not None}


def _comparisons(document: Document, conf_level: float) -> Iterator[Implied]:
    scores = _figures(document)
    for place, row in enumerate(rows_of(document, "comparisons")):
        if row.get("estimate") is None:
            continue
        found = _tested(row, "estimate", "std_error", ("conf_low", "conf_high"), conf_level)
        key = (row["measure"], row["statistic"], row["group_by"])
        own, other = scores.get((*key, row["group"])), scores.get((*key, row["other"]))
        if row["method"] == "pair" and own and other:
            found |= {"estimate": own["estimate"] - other["estimate"], "n_other": other["n"]}
        if row["method"] == "target" and own:
            found["estimate"] = own["estimate"] - float(row["other"])
        if own:
            found["n"] = own["n"]
        yield "comparisons", place, found
    for place, row in enumerate(rows_of(document, "ranks")):
        own = scores.get((row["measure"], row["statistic"], row["group_by"], row["unit"]))
        if own and row.get("estimate") is not None:
            yield "ranks", place, {k: own[k] for k in ("estimate", "std_error", "conf_low", "conf_high", "n")}


def _waves(document: Document, conf_level: float) -> Iterator[Implied]:
    rows = rows_of(document, "waves")
    names = ("wave", "measure", "statistic", "group_by", "group")
    figures = {tuple(row[key] for key in names): row for row in rows if row.get("estimate") is not None}
    for place, row in enumerate(rows):
        if row.get("change") is None:
            continue
        found = _tested(row, "change", "change_std_error", ("change_conf_low", "change_conf_high"), conf_level)
        earlier = figures.get((row["against"], *(row[key] for key in names[1:])))
        if earlier is not None and row.get("estimate") is not None and not row.get("paired"):
            found |= {"change": row["estimate"] - earlier["estimate"], "n_other": earlier["n"]}
        yield "waves", place, found


def _regression(document: Document, conf_level: float) -> Iterator[Implied]:
    for place, row in enumerate(rows_of(document, "regression")):
        if row.get("model") != "ols" or not row.get("std_error") or not row.get("df"):
            continue
        t = row["estimate"] / row["std_error"]
        low, high = t_interval(row["estimate"], row["std_error"], row["df"], conf_level)
        found = {"statistic": t, "p_value": float(t_tail(t, row["df"]))}
        yield "regression", place, found | {"conf_low": float(low), "conf_high": float(high)}


def _priorities(document: Document) -> Iterator[Implied]:
    scores = _figures(document)
    lmg = [row for row in rows_of(document, "drivers") if row["method"] == "lmg" and row.get("share") is not None]
    drivers = {(row["outcome"], row["driver"]): row for row in lmg}
    constructs = (document.get("questionnaire") or {}).get("constructs") or ()
    costs = {construct["id"] for construct in constructs if construct.get("role") == "cost"}
    for place, row in enumerate(rows_of(document, "priorities")):
        found: dict[str, float] = {}
        driver, score = drivers.get((row["outcome"], row["driver"])), scores.get((row["driver"], "mean_score", "", ""))
        if driver is not None and row.get("importance") is not None:
            found |= {f"importance{end}": driver[f"share{end}"] for end in ("", "_low", "_high")}
        if score is not None and row.get("performance") is not None:
            turned = row["driver"] in costs
            told = [score[key] for key in ("estimate", "conf_low", "conf_high")]
            if turned:
                told = [None if value is None else 100 - value for value in (told[0], told[2], told[1])]
            found |= dict(zip(("performance", "performance_low", "performance_high"), told, strict=True))
        yield "priorities", place, {key: value for key, value in found.items() if value is not None}
